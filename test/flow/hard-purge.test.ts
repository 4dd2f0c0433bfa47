import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { voteCounted } from '../support/answered.ts';
import { type Night, startNight, twoOfThree } from '../support/desk-of-the-night.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { inSlack, inTeams, policyWith, ruleFor, storyteller, type Told } from './telling.ts';

/** Deleting for good: only where the policy has a rule for it, and there is no way back. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, stands, runs, entries, outcomes, refusals, becomes, cardsShow, card } = storyteller(() => night);

beforeEach(async () => {
  night.mail.trouble.length = 0;
  await night.govern(
    policyWith([ruleFor(['hard-purge', 'undo'], { approver: 2 }), ruleFor(['purge', 'flag'], { approver: 1 })]),
  );
});

async function destroyed(told: Told): Promise<void> {
  await press(told.id, inSlack('dana'), 'hard-purge');
  await press(told.id, inTeams('omar'), 'hard-purge');
  await becomes(told.id, 'purged');
}
const inPlace = ({ copies }: Told) => copies.filter((copy) => night.mail.copies.includes(copy));

describe('deleting for good', () => {
  it('is not offered where no rule names it', async () => {
    await night.govern(twoOfThree());
    const { id } = await lands();
    expect(card(id)?.canHardPurge).toBe(false);
    await press(id, inSlack('dana'), 'hard-purge');
    expect(await refusals(id)).toEqual(['policy']);
  });

  it('takes the people of its own rule: approvals of a purge do not count for it', async () => {
    const told = await lands();
    expect(await press(told.id, inSlack('dana'), 'hard-purge')).toMatchObject(voteCounted(1, 2));
    expect(await press(told.id, inSlack('dana'), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
    await becomes(told.id, 'purged');
    expect(inPlace(told).map(({ folderId }) => folderId)).toEqual([RECOVERABLE, RECOVERABLE]);
  });

  it('leaves no copy, and says of each that it is not to be found any more', async () => {
    const told = await lands();
    await destroyed(told);
    expect(inPlace(told)).toEqual([]);
    expect(await outcomes(told.id)).toEqual(['destroyed', 'destroyed']);
    await cardsShow(told.id, 'the end', ({ outcomes: rows }) =>
      rows.some(({ label, value }) => label.startsWith('Deleted for good') && value === '2 copies'),
    );
  });

  it('has no undo', async () => {
    const told = await lands();
    await destroyed(told);
    await cardsShow(told.id, 'the end', ({ status }) => status.startsWith('Purged'));
    expect(card(told.id)?.canUndo).toBe(false);
    await press(told.id, inSlack('dana'), 'undo');
    expect(await refusals(told.id)).toEqual(['too-late']);
    expect(await runs(told.id)).toHaveLength(1);
  });

  it('no copy is deleted before its intent is in the record', async () => {
    const told = await lands(['ann', 'bob', 'cas']);
    const plain = night.mail.hardDelete.bind(night.mail);
    const intents: number[] = [];
    night.mail.hardDelete = async (targets) => {
      const written = await entries(told.id, 'copy.intent');
      intents.push(...targets.map(({ message }) => written.filter((entry) => entry.message === message).length));
      return plain(targets);
    };
    await destroyed(told);
    night.mail.hardDelete = plain;
    expect(intents).toEqual([1, 1, 1]);
  });

  it('an answer that was lost is settled by looking again', async () => {
    const told = await lands(['ann']);
    const mailbox = told.copies[0]?.mailbox ?? '';
    const before = night.mail.effects.length;
    night.mail.trouble.push({ method: 'hardDelete', mailbox, answer: { status: 'unknown', detail: 'socket hang up' } });
    await destroyed(told);
    expect(await outcomes(told.id)).toEqual(['destroyed']);
    expect(night.mail.effects).toHaveLength(before + 1);
  });

  it('a copy that was gone before we came is not called destroyed', async () => {
    const told = await lands(['ann', 'bob']);
    night.mail.copies.splice(night.mail.copies.indexOf(told.copies[0] as never), 1);
    await destroyed(told);
    expect(await outcomes(told.id)).toEqual(['destroyed', 'vanished']);
  });

  it('a copy that the service keeps is said to be still there', async () => {
    const told = await lands(['ann']);
    const mailbox = told.copies[0]?.mailbox ?? '';
    const answer = { status: 'refused', why: 'failed', detail: 'ErrorInternalServerError' } as const;
    night.mail.trouble.push({ method: 'hardDelete', mailbox, answer, always: true });
    await destroyed(told);
    expect(await outcomes(told.id)).toEqual(['stillThere']);
    expect(inPlace(told)).toHaveLength(1);
  });

  it('a message that is not the approved mail any more is left alone', async () => {
    const told = await lands(['ann']);
    if (told.copies[0]) told.copies[0].sender = 'ceo@contoso.example';
    await destroyed(told);
    expect(await outcomes(told.id)).toEqual(['failed']);
    expect(inPlace(told)).toHaveLength(1);
  });

  it('a copy that its owner deleted meanwhile is deleted for good where it is now', async () => {
    const told = await lands(['ann']);
    if (told.copies[0]) told.copies[0].folderId = RECOVERABLE;
    await destroyed(told);
    expect(await outcomes(told.id)).toEqual(['destroyed']);
    expect(await stands(told.id)).toBe('purged');
  });
});
