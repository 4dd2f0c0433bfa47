import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Source } from '../../src/core/find/source.ts';
import type { End, ToldBack } from '../../src/ports/source.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { SOURCE } from '../support/source.ts';
import { inSlack, inTeams, MINUTE, storyteller, type Told } from './telling.ts';

/** Whoever raised an alert is told how it ended, by what the record says: once, after a crash too, and never for ever. */
let night: Night;
let said: End[] = [];
let answers: (ToldBack | 'crash')[] = [];
beforeAll(async () => {
  // A record whose entries are chained, as the one of the product.
  night = await startNight({ intruded: true });
  const tell = (end: End): Promise<ToldBack> => {
    said.push(end);
    const next = answers.shift() ?? { kind: 'told' };
    return next === 'crash' ? Promise.reject(new Error('the process was killed')) : Promise.resolve(next);
  };
  Object.assign(night.flow, { told: [{ source: 'test', tell }] });
});
afterAll(() => night.close());
beforeEach(() => {
  night.clock.now += 600 * MINUTE;
  [said, answers] = [[], []];
});
const { lands, press, entries, becomes, card } = storyteller(() => night);

async function purged(change: Record<string, unknown> = {}): Promise<Told> {
  const told = await lands(['ann', 'bob'], { id: randomUUID(), ...change });
  await press(told.id, inSlack('dana'), 'purge');
  await press(told.id, inTeams('omar'), 'purge');
  await becomes(told.id, 'purged');
  return told;
}
const outcomes = async (id: string) => (await entries(id, 'loop.told')).map(({ outcome }) => outcome);
const hears = (id: string, n = 1) => night.until(`${id} is told`, async () => (await outcomes(id)).length >= n);
const again = async (id: string, nth: number) => {
  night.clock.now += 600 * MINUTE;
  await night.run({ queue: 'back', incident: id, nth });
};

describe('the end of a case', () => {
  it('that was purged is told with the counts, the digest of the plan and the head of the record', async () => {
    const { id } = await purged();
    await hears(id);
    const [intended] = await entries(id, 'loop.intended');
    const [finished] = await entries(id, 'run.finished');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ is: 'removed', whole: 'removed', mark: `Clawback ${id}/${finished?.seq}` });
    expect(said[0]?.words).toContain('2 copies, each looked at afterwards: removed 2.');
    expect(said[0]?.words).toContain(`Plan SHA-256 ${finished?.planDigest}.`);
    expect(said[0]?.words).toContain(`Record: entry ${(intended?.seq ?? 0) - 1}, SHA-256 ${intended?.prev}.`);
    expect(said[0]?.words).not.toContain('@');
    await night.until('the card says it', () =>
      JSON.stringify(card(id)?.warnings).includes('test was told how it ended'),
    );
  });

  it('that people called not malicious is told as that', async () => {
    const { id } = await lands(['ann'], { id: randomUUID() });
    await press(id, inSlack('dana'), 'reject', { reason: 'a newsletter' });
    await hears(id);
    expect(said[0]).toMatchObject({ is: 'harmless', whole: 'harmless' });
  });

  it('that was undone is told anew', async () => {
    const { id } = await purged();
    await hears(id);
    await press(id, inSlack('dana'), 'undo');
    await press(id, inTeams('omar'), 'undo');
    await becomes(id, 'restored');
    await hears(id, 2);
    expect(said.map(({ is }) => is)).toEqual(['removed', 'put-back']);
  });

  it('is not told to a source that is not set up for it', async () => {
    const other: Source = { ...SOURCE, name: 'other' };
    const id = await night.alert(
      { message: { internetMessageId: '<other@mailer.example>', sender: 'b@fabrikam.example', subject: 'Other' } },
      undefined,
      other,
    );
    await becomes(id, 'open');
    await press(id, inSlack('dana'), 'reject', { reason: 'a newsletter' });
    await night.run({ queue: 'back', incident: id, nth: 0 });
    expect(said).toEqual([]);
  });

  it('of one mail of several leaves the alert open until the last of them has ended', async () => {
    const one = await purged({ id: 'of-two' });
    const two = await lands(['cas'], { id: 'of-two' });
    expect(one.id).not.toBe(two.id);
    await press(two.id, inSlack('dana'), 'reject', { reason: 'a newsletter' });
    await hears(two.id);
    expect(said.at(-1)).toMatchObject({ is: 'harmless', whole: 'removed' });
  });

  it('while another mail of the alert is open, the alert is', async () => {
    const two = await lands(['cas'], { id: 'still-open' });
    const one = await purged({ id: 'still-open' });
    await hears(one.id);
    expect(said[0]).toMatchObject({ is: 'removed', whole: null });
    expect(two.id).not.toBe(one.id);
  });
});

