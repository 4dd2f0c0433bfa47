import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { voteCounted } from '../support/answered.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** A tenant that only rehearses: everything as it would be, and no mailbox is touched. */
let night: Night;
const rules = [
  ruleFor(['contain'], { approver: 1 }, { actFirst: true, when: { confidence: { atLeast: 90 } } }),
  ruleFor(['purge', 'hard-purge', 'flag', 'undo'], { approver: 2 }),
];
const rehearsing = policyWith(rules, { caps: { tenant: { plansPerHour: 1 } } });
beforeAll(async () => {
  night = await startNight({ mode: 'dry-run', policy: rehearsing });
});
afterAll(() => night.close());
const { lands, press, stands, runs, plan, entries, outcomes, becomes, cardsShow, card } = storyteller(() => night);

async function rehearsed(verb: string) {
  const told = await lands();
  expect(await press(told.id, inSlack('dana'), verb)).toMatchObject(voteCounted(1, 2));
  expect(await press(told.id, inTeams('omar'), verb)).toMatchObject({
    code: 'run-started',
    mode: 'dry-run',
    copies: 2,
  });
  await becomes(told.id, 'rehearsed');
  return told;
}

describe('in a dry run', () => {
  it.each(['purge', 'hard-purge', 'flag'])('a %s looks at each copy and touches none', async (verb) => {
    const { id, copies } = await rehearsed(verb);
    expect(night.mail.effects).toEqual([]);
    expect(copies.map(({ folderId, categories }) => [folderId, categories])).toEqual([
      ['inbox', []],
      ['inbox', []],
    ]);
    expect(await outcomes(id)).toEqual(['rehearsed', 'rehearsed']);
  });

  it('no intent is written down, because there is none', async () => {
    const { id } = await rehearsed('purge');
    expect(await entries(id, 'copy.intent')).toEqual([]);
  });

  it('plan, run and card say that it is one', async () => {
    const { id } = await rehearsed('purge');
    expect((await plan(id)).mode).toBe('dry-run');
    expect((await entries(id, 'run.started'))[0]?.detail.mode).toBe('dry-run');
    await cardsShow(id, 'the end', ({ status }) => status.startsWith('Dry run:'));
    expect(card(id)?.status).toContain('Nothing was touched');
  });

  it('there is nothing to undo afterwards', async () => {
    const { id } = await rehearsed('purge');
    await cardsShow(id, 'the end', ({ status }) => status.startsWith('Dry run:'));
    expect(card(id)?.canUndo).toBe(false);
    await press(id, inSlack('dana'), 'undo');
    await press(id, inTeams('omar'), 'undo');
    expect((await runs(id)).map(({ action }) => action)).toEqual(['purge']);
  });

  it('a copy that is gone is told apart from one that would be removed', async () => {
    const told = await lands();
    night.mail.copies.splice(night.mail.copies.indexOf(told.copies[0] as never), 1);
    await press(told.id, inSlack('dana'), 'purge');
    await press(told.id, inTeams('omar'), 'purge');
    await becomes(told.id, 'rehearsed');
    expect(await outcomes(told.id)).toEqual(['rehearsed', 'vanished']);
  });

  it('nothing is contained at once: people are asked', async () => {
    const { id, copies } = await lands(['ann'], { confidence: 99 });
    expect(card(id)).toMatchObject({ canPurge: true, canConfirm: false });
    expect(copies[0]?.folderId).toBe('inbox');
    expect(await runs(id)).toEqual([]);
  });

  it('copies that turned up since make no incident of their own', async () => {
    const told = await lands();
    night.mail.put('ann@contoso.example', told.mail);
    await press(told.id, inSlack('dana'), 'purge');
    await press(told.id, inTeams('omar'), 'purge');
    await becomes(told.id, 'rehearsed');
    expect(await entries(told.id, 'plan.grown')).toEqual([]);
  });

  it('counts towards no cap', async () => {
    await rehearsed('purge');
    await rehearsed('purge');
  });

  it('can be asked for again, and expires like the real thing', async () => {
    const { id } = await rehearsed('purge');
    night.clock.now += 1_000;
    await press(id, inSlack('dana'), 'reopen');
    await becomes(id, 'open');
    night.clock.now += 61 * MINUTE;
    await night.run({ queue: 'expire', incident: id });
    expect(await stands(id)).toBe('expired');
  });
});
