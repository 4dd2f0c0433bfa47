import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ClawbackError } from '../../src/core/error.ts';
import { runStarted, voteCounted } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** A mail to everybody must not leave nobody to decide: then those decide who received it, as far as the policy says. */
let night: Night;
beforeAll(async () => {
  night = await startNight();
});
afterAll(() => night.close());
const { lands, press, runs, refusals, entries, becomes, cardsShow, card, plan } = storyteller(() => night);

const rules = [
  ruleFor(['purge', 'undo'], { approver: 1 }),
  ruleFor(['hard-purge', 'flag'], { approver: 1 }),
  ruleFor(['contain'], { approver: 1 }, { name: 'at once', actFirst: true, when: { source: ['sure'] } }),
];
const govern = (more: object = {}) => night.govern(policyWith(rules, more));

beforeEach(async () => {
  night.clock.now += 120 * MINUTE;
  await govern();
});

/** In the mailboxes of all three who may decide, and proven to be: their mailboxes are their own. */
async function reachesEverybody(change: Record<string, unknown> = {}) {
  const told = await lands(['dana', 'omar', 'lena'], change);
  return told;
}

describe('where everybody who could decide received the mail', () => {
  it('two of them decide together, and the card says why', async () => {
    const told = await reachesEverybody();
    expect(card(told.id)?.needs).toContain('2 approvals by people who received it themselves');
    expect(card(told.id)?.needs).toContain('nobody else is left');
    expect(await press(told.id, inSlack('dana'), 'purge')).toMatchObject(voteCounted(1, 2));
    expect(await press(told.id, inTeams('omar'), 'purge')).toMatchObject(runStarted('purge', 3));
    await becomes(told.id, 'purged');
    expect(told.copies.map(({ folderId }) => folderId)).toEqual([RECOVERABLE, RECOVERABLE, RECOVERABLE]);
  });

  it('they undo it as well, and say that it is not malicious', async () => {
    const told = await reachesEverybody();
    await press(told.id, inSlack('dana'), 'purge');
    await press(told.id, inTeams('omar'), 'purge');
    await cardsShow(told.id, 'the undo', ({ canUndo }) => canUndo);
    expect(await press(told.id, inSlack('dana'), 'undo')).toMatchObject(voteCounted(1, 2));
    expect(await press(told.id, inTeams('omar'), 'undo')).toMatchObject(runStarted('restore', 3));
    await becomes(told.id, 'restored');
    const another = await reachesEverybody();
    expect(await press(another.id, inTeams('lena'), 'reject', { reason: 'ours' })).toMatchObject({ code: 'rejected' });
  });

  it('the plan and the record say that it was so', async () => {
    const { id } = await reachesEverybody();
    expect((await plan(id)).terms.purge).toMatchObject({
      recipientsMay: true,
      seats: [{ role: 'approver', count: 2 }],
      rule: 'purge or undo',
    });
    const [made] = await entries(id, 'plan.made');
    expect(made?.detail.recipientsMay).toBe(true);
    expect(made?.detail.rules.find(({ action }) => action === 'purge')?.terms).toContain('because nobody else is left');
  });

  it.each(['hard-purge', 'flag'])('nothing else is opened to them: %s', async (verb) => {
    const { id } = await reachesEverybody();
    await press(id, inTeams('omar'), verb);
    expect(await refusals(id)).toEqual(['recipient']);
    expect((await plan(id)).tooFew).toEqual(['hard-purge', 'flag']);
  });

  it('nothing is contained unasked', async () => {
    const { id } = await reachesEverybody({ source: 'sure' });
    expect(await runs(id)).toEqual([]);
    expect(card(id)).toMatchObject({ canPurge: true, canConfirm: false });
  });

  it('who reported it never decides', async () => {
    const { id } = await reachesEverybody({ reporter: { entraId: PEOPLE.omar.entraId } });
    await press(id, inTeams('omar'), 'purge');
    expect(await refusals(id)).toEqual(['requester']);
    await press(id, inSlack('dana'), 'purge');
    expect(await press(id, inTeams('lena'), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
  });

  it('nobody decides where the policy says so', async () => {
    await govern({ whenNobodyIsLeft: false });
    const { id } = await reachesEverybody();
    expect(card(id)?.needs).toContain('Too few people may decide');
    await press(id, inTeams('omar'), 'purge');
    expect(await refusals(id)).toEqual(['recipient']);
  });

  it('the policy says who, and whether they sign in for it', async () => {
    await govern({
      roles: { lead: { people: [PEOPLE.lena.entraId] } },
      whenNobodyIsLeft: { approve: [{ role: 'lead', count: 1 }], stepUp: 'c3' },
    });
    const { id } = await reachesEverybody();
    expect((await plan(id)).terms.purge).toMatchObject({ seats: [{ role: 'lead', count: 1 }], stepUp: 'c3' });
    await press(id, inSlack('dana'), 'purge');
    await press(id, inTeams('lena'), 'purge');
    expect(await refusals(id)).toEqual(['not-asked', 'no-sign-in']);
  });

  it('who guards a protected mailbox is asked all the same, and no escalation puts anybody else there', async () => {
    const guard = [{ role: 'legal', count: 1 }];
    const asked = ruleFor(
      ['purge', 'undo'],
      { approver: 1 },
      {
        escalation: [{ afterMinutes: 5, ask: [{ role: 'approver', count: 1 }] }],
      },
    );
    await night.govern(
      policyWith([asked], {
        roles: { legal: { people: [PEOPLE.lena.entraId] } },
        mailboxes: { protected: [{ name: 'law', addresses: [PEOPLE.lena.address], approve: guard }] },
      }),
    );
    const { id } = await reachesEverybody();
    expect((await plan(id)).terms.purge).toMatchObject({
      seats: [{ role: 'approver', count: 2 }, ...guard],
      escalation: [],
    });
  });
});

describe('where somebody is left who did not receive it', () => {
  it('that person decides, and nobody who received it', async () => {
    const { id } = await lands(['dana', 'omar']);
    expect((await plan(id)).terms.purge).toMatchObject({ recipientsMay: false });
    expect((await entries(id, 'plan.made'))[0]?.detail.recipientsMay).toBe(false);
    await press(id, inSlack('dana'), 'purge');
    expect(await refusals(id)).toEqual(['recipient']);
    expect(await press(id, inTeams('lena'), 'purge')).toMatchObject({ code: 'run-started', action: 'purge' });
  });

  it('where people are lacking for another reason, nothing is opened', async () => {
    await night.govern(
      policyWith([ruleFor(['purge'], { lead: 2 })], { roles: { lead: { people: [PEOPLE.lena.entraId] } } }),
    );
    const { id } = await lands(['dana', 'omar', 'lena']);
    expect(await plan(id)).toMatchObject({ tooFew: ['purge'], terms: { purge: { recipientsMay: false } } });
  });

  it('the undo stays with that person, where only the purge lacks people', async () => {
    await analystsPurge({ lead: { people: [PEOPLE.lena.entraId] } }, { lead: 1 });
    const { id } = await lands(['dana', 'omar']);
    const { purge, restore } = (await plan(id)).terms;
    expect(purge).toMatchObject({ recipientsMay: true, seats: [{ role: 'approver', count: 2 }] });
    expect(restore).toMatchObject({ recipientsMay: false, seats: [{ role: 'lead', count: 1 }] });
    expect((await plan(id)).tooFew).toEqual([]);
  });
});

/** Those who may decide about the purge are Dana and Omar, who receive it. */
async function analystsPurge(roles: object, undo: Readonly<Record<string, number>>, more: object = {}) {
  const analyst = { people: [PEOPLE.dana.entraId, PEOPLE.omar.entraId] };
  const purgeAndUndo = [ruleFor(['purge'], { analyst: 1 }), ruleFor(['undo'], undo)];
  await night.govern(policyWith(purgeAndUndo, { roles: { analyst, ...roles }, ...more }));
}

describe('where those who received it are too few themselves', () => {
  const lead = { people: [PEOPLE.lena.entraId] };

  it('nothing is opened to them, and the card goes on saying so', async () => {
    await analystsPurge({ lead }, { analyst: 1 }, { whenNobodyIsLeft: { approve: [{ role: 'lead', count: 2 }] } });
    const { id } = await lands(['dana', 'omar']);
    expect(await plan(id)).toMatchObject({ tooFew: ['purge', 'restore'], terms: { purge: { recipientsMay: false } } });
  });

  it('for the undo alone, the purge is opened and the undo goes on lacking people', async () => {
    await analystsPurge({ lead }, { lead: 3 });
    const { id } = await lands(['dana', 'omar']);
    expect(await plan(id)).toMatchObject({
      tooFew: ['restore'],
      terms: { purge: { recipientsMay: true }, restore: { recipientsMay: true, seats: [{ role: 'lead', count: 3 }] } },
    });
  });
});

describe('what a policy refuses', () => {
  it('is not opened to those who received it: neither the purge nor the undo', async () => {
    const refused = (action: string) => ({ name: `no ${action}`, when: { action: [action] }, refuse: 'not here' });
    await night.govern(policyWith([refused('purge'), ruleFor(['undo'], { approver: 1 })]));
    const first = await lands(['dana', 'omar', 'lena']);
    expect((await plan(first.id)).terms.purge.is).toBe('refused');
    expect((await plan(first.id)).terms.restore).toMatchObject({ recipientsMay: false });
    await night.govern(policyWith([ruleFor(['purge'], { approver: 1 }), refused('undo')]));
    const second = await lands(['dana', 'omar', 'lena']);
    expect(await plan(second.id)).toMatchObject({
      tooFew: [],
      terms: { purge: { recipientsMay: true }, restore: { is: 'refused' } },
    });
  });
});

describe('somebody who holds a role, and who cannot be asked about just then', () => {
  const askedAbout = (error: Error) => {
    const { person } = night.directory;
    night.directory.person = (id) => (id === PEOPLE.lena.entraId ? Promise.reject(error) : person(id));
    onTestFinished(() => {
      night.directory.person = person;
    });
  };

  it('is taken to be there: nothing is opened to those who received it', async () => {
    askedAbout(new ClawbackError('unavailable', 'the directory does not answer'));
    const { id } = await lands(['dana', 'omar']);
    expect(await plan(id)).toMatchObject({ terms: { purge: { recipientsMay: false } } });
    expect((await plan(id)).tooFew).not.toContain('purge');
  });
});