describe('trouble', () => {
  it('is tried again within limits, and then given up in so many words', async () => {
    answers = Array.from({ length: 9 }, () => ({ kind: 'failed', why: 'it answers with 503', waitMs: null }));
    const { id } = await purged();
    await hears(id);
    for (let nth = 1; nth < 9; nth += 1) await again(id, nth);
    expect(await outcomes(id)).toEqual(['waits', 'waits', 'waits', 'waits', 'waits', 'given up']);
    expect(said).toHaveLength(6);
    await night.until('the card says it', () =>
      JSON.stringify(card(id)?.warnings).includes('was not told how it ended, after all tries'),
    );
  });

  it('a crash in the middle: what was about to be said is on record, and it is said with the same mark', async () => {
    answers = ['crash'];
    const { id } = await purged();
    await night.until('it was about to be said', async () => (await entries(id, 'loop.intended')).length === 1);
    await night.until('it was said', () => said.length === 1);
    await again(id, 1);
    await hears(id);
    expect(new Set(said.map(({ mark }) => mark)).size).toBe(1);
    expect((await outcomes(id)).at(-1)).toBe('told');
  });

  it('told twice at once, it is said once', async () => {
    const { id } = await purged();
    await hears(id);
    await night.run({ queue: 'back', incident: id, nth: 0 });
    expect(said).toHaveLength(1);
  });
});

describe('what a source says again because it was told', () => {
  it('is no word of its own: that people called it harmless takes nothing back', async () => {
    const { id, mail } = await lands(['ann'], { id: randomUUID() });
    await press(id, inSlack('dana'), 'reject', { reason: 'a newsletter' });
    await hears(id);
    await night.alert({
      message: { ...mail, subject: 'Invoice overdue' },
      vendorAction: { state: 'withdrawn', says: 'falsePositive' },
    });
    expect(await entries(id, 'word.taken-back')).toEqual([]);
  });

  it('nor of another mail of the alert: it was told the end of the last of them', async () => {
    const one = await lands(['ann'], { id: 'two-mails' });
    const two = await lands(['cas'], { id: 'two-mails' });
    for (const { id } of [one, two]) await press(id, inSlack('dana'), 'reject', { reason: 'a newsletter' });
    await hears(two.id);
    await night.alert({
      id: 'two-mails',
      message: { ...one.mail, subject: 'Invoice overdue' },
      vendorAction: { state: 'withdrawn', says: 'falsePositive' },
    });
    expect(await entries(one.id, 'word.taken-back')).toEqual([]);
  });

  it('a mail about which nobody decided leaves the alert open', async () => {
    const one = await lands(['ann'], { id: 'undecided' });
    night.clock.now += 30 * 24 * 60 * MINUTE;
    await night.run({ queue: 'expire', incident: one.id });
    await becomes(one.id, 'expired');
    const two = await lands(['cas'], { id: 'undecided' });
    await press(two.id, inSlack('dana'), 'reject', { reason: 'a newsletter' });
    await hears(two.id);
    expect(said.at(-1)).toMatchObject({ is: 'harmless', whole: null });
  });
});
