import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ClawbackError } from '../../src/core/error.ts';
import { runStarted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { inSlack, inTeams, policyWith, ruleFor, storyteller, type Told } from './telling.ts';

/** The scope is looked at once more when an approved run begins, beside it. It may shrink; what is new is asked for anew. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, stands, runs, plan, incident, entries, outcomes, becomes, cardsShow, card } = storyteller(
  () => night,
);

const bySize = policyWith([
  ruleFor(['purge', 'flag'], { approver: 1 }, { name: 'few', when: { mailboxes: { atMost: 2 } } }),
  ruleFor(['purge', 'flag'], { approver: 2 }, { name: 'many' }),
]);
beforeEach(() => night.govern(bySize));

const late = ({ mail }: Told, name: string) => night.mail.put(`${name}@contoso.example`, mail);
/** Beside the run, the scope was looked at so often. */
const checked = (id: string, times = 1) =>
  night.until('the scope was looked at again', async () => (await entries(id, 'scope.checked')).length === times);
const childOf = async (id: string) => {
  await night.until('copies more were found', async () => (await entries(id, 'plan.grown')).length > 0);
  const [grown] = await entries(id, 'plan.grown');
  return String(grown?.detail.child ?? '');
};
const children = async (id: string) => {
  const all = await night.flow.store.transact((tx) => tx.incidents.list(1_000));
  return all.filter(({ parent }) => parent === id).map((one) => one.id);
};

/** Approved, and between that and the first copy another one landed in the same mailboxes. */
async function grown() {
  const told = await lands(['ann', 'bob']);
  const more = late(told, 'ann');
  await press(told.id, inSlack('dana'), 'purge');
  await becomes(told.id, 'purged');
  const child = await childOf(told.id);
  await cardsShow(child, 'its question', ({ canPurge }) => canPurge);
  return { ...told, more, child };
}

describe('copies that were not in the approved list', () => {
  it('are not touched, while the approved ones are purged', async () => {
    const { id, copies, more } = await grown();
    expect(copies.map(({ folderId }) => folderId)).toEqual([RECOVERABLE, RECOVERABLE]);
    expect(more.folderId).toBe('inbox');
    expect(await outcomes(id)).toEqual(['removed', 'removed']);
  });

  it('are asked for in an incident of their own, with cards and a digest of their own', async () => {
    const { id, more, child } = await grown();
    expect(await incident(child)).toMatchObject({ state: 'open', parent: id });
    const asked = await plan(child);
    expect(asked.copies.map(({ message }) => message)).toEqual([more.message]);
    expect(asked.grownFrom).toBe((await incident(id))?.planDigest);
    expect((await incident(child))?.planDigest).not.toBe((await incident(id))?.planDigest);
    expect(card(child)?.warnings.map(({ text }) => text)).toContainEqual(
      expect.stringContaining(`turned up after the list of ${id} was made`),
    );
  });

  it('are named on the card of the first incident and in its record', async () => {
    const { id, child } = await grown();
    await cardsShow(id, 'the child', ({ warnings }) => warnings.some(({ text }) => text.includes(`${child} asks for`)));
    expect((await entries(id, 'plan.grown'))[0]?.detail).toMatchObject({
      copies: 1,
      child,
      childDigest: (await incident(child))?.planDigest,
    });
    expect((await entries(id, 'copy.beside')).map(({ detail }) => detail)).toMatchObject([{ messages: 1 }]);
    const looks = await entries(id, 'scope.checked');
    expect(looks.map(({ detail: { looked, grown } }) => ({ looked, grown }))).toEqual([
      { looked: 0, grown: 0 },
      { looked: 1, grown: 1 },
    ]);
  });

  it('are removed once their own list is approved', async () => {
    const { more, child } = await grown();
    expect(await press(child, inSlack('dana'), 'purge')).toMatchObject(runStarted('purge', 1));
    await becomes(child, 'purged');
    expect(more.folderId).toBe(RECOVERABLE);
  });

  it('an approval of the first list does not count for them', async () => {
    const { id, child } = await grown();
    const digest = (await incident(id))?.planDigest;
    expect(await press(child, inTeams('omar'), 'purge', { digest })).toMatchObject({ code: 'stale-card' });
    expect(await stands(child)).toBe('open');
  });

  it('take as many people as first list and addition together', async () => {
    const told = await lands(['ann', 'bob']);
    late(told, 'cas');
    // Named by a later alert, looked into before the first copy is touched.
    await night.alert({ message: told.mail, recipients: ['cas@contoso.example'] });
    expect(await press(told.id, inSlack('dana'), 'purge')).toMatchObject(runStarted('purge', 2));
    await becomes(told.id, 'purged');
    expect((await plan(await childOf(told.id))).terms.purge).toMatchObject({ rule: 'many' });
  });

  it('an alert about the same mail still goes to the first incident', async () => {
    const { id, mail } = await grown();
    expect(await night.alert({ message: mail, recipients: ['ann@contoso.example'] })).toBe(id);
  });

  it('whoever reports or received the same mail, as a later alert says, cannot approve them either', async () => {
    const { mail, child } = await grown();
    await night.alert({ message: mail, reporter: { entraId: PEOPLE.omar.entraId } });
    expect(await press(child, inTeams('omar'), 'purge')).toMatchObject({ code: 'requester' });
    await night.alert({ message: mail, recipients: [PEOPLE.dana.address] });
    expect(await press(child, inSlack('dana'), 'purge')).toMatchObject({ code: 'recipient' });
  });

  it('their incident cannot be looked into anew: that belongs to the first one', async () => {
    const { child } = await grown();
    expect(card(child)?.canReopen).toBe(false);
    await press(child, inSlack('dana'), 'reopen');
    expect(await stands(child)).toBe('open');
  });
});

it('where tracking has learnt of another Message-ID since, the run’s own search does not stand for a look', async () => {
  const told = await lands(['ann', 'bob']);
  const more = night.mail.put('ann@contoso.example', { ...told.mail, internetMessageId: '<kept@contoso.example>' });
  const { hunt } = night.mail;
  const delivery = { recipient: more.address, recipientId: null, networkMessageId: null, sender: more.sender };
  const row = { ...delivery, internetMessageId: more.internetMessageId, subject: more.subject, at: null };
  night.mail.hunt = async () => ({
    ...{ status: 'answered', requestId: 'r', cutOff: false, detail: '', waitMs: null },
    deliveries: [row],
  });
  try {
    await press(told.id, inSlack('dana'), 'purge');
    await becomes(told.id, 'purged');
    await checked(told.id);
    expect((await entries(told.id, 'scope.checked'))[0]?.detail.looked).toBe(2);
  } finally {
    night.mail.hunt = hunt;
  }
});

describe('one child, not two', () => {
  it('when a run is carried out twice at once', async () => {
    const told = await lands(['ann', 'bob']);
    late(told, 'ann');
    await press(told.id, inSlack('dana'), 'purge');
    const [run] = await runs(told.id);
    await Promise.all([1, 2, 3].map(() => night.run({ queue: 'rescope', run: run?.id ?? '' })));
    await becomes(told.id, 'purged');
    await checked(told.id, 2);
    await Promise.all([1, 2, 3].map(() => night.run({ queue: 'rescope', run: run?.id ?? '' })));
    expect(await children(told.id)).toHaveLength(1);
    expect(await entries(told.id, 'scope.checked')).toHaveLength(2);
  });

  it('when a second action runs on the same list', async () => {
    const told = await lands(['ann', 'bob']);
    late(told, 'ann');
    await press(told.id, inSlack('dana'), 'flag');
    await becomes(told.id, 'flagged');
    await checked(told.id, 2);
    await cardsShow(told.id, 'the purge', ({ canPurge }) => canPurge);
    await press(told.id, inSlack('dana'), 'purge');
    await becomes(told.id, 'purged');
    await checked(told.id, 3);
    const [child] = await children(told.id);
    expect(await children(told.id)).toHaveLength(1);
    expect(await incident(child ?? '')).toMatchObject({ alerts: 1 });
    expect(await entries(told.id, 'scope.checked')).toHaveLength(3);
  });

  it('and none of a child for what is in the first list and still there', async () => {
    const told = await lands(['ann', 'bob']);
    const more = late(told, 'ann');
    await press(told.id, inSlack('dana'), 'flag');
    await becomes(told.id, 'flagged');
    const child = await childOf(told.id);
    await cardsShow(child, 'its question', ({ canPurge }) => canPurge);
    await press(child, inSlack('dana'), 'purge');
    await becomes(child, 'purged');
    await checked(child);
    expect(more.folderId).toBe(RECOVERABLE);
    expect(await children(child)).toEqual([]);
  });

  it('and none where nothing is new', async () => {
    const { id } = await lands();
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    await checked(id);
    expect(await children(id)).toEqual([]);
    expect((await entries(id, 'scope.checked'))[0]?.detail).toMatchObject({ grown: 0 });
  });
});

describe('a list that shrank', () => {
  it('a copy that is gone meanwhile is reported as gone, not as removed', async () => {
    const { id, copies } = await lands(['ann', 'bob']);
    night.mail.copies.splice(night.mail.copies.indexOf(copies[0] as never), 1);
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    expect(await outcomes(id)).toEqual(['removed', 'vanished']);
  });

  it('a mailbox that is protected by now is skipped, and said to be', async () => {
    const { id, copies } = await lands(['ann', 'ceo']);
    await night.govern(
      policyWith([ruleFor(['purge'], { approver: 1 })], {
        mailboxes: { protected: [{ name: 'the board', addresses: ['ceo@contoso.example'] }] },
      }),
    );
    await press(id, inSlack('dana'), 'purge');
    await becomes(id, 'purged');
    expect(await outcomes(id)).toEqual(['removed', 'shielded']);
    expect(copies.map(({ folderId }) => folderId)).toEqual([RECOVERABLE, 'inbox']);
  });

  it('a new copy in a mailbox that is protected by now makes no child', async () => {
    const told = await lands(['ann', 'ceo']);
    late(told, 'ceo');
    await night.govern(
      policyWith([ruleFor(['purge'], { approver: 1 })], {
        mailboxes: { protected: [{ name: 'the board', addresses: ['ceo@contoso.example'] }] },
      }),
    );
    await press(told.id, inSlack('dana'), 'purge');
    await becomes(told.id, 'purged');
    await checked(told.id);
    expect(await children(told.id)).toEqual([]);
  });
});

describe('while the second look cannot be taken', () => {
  it('the approved list is purged all the same; what is new is asked for once it can be', async () => {
    const told = await lands(['ann', 'bob']);
    const more = late(told, 'ann');
    const { locate } = night.mail;
    night.mail.locate = () => Promise.reject(new ClawbackError('unavailable', 'Graph is down'));
    await press(told.id, inSlack('dana'), 'purge');
    await becomes(told.id, 'purged');
    const [run] = await runs(told.id);
    await expect(night.run({ queue: 'rescope', run: run?.id ?? '' })).rejects.toThrow('Graph is down');
    expect([...told.copies, more].map(({ folderId }) => folderId)).toEqual([RECOVERABLE, RECOVERABLE, 'inbox']);
    expect((await runs(told.id))[0]).toMatchObject({ state: 'finished', rescopedAt: null });
    night.mail.locate = locate;
    await night.run({ queue: 'rescope', run: run?.id ?? '' });
    expect((await plan(await childOf(told.id))).copies.map(({ message }) => message)).toEqual([more.message]);
  });
});
