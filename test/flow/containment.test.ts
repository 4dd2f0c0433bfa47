import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { notAsked, runStarted, voteCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor, storyteller, type Told } from './telling.ts';

/** Act first, where the policy says so: removed at once, then confirmed by people or put back as it was. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { report, lands, press, say, stands, runs, votes, incident, refusals, entries, becomes, cardsShow, card } =
  storyteller(() => night);

const rules = [
  ruleFor(['contain'], { approver: 2 }, { name: 'at once', actFirst: true, expiryMinutes: 30 }),
  ruleFor(['purge', 'undo'], { approver: 2 }),
];
const first = policyWith(rules);
beforeEach(async () => {
  night.clock.now += 120 * MINUTE;
  await night.govern(first);
});

async function contained(names?: readonly string[], change?: Record<string, unknown>): Promise<Told> {
  const told = await report(names, change);
  await becomes(told.id, 'contained');
  await cardsShow(told.id, 'the question', ({ canConfirm }) => canConfirm);
  return told;
}
const folders = ({ copies }: Told) => copies.map(({ folderId }) => folderId);

describe('removed at once', () => {
  it('without anybody’s approval, and the record says by which rule', async () => {
    const told = await contained();
    expect(folders(told)).toEqual([RECOVERABLE, RECOVERABLE]);
    expect(await votes(told.id)).toEqual([]);
    expect(await runs(told.id)).toMatchObject([{ action: 'contain', cause: 'policy', approvedBy: [] }]);
    expect((await entries(told.id, 'run.started'))[0]?.detail).toMatchObject({
      action: 'contain',
      cause: 'policy',
      rule: 'at once',
      confirm: [{ role: 'approver', count: 2 }],
      approvedBy: [],
    });
  });

  it('the cards ask for the confirmation, until the time of its rule', async () => {
    const { id } = await contained();
    expect(card(id)).toMatchObject({ canConfirm: true, canUndo: true, canReject: false, canPurge: false });
    expect(card(id)?.undoLabel).toBe('Roll the containment back');
    expect(card(id)?.status).toContain('without confirmation the mail comes back');
    expect(Date.parse((await incident(id))?.deadline ?? '')).toBe(night.clock.now + 30 * MINUTE);
  });

  it('a purge cannot be asked for on top of it', async () => {
    const { id } = await contained();
    await press(id, inSlack('dana'), 'purge');
    expect(await refusals(id)).toEqual(['too-late']);
  });
});

describe('confirmed', () => {
  it('by the quorum: it stays removed, and nothing more is done', async () => {
    const told = await contained();
    const before = night.mail.effects.length;
    expect(await press(told.id, inSlack('dana'), 'confirm')).toMatchObject(voteCounted(1, 2));
    expect(await press(told.id, inTeams('omar'), 'confirm')).toMatchObject({ code: 'containment-confirmed' });
    expect(await stands(told.id)).toBe('purged');
    expect((await entries(told.id, 'containment.confirmed'))[0]?.detail).toEqual({
      approvedBy: [PEOPLE.dana.entraId, PEOPLE.omar.entraId],
    });
    night.clock.now += 60 * MINUTE;
    await night.run({ queue: 'expire', incident: told.id });
    expect(folders(told)).toEqual([RECOVERABLE, RECOVERABLE]);
    expect(night.mail.effects).toHaveLength(before);
  });

  it('and undone later, by a quorum of its own', async () => {
    const told = await contained();
    await press(told.id, inSlack('dana'), 'confirm');
    await press(told.id, inTeams('omar'), 'confirm');
    await cardsShow(told.id, 'the undo', ({ canUndo }) => canUndo);
    expect(await press(told.id, inSlack('dana'), 'undo')).toMatchObject(voteCounted(1, 2));
    expect(await press(told.id, inTeams('omar'), 'undo')).toMatchObject(runStarted('restore', 2));
    await becomes(told.id, 'restored');
    expect(folders(told)).toEqual(['inbox', 'inbox']);
  });

  it('is nothing more that is done, so the cap does not count it once more', async () => {
    await night.govern(policyWith(rules, { caps: { tenant: { plansPerHour: 1 } } }));
    const { id } = await contained();
    await press(id, inSlack('dana'), 'confirm');
    expect(await press(id, inTeams('omar'), 'confirm')).toMatchObject({ code: 'containment-confirmed' });
  });

  it('not by somebody who received the mail', async () => {
    const { id } = await contained(['ann', 'bob'], {
      recipients: ['ann@contoso.example', 'bob@contoso.example', PEOPLE.lena.address],
    });
    await press(id, inTeams('lena'), 'confirm');
    expect(await refusals(id)).toEqual(['recipient']);
  });
});

describe('not confirmed', () => {
  it('because people roll it back, as many as an undo takes: every copy is back as it was', async () => {
    const told = await report(['ann', 'bob']);
    const [ann] = told.copies;
    if (ann) Object.assign(ann, { isRead: true, flag: 'flagged', categories: ['Mine'] });
    await becomes(told.id, 'contained');
    await cardsShow(told.id, 'the question', ({ canConfirm }) => canConfirm);
    expect(await press(told.id, inTeams('omar'), 'undo')).toMatchObject(voteCounted(1, 2));
    expect(await press(told.id, inSlack('dana'), 'undo')).toMatchObject(runStarted('restore', 2));
    await becomes(told.id, 'restored');
    expect(folders(told)).toEqual(['inbox', 'inbox']);
    expect(ann).toMatchObject({ isRead: true, flag: 'flagged', categories: ['Mine'] });
    expect((await runs(told.id)).at(-1)).toMatchObject({
      action: 'restore',
      cause: 'roll-back',
      approvedBy: [PEOPLE.omar.entraId, PEOPLE.dana.entraId],
    });
  });

  it('nobody brings it back alone by calling it not malicious', async () => {
    const told = await contained();
    await press(told.id, inTeams('omar'), 'reject', { reason: 'A newsletter' });
    expect(await refusals(told.id)).toEqual(['too-late']);
    expect(folders(told)).toEqual([RECOVERABLE, RECOVERABLE]);
  });

  it('because those roll it back whom the policy names for that, in place of those who undo', async () => {
    const rollBack = [{ role: 'lead', count: 1 }];
    await night.govern(policyWith(rules, { roles: { lead: { people: [PEOPLE.lena.entraId] } }, verbs: { rollBack } }));
    const told = await contained();
    expect(await press(told.id, inSlack('dana'), 'undo')).toMatchObject(notAsked('lead'));
    expect(await press(told.id, inTeams('lena'), 'undo')).toMatchObject(runStarted('restore', 2));
    await becomes(told.id, 'restored');
    const [start] = (await entries(told.id, 'run.started')).slice(-1);
    const seats = [{ role: 'lead', count: 1 }];
    expect(start?.detail).toMatchObject({ cause: 'roll-back', rule: 'verbs.rollBack', seats });
  });

  it('a confirmed one is undone by those who undo, not by those who would have rolled it back', async () => {
    const rollBack = [{ role: 'lead', count: 1 }];
    await night.govern(policyWith(rules, { roles: { lead: { people: [PEOPLE.lena.entraId] } }, verbs: { rollBack } }));
    const told = await contained();
    await press(told.id, inSlack('dana'), 'confirm');
    await press(told.id, inTeams('omar'), 'confirm');
    await cardsShow(told.id, 'the undo', ({ canUndo }) => canUndo);
    expect(await press(told.id, inTeams('lena'), 'undo')).toMatchObject(voteCounted(1, 2));
  });

  it('by nobody but time, where the policy undoes nothing', async () => {
    await night.govern(
      policyWith([ruleFor(['contain'], { approver: 2 }, { actFirst: true }), ruleFor(['purge'], { approver: 2 })]),
    );
    const told = await contained();
    expect(card(told.id)?.canUndo).toBe(false);
    await press(told.id, inSlack('dana'), 'undo');
    expect(await refusals(told.id)).toEqual(['policy']);
  });

  it('in time: it comes back by itself, for silence is not consent', async () => {
    const told = await contained();
    await press(told.id, inSlack('dana'), 'confirm');
    night.clock.now += 31 * MINUTE;
    await night.run({ queue: 'expire', incident: told.id });
    await becomes(told.id, 'restored');
    expect(folders(told)).toEqual(['inbox', 'inbox']);
    expect(await entries(told.id, 'containment.lapsed')).toHaveLength(1);
    expect((await runs(told.id)).at(-1)).toMatchObject({ action: 'restore', cause: 'roll-back', approvedBy: [] });
  });

  it('in time: a late confirmation does not count, even before the timer has fired', async () => {
    const { id } = await contained();
    await press(id, inSlack('dana'), 'confirm');
    night.clock.now += 31 * MINUTE;
    expect(await press(id, inTeams('omar'), 'confirm')).toMatchObject({ code: 'expired' });
  });

  it('while it is stopped: it comes back after the lift', async () => {
    const told = await contained();
    await say(inSlack('dana'), 'stop');
    night.clock.now += 31 * MINUTE;
    await night.run({ queue: 'expire', incident: told.id });
    const run = (await runs(told.id)).at(-1);
    await night.run({ queue: 'run', run: run?.id ?? '' });
    expect(folders(told)).toEqual([RECOVERABLE, RECOVERABLE]);
    await say(inSlack('dana'), 'lift');
    await say(inTeams('omar'), 'lift');
    await becomes(told.id, 'restored');
    expect(folders(told)).toEqual(['inbox', 'inbox']);
  });

  it('a roll-back counts towards no cap', async () => {
    await night.govern(policyWith(rules, { caps: { tenant: { plansPerHour: 1 } } }));
    const { id } = await contained();
    await press(id, inTeams('omar'), 'undo');
    await press(id, inSlack('dana'), 'undo');
    await becomes(id, 'restored');
  });
});

describe('people are asked first after all', () => {
  async function askedFirst(names?: readonly string[], change?: Record<string, unknown>): Promise<void> {
    await isAskedFirst(await lands(names, change));
  }

  async function isAskedFirst(told: Awaited<ReturnType<typeof lands>>): Promise<void> {
    await cardsShow(told.id, 'the ordinary question', ({ canPurge, canConfirm }) => canPurge && !canConfirm);
    expect(await runs(told.id)).toEqual([]);
    expect(new Set(folders(told))).toEqual(new Set(['inbox']));
  }

  it('over a cap', async () => {
    await night.govern(policyWith(rules, { caps: { tenant: { mailboxesPerHour: 3 } } }));
    await contained();
    await askedFirst();
  });

  it('where too few people could confirm it', async () => {
    await night.govern(
      policyWith([
        ruleFor(['contain'], { approver: 3 }, { name: 'at once', actFirst: true }),
        ruleFor(['purge'], { approver: 1 }),
      ]),
    );
    await askedFirst(['ann'], { reporter: { entraId: PEOPLE.lena.entraId } });
  });

  it('while it is stopped', async () => {
    await say(inSlack('dana'), 'stop');
    const told = await lands();
    await cardsShow(
      told.id,
      'no question',
      ({ stopped, canPurge, digest }) => stopped !== '' && !canPurge && digest !== '',
    );
    await say(inSlack('dana'), 'lift');
    await say(inTeams('omar'), 'lift');
    await isAskedFirst(told);
  });

  it('where the rule does not fit', async () => {
    await night.govern(
      policyWith([
        ruleFor(['contain'], { approver: 2 }, { actFirst: true, when: { confidence: { atLeast: 90 } } }),
        ruleFor(['purge'], { approver: 2 }),
      ]),
    );
    await askedFirst(['ann'], { confidence: 89 });
  });

  it('and it cannot be confirmed then', async () => {
    await night.govern(policyWith(rules, { caps: { tenant: { mailboxesPerHour: 1 } } }));
    const { id } = await lands();
    await press(id, inSlack('dana'), 'confirm');
    expect(await refusals(id)).toEqual(['too-late']);
  });
});
