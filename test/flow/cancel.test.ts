import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verbCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { guid, inSlack, inTeams, joins, MINUTE, policyWith, ruleFor, storyteller, type Told } from './telling.ts';

/** An approved run is ended early: what was begun is finished, the rest is left alone, and nothing is undone. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, say, runs, outcomes, refusals, entries, becomes, cardsShow, card } = storyteller(() => night);

const rules = [ruleFor(['purge', 'undo', 'flag'], { approver: 1 })];
const roles = { lead: { people: [guid(60)] } };
const govern = (cancel?: object[]) => night.govern(policyWith(rules, { roles, verbs: cancel ? { cancel } : {} }));
/** More than four lanes of twenty hold at once. */
const many = Array.from({ length: 100 }, (_none, n) => `box${n}`);
let mend: () => void = () => undefined;

beforeEach(async () => {
  night.clock.now += 120 * MINUTE;
  await govern();
});
afterEach(() => mend());

/** The mail service is slow: whatever it is asked to move waits until it is let go. */
function holdUp(method: 'read' | 'softDelete' | 'putBack'): { asked: Promise<void>; letGo: () => void } {
  const plain = night.mail[method].bind(night.mail) as (targets: never) => Promise<never>;
  let say: () => void = () => undefined;
  let letGo: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    say = resolve;
  });
  const free = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  night.mail[method] = async (targets: never) => {
    say();
    await free;
    return plain(targets);
  };
  mend = () => {
    letGo();
    night.mail[method] = plain;
  };
  return { asked, letGo };
}

/** A purge of a hundred copies is under way and waits for the mail service. */
async function underWay(method: 'read' | 'softDelete'): Promise<Told & { readonly letGo: () => void }> {
  const told = await lands(many);
  const { asked, letGo } = holdUp(method);
  await press(told.id, inSlack('dana'), 'purge');
  await asked;
  await cardsShow(told.id, 'the way out', ({ canCancel }) => canCancel);
  return { ...told, letGo };
}
const removed = ({ copies }: Told) => copies.filter(({ folderId }) => folderId === RECOVERABLE).length;

describe('cancelling a purge', () => {
  it('before anything was begun leaves every copy alone', async () => {
    const told = await underWay('read');
    expect(await press(told.id, inTeams('omar'), 'cancel')).toMatchObject({ code: 'cancelled' });
    expect(card(told.id)?.digest).not.toBe('');
    await cardsShow(told.id, 'that it is cancelled', ({ status }) => status.startsWith('Cancelled.'));
    told.letGo();
    await becomes(told.id, 'purged');
    expect(removed(told)).toBe(0);
    expect(new Set(await outcomes(told.id))).toEqual(new Set(['cancelled']));
    expect(await outcomes(told.id)).toHaveLength(100);
    expect((await entries(told.id, 'run.cancelled'))[0]).toMatchObject({
      actor: { id: PEOPLE.omar.entraId },
      detail: { action: 'purge', seats: [{ role: 'approver', count: 1 }], approvedBy: [PEOPLE.omar.entraId] },
    });
    await cardsShow(told.id, 'the end', ({ status }) => status.startsWith('Purge cancelled: 100 of 100 copies'));
  });

  it('what was begun is finished and looked after', async () => {
    const told = await underWay('softDelete');
    await press(told.id, inTeams('omar'), 'cancel');
    told.letGo();
    await becomes(told.id, 'purged');
    const seen = await outcomes(told.id);
    const gone = seen.filter((outcome) => outcome === 'removed').length;
    expect([gone > 0, gone < 100]).toEqual([true, true]);
    expect(gone).toBe(removed(told));
    expect(seen.filter((outcome) => outcome === 'cancelled')).toHaveLength(100 - gone);
  });

  it('what was removed is undone as always, and what was left alone is purged after another look', async () => {
    const told = await underWay('softDelete');
    await press(told.id, inTeams('omar'), 'cancel');
    told.letGo();
    await becomes(told.id, 'purged');
    await cardsShow(told.id, 'both ways on', ({ canUndo, canReopen }) => canUndo && canReopen);
    await press(told.id, inTeams('omar'), 'undo');
    await becomes(told.id, 'restored');
    expect(removed(told)).toBe(0);
    await cardsShow(told.id, 'another look', ({ canReopen }) => canReopen);
    await press(told.id, inTeams('omar'), 'reopen');
    await cardsShow(told.id, 'the new list', ({ canPurge }) => canPurge);
    await press(told.id, inTeams('omar'), 'purge');
    await becomes(told.id, 'purged');
    expect(removed(told)).toBe(100);
  });

  it('also while everything stands still', async () => {
    const told = await underWay('read');
    await say(inSlack('dana'), 'stop');
    expect(await press(told.id, inTeams('omar'), 'cancel')).toMatchObject({ code: 'cancelled' });
    await say(inSlack('dana'), 'lift');
    await say(inTeams('omar'), 'lift');
    told.letGo();
    await becomes(told.id, 'purged');
    expect(removed(told)).toBe(0);
  });

  it('takes whom the policy names, and everybody once', async () => {
    await govern([
      { role: 'lead', count: 1 },
      { role: 'approver', count: 1 },
    ]);
    const told = await underWay('read');
    expect(await press(told.id, inTeams('omar'), 'cancel')).toMatchObject(verbCounted(1, 2));
    expect(await press(told.id, inSlack('omar'), 'cancel')).toMatchObject({ code: 'repeated' });
    await cardsShow(told.id, 'the count', ({ status }) => status.includes('Cancelling asked for by 1 of 2.'));
    expect(await press(told.id, joins(night, 60), 'cancel')).toMatchObject({ code: 'cancelled' });
    told.letGo();
    await becomes(told.id, 'purged');
  });

  it('a second time is nothing that the card offers', async () => {
    const told = await underWay('read');
    await press(told.id, inTeams('omar'), 'cancel');
    await press(told.id, inSlack('dana'), 'cancel');
    expect(await refusals(told.id)).toEqual(['not-shown']);
    told.letGo();
    await becomes(told.id, 'purged');
  });
});

describe('cancelling an undo', () => {
  it('leaves what is back where it is and the rest removed, says how many, and offers the undo of the rest', async () => {
    const told = await lands(many);
    await press(told.id, inSlack('dana'), 'purge');
    await becomes(told.id, 'purged');
    await cardsShow(told.id, 'the undo', ({ canUndo }) => canUndo);
    const { asked, letGo } = holdUp('putBack');
    await press(told.id, inSlack('dana'), 'undo');
    await asked;
    await cardsShow(told.id, 'the way out', ({ canCancel }) => canCancel);
    expect(await press(told.id, inTeams('omar'), 'cancel')).toMatchObject({ code: 'cancelled' });
    letGo();
    await becomes(told.id, 'restored');
    const out = removed(told);
    expect([out > 0, out < 100]).toEqual([true, true]);
    const words = `Undo cancelled: ${100 - out} of 100 copies put back; ${out} not.`;
    await cardsShow(told.id, 'the end', ({ status, canUndo }) => status.startsWith(words) && canUndo);
    mend();
    night.clock.now += MINUTE;
    await press(told.id, inSlack('dana'), 'undo');
    await night.until('all are back', () => removed(told) === 0);
    await becomes(told.id, 'restored');
    expect((await runs(told.id)).map(({ cancelledAt }) => cancelledAt !== null)).toEqual([false, true, false]);
  });
});
