import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { voteCounted } from '../support/answered.ts';
import { type Night, startNight, twoOfThree } from '../support/desk-of-the-night.ts';
import { inSlack, inTeams, MINUTE, storyteller } from './telling.ts';

/** Several ends of one question at the same moment: one of them wins, and the others are told. */
let night: Night;
beforeAll(async () => {
  night = await startNight({ policy: twoOfThree() });
});
afterAll(() => night.close());
const { lands, press, say, stands, votes, runs, refusals, entries, incident } = storyteller(() => night);

/** Dana has approved; everything that could end it comes at once, in an order of its own each time. */
async function allAtOnce(id: string, ends: readonly (() => Promise<unknown>)[], turn: number): Promise<unknown[]> {
  await press(id, inSlack('dana'), 'purge');
  const shifted = [...ends.slice(turn % ends.length), ...ends.slice(0, turn % ends.length)];
  return Promise.all(shifted.map((end) => end()));
}

describe.each([0, 1, 2, 3])('at the same moment, in order %i', (turn) => {
  it('the last approval and a refusal: it runs or it is rejected, never both', async () => {
    const { id } = await lands();
    const approval = () => press(id, inTeams('omar'), 'purge');
    const refusal = () => press(id, inTeams('lena'), 'reject', { reason: 'A newsletter' });
    await allAtOnce(id, [approval, refusal], turn);
    const [started, rejected] = [await runs(id), await entries(id, 'decision.rejected')];
    expect(started.length + rejected.length).toBe(1);
    expect(await refusals(id)).toEqual(['too-late']);
  });

  it('the last approval and a stop: what began before stands, what came after does not count', async () => {
    const { id } = await lands();
    await allAtOnce(id, [() => press(id, inTeams('omar'), 'purge'), () => say(inTeams('lena'), 'stop')], turn);
    const order = (await night.entries()).filter(
      ({ type, incident: of }) => type === 'brake.stopped' || (type === 'run.started' && of === id),
    );
    const wasFirst = order.findLastIndex(({ type }) => type === 'run.started') > -1;
    expect(await refusals(id)).toEqual(wasFirst ? [] : ['stopped']);
    expect((await votes(id)).length).toBe(wasFirst ? 2 : 1);
    await say(inSlack('dana'), 'lift');
    await say(inTeams('omar'), 'lift');
  });

  it('the timer and everybody’s late press: expired once, and nothing runs', async () => {
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    night.clock.now = Date.parse((await incident(id))?.deadline ?? '');
    const ends = [
      () => night.run({ queue: 'expire', incident: id }),
      () => press(id, inTeams('omar'), 'purge'),
      () => press(id, inTeams('lena'), 'reject', { reason: 'A newsletter' }),
      () => night.run({ queue: 'expire', incident: id }),
    ];
    await Promise.all([...ends.slice(turn), ...ends.slice(0, turn)].map((end) => end()));
    expect(await stands(id)).toBe('expired');
    expect(await entries(id, 'incident.expired')).toHaveLength(1);
    expect(await runs(id)).toEqual([]);
    expect(await entries(id, 'decision.rejected')).toEqual([]);
  });

  it('two actions that are complete at once: one of them runs', async () => {
    const { id } = await lands();
    const purge = () => press(id, inTeams('omar'), 'purge');
    const flag = () => press(id, inTeams('lena'), 'flag');
    await allAtOnce(id, [purge, flag], turn);
    expect(await runs(id)).toHaveLength(1);
  });
});

it('a millisecond before the deadline counts, at the deadline it does not', async () => {
  const early = await lands();
  night.clock.now = Date.parse((await incident(early.id))?.deadline ?? '') - 1;
  expect(await press(early.id, inSlack('dana'), 'purge')).toMatchObject(voteCounted(1, 2));
  night.clock.now += 1;
  expect(await press(early.id, inTeams('omar'), 'purge')).toMatchObject({ code: 'expired' });
  night.clock.now += MINUTE;
});
