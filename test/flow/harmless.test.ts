import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Source } from '../../src/core/find/source.ts';
import type { Happening } from '../../src/flow/flow.ts';
import type { End, ToldBack } from '../../src/ports/source.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { SOURCE } from '../support/source.ts';
import { inSlack, inTeams, MINUTE, storyteller, type Told } from './telling.ts';

/** Most of what users report is harmless: it is closed once, whoever reported it is told, and the judgement is remembered. */
let night: Night;
let said: End[] = [];
let observed: Happening[] = [];
beforeAll(async () => {
  night = await startNight();
  const tell = (end: End): Promise<ToldBack> => {
    said.push(end);
    return Promise.resolve({ kind: 'told' });
  };
  Object.assign(night.flow, {
    told: [{ source: SOURCE.name, tell }],
    observe: (happening: Happening) => observed.push(happening),
  });
});
afterAll(() => night.close());
beforeEach(() => {
  [said, observed] = [[], []];
});
const { lands, press, entries, becomes, incident, stands } = storyteller(() => night);

const REASON = 'A newsletter or other bulk mail';
const reports = (alert: string = randomUUID()) =>
  lands(['ann', 'bob'], { id: alert, reporter: { entraId: PEOPLE.lena.entraId } });
const close = async ({ id }: Told) => {
  await press(id, inSlack('dana'), 'reject', { reason: REASON });
  await told(id, 1);
};
const told = (id: string, n: number) =>
  night.until(`${n} of ${id} are told`, async () => (await entries(id, 'loop.told')).length >= n);
const again = ({ mail, copies }: Told, change: Record<string, unknown> = {}, source?: Source) =>
  night.alert(
    {
      id: randomUUID(),
      message: { ...mail, subject: 'Invoice overdue' },
      recipients: copies.map(({ address }) => address),
      ...change,
    },
    undefined,
    source,
  );
const cards = () => [night.slack, night.teams].map((room) => room.cards.length);
const answers = () => observed.filter(({ what }) => what === 'answer');

describe('the same delivery, reported again after it was called not malicious', () => {
  it('is a count on what was decided: nothing is asked, and no room gets a new card', async () => {
    const first = await reports();
    await close(first);
    const shown = cards();
    expect(await again(first, { reporter: { entraId: PEOPLE.omar.entraId } })).toBe(first.id);
    await told(first.id, 2);
    expect(await incident(first.id)).toMatchObject({ stands: 'rejected', alerts: 2, reason: REASON });
    expect(cards()).toEqual(shown);
  });

  it('is answered as the first was, and the first is not told again', async () => {
    const first = await reports('report-1');
    await close(first);
    await again(first, { id: 'report-2' });
    await told(first.id, 2);
    expect(said.map(({ alert, is }) => [alert, is])).toEqual([
      ['report-1', 'harmless'],
      ['report-2', 'harmless'],
    ]);
    expect(said[1]?.mark).toBe(said[0]?.mark);
  });

  it('by a source that is not told is a count as well, and nobody is told', async () => {
    const first = await reports();
    await close(first);
    await again(first, {}, { ...SOURCE, name: 'other' });
    expect(await incident(first.id)).toMatchObject({ stands: 'rejected', alerts: 2 });
    await night.run({ queue: 'back', incident: first.id, nth: 0 });
    expect(said).toHaveLength(1);
  });

  it('with something worse from another source is asked about anew', async () => {
    const first = await reports();
    await close(first);
    const worse = { severity: 'critical', verdict: 'malware' };
    const anew = await again(first, worse, { ...SOURCE, name: 'other' });
    expect(anew).not.toBe(first.id);
    await becomes(anew, 'open');
    expect(await stands(first.id)).toBe('rejected');
  });

  it('months later, by headers alone that anybody can write again, is asked about anew', async () => {
    const first = await reports();
    await close(first);
    const bare = { ...SOURCE, name: 'people', kind: 'report', claims: { ...SOURCE.claims, ids: false } } as const;
    const { mail } = first;
    const message = { ...mail, networkMessageId: null, receivedAt: null, subject: 'Invoice overdue' };
    const anew = await again(first, { message, detectedAt: '2027-02-01T09:00:00.000Z', verdict: 'phishing' }, bare);
    expect(anew).not.toBe(first.id);
  });
});

describe('the time from report to answer', () => {
  it('is counted once, from the first report, whoever reports later', async () => {
    const first = await reports();
    night.clock.now += 7 * MINUTE;
    await again(first);
    night.clock.now += 5 * MINUTE;
    await close(first);
    await again(first);
    await told(first.id, 3);
    expect(answers()).toEqual([{ what: 'answer', end: 'harmless', seconds: expect.closeTo(12 * 60, -1) }]);
  });

  it('of each end is counted: what is purged, and put back later', async () => {
    const { id } = await reports();
    for (const by of [inSlack('dana'), inTeams('omar')]) await press(id, by, 'purge');
    await becomes(id, 'purged');
    for (const by of [inSlack('dana'), inTeams('omar')]) await press(id, by, 'undo');
    await becomes(id, 'restored');
    expect(answers().map((one) => one.what === 'answer' && one.end)).toEqual(['removed', 'put-back']);
  });

  it('is not counted where nothing has ended', async () => {
    const { id } = await reports();
    await press(id, inSlack('dana'), 'flag');
    await becomes(id, 'flagged');
    expect(answers()).toEqual([]);
  });
});
