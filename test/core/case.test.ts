import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIONS, type Action } from '../../src/core/action/action.ts';
import type { Situation } from '../../src/core/incident/incident.ts';
import { type LeftOpen, type Looked, leftOf } from '../../src/core/record/looked.ts';
import { offersAnotherLook } from '../../src/core/tell/another-look.ts';
import { type CaseFacts, countOf, isLate, leadAction, possible, sinceLastUndo } from '../../src/core/tell/case.ts';
import { restorable } from '../../src/core/tell/run-facts.ts';
import {
  alertOf,
  askedOf,
  copyOf,
  DIGEST,
  factsOf,
  incidentOf,
  person,
  planOf,
  policyOf,
  runOf,
  termsOf,
  voteOf,
} from '../support/cases.ts';

const NOT_BEFORE = '2026-11-20T08:00:00.000Z';
const seat = (count: number, role = 'approver') => ({ role, count });
const everything = termsOf(2, { 'hard-purge': askedOf([seat(2)]), contain: askedOf([seat(1)], { actFirst: true }) });
const asking = { action: 'purge', notBefore: NOT_BEFORE } as const;

/** Votes of approvers 0 to 4 and of strangers without the role 5 to 8, on this and other plans, actions and times. */
const anyVote = fc
  .record({
    who: fc.integer({ min: 0, max: 8 }),
    action: fc.constantFrom(...ACTIONS),
    planDigest: fc.constantFrom(DIGEST, 'f'.repeat(64), ''),
    platform: fc.constantFrom('slack', 'teams'),
    at: fc.constantFrom('2026-11-20T07:59:59.999Z', NOT_BEFORE, '2026-11-20T08:10:00.000Z'),
  })
  .map(({ who, ...change }) => voteOf(who, { ...change, roles: who < 5 ? ['approver'] : ['bystander'] }));
const ballots = fc.array(anyVote, { maxLength: 25 });
const counted = (votes: CaseFacts['votes'], needed = 2, change: Partial<CaseFacts> = {}) =>
  countOf(factsOf('open', { votes, plan: planOf({ terms: termsOf(needed) }), ...change }), asking);

describe('counting approvals', () => {
  it('is approved exactly when enough different approvers voted for this', () => {
    fc.assert(
      fc.property(ballots, fc.integer({ min: 1, max: 6 }), (votes, needed) => {
        const right = votes.filter(
          ({ action, planDigest, at, roles }) =>
            action === 'purge' && planDigest === DIGEST && at >= NOT_BEFORE && roles.includes('approver'),
        );
        const people = new Set(right.map((vote) => vote.person));
        expect(counted(votes, needed)).toMatchObject({ needed, approved: people.size >= needed });
      }),
      { numRuns: 1_000 },
    );
  });

  it('recipients and requesters never count, however often they vote', () => {
    const plan = planOf({
      terms: termsOf(2),
      recipients: [person(0).entraId],
      received: ['APPROVER3@contoso.example'],
    });
    const incident = incidentOf('open', {
      alert: alertOf({ received: ['APPROVER1@contoso.example'] }),
      askers: [{ entraId: person(2).entraId.toUpperCase(), address: null }],
    });
    const part = [0, 1, 2, 3].map((n) => person(n).entraId);
    fc.assert(
      fc.property(ballots, (votes) => counted(votes, 2, { plan, incident }).people.every((id) => !part.includes(id))),
    );
  });

  it('nobody is counted twice', () => {
    fc.assert(fc.property(ballots, (votes) => new Set(counted(votes).people).size === counted(votes).people.length));
  });

  it('more votes never take an approval away', () => {
    fc.assert(
      fc.property(ballots, ballots, (some, more) => !counted(some).approved || counted([...some, ...more]).approved),
    );
  });

  it.each([
    ['for another plan', { planDigest: 'f'.repeat(64) }],
    ['for another action', { action: 'flag' as const }],
    ['from before the question was asked', { at: '2026-11-20T07:59:59.999Z' }],
    ['of somebody without the role', { roles: ['analyst'] }],
    ['of the same person in another chat', { person: person(0).entraId, platform: 'teams' }],
  ])('a vote %s does not count', (_name, change) => {
    expect(counted([voteOf(0), voteOf(1, change)])).toMatchObject({ approved: false, people: [person(0).entraId] });
  });

  it.each([
    ['the policy does not allow it', { plan: planOf({ terms: termsOf(2, { purge: termsOf()['hard-purge'] }) }) }],
    ['there is no plan', { plan: null }],
    ['the incident names no plan', { incident: incidentOf('open', { planDigest: null }) }],
  ])('nothing is approved where %s', (_name, change) => {
    expect(counted([voteOf(0), voteOf(1), voteOf(2)], 2, change)).toMatchObject({ approved: false, people: [] });
  });
});

describe('over a cap', () => {
  const roles = { lead: { people: [person(9).entraId] } };
  const policy = policyOf(5, 2, {
    roles,
    caps: { analyst: { plansPerHour: 1 }, override: [seat(1), seat(1, 'lead')] },
  });
  const busy = [{ mailboxes: 1, approvedBy: [person(0).entraId] }];

  it('the people of the override are needed as well', () => {
    const votes = [voteOf(0), voteOf(1), voteOf(2)];
    const facts = { policy, lastHour: busy };
    expect(counted(votes, 2, facts)).toMatchObject({
      approved: false,
      needed: 4,
      over: expect.stringContaining('cap'),
    });
    expect(counted([...votes, voteOf(3, { roles: ['lead'] })], 2, facts).approved).toBe(true);
  });

  it('only for whoever is over it', () => {
    expect(counted([voteOf(1), voteOf(2)], 2, { policy, lastHour: busy })).toMatchObject({
      approved: true,
      over: null,
    });
  });

  it.each(['contain', 'restore'] as const)('nobody more is asked to %s: that removes nothing more', (action) => {
    const plan = planOf({ terms: everything });
    const votes = [voteOf(0, { action }), voteOf(1, { action })];
    const state = action === 'contain' ? 'contained' : 'purged';
    expect(countOf(factsOf(state, { plan, policy, lastHour: busy, votes }), { ...asking, action })).toMatchObject({
      approved: true,
      over: null,
    });
  });
});

describe('what can be asked for', () => {
  const removed = [runOf({ removed: 2 })];
  it.each<[Situation, readonly Action[], Action | null]>([
    ['received', [], null],
    ['open', ['purge', 'hard-purge', 'flag', 'restore'], 'purge'],
    ['running', [], null],
    ['flagged', ['purge', 'hard-purge', 'restore'], 'purge'],
    ['contained', ['contain', 'restore'], 'contain'],
    ['rehearsed', [], null],
    ['purged', ['restore'], null],
    ['restored', ['restore'], null],
    ['rejected', ['restore'], null],
    ['expired', ['restore'], null],
  ])('while an incident is %s: %j', (state, actions, lead) => {
    const plan = planOf({ terms: everything });
    const may = possible(factsOf(state, { plan, runs: removed }));
    expect(ACTIONS.filter((action) => may[action])).toEqual(ACTIONS.filter((action) => actions.includes(action)));
    expect(leadAction(plan, state)).toBe(lead);
  });

  it('what the policy refuses cannot be asked for', () => {
    const no = termsOf()['hard-purge'];
    const plan = planOf({ terms: termsOf(2, { purge: no, flag: no, restore: no }) });
    expect(Object.values(possible(factsOf('open', { plan, runs: removed }))).filter(Boolean)).toEqual([]);
    expect(leadAction(plan, 'open')).toBeNull();
  });

  it('where only deleting for good is allowed, that is what is waited for', () => {
    const terms = { ...everything, purge: termsOf()['hard-purge'] };
    expect(leadAction(planOf({ terms }), 'open')).toBe('hard-purge');
  });
});

describe('what can be put back', () => {
  it.each([
    ['what a purge removed', [runOf({ removed: 3 })], 3],
    ['what a containment removed', [runOf({ removed: 2 }, { action: 'contain', cause: 'policy' })], 2],
    ['nothing of what was deleted for good', [runOf({ destroyed: 4 }, { action: 'hard-purge' })], 0],
    [
      'nothing of what went into Recoverable Items on its way out',
      [runOf({ removed: 4 }, { action: 'hard-purge' })],
      0,
    ],
    ['nothing that was gone before', [runOf({ alreadyGone: 4 })], 0],
    [
      'nothing after a roll-back',
      [runOf({ removed: 2 }, { action: 'contain' }), runOf({ restored: 2 }, { action: 'restore', cause: 'roll-back' })],
      0,
    ],
    ['nothing of a dry run', [runOf({ rehearsed: 5 }, { mode: 'dry-run' })], 0],
  ])('%s', (_what, runs, copies) => {
    expect(restorable(runs)).toBe(copies);
  });

  it('the votes that started the last undo do not start the next', () => {
    const undo = runOf({ restored: 1 }, { action: 'restore', startedAt: '2026-11-20T09:00:00.000Z' });
    const votes = [
      voteOf(1, { action: 'restore', at: '2026-11-20T09:00:00.000Z' }),
      voteOf(2, { action: 'restore', at: '2026-11-20T09:00:00.001Z' }),
      voteOf(1),
    ];
    const left = sinceLastUndo(factsOf('restored', { votes, runs: [runOf({ removed: 2 }), undo] })).votes;
    expect(left).toEqual(votes.slice(1));
    expect(sinceLastUndo(factsOf('purged', { votes })).votes).toEqual(votes);
  });
});

describe('whether a vote comes too late', () => {
  const slow = askedOf([seat(2)], { expiryMinutes: 240 });
  const plan = planOf({ terms: { ...everything, flag: slow } });
  const late = (waited: number, action: Action, askedAt: string | null = NOT_BEFORE) =>
    isLate(factsOf('open', { plan, waited, incident: incidentOf('open', { askedAt }) }), action);

  it.each<[string, Action, number, boolean]>([
    ['in the last minute', 'purge', 59, false],
    ['when its time is over', 'purge', 60, true],
    ['with more time than the others', 'flag', 60, false],
    ['with more time, which is over too', 'flag', 240, true],
    ['for an undo, which has no deadline', 'restore', 10_000, false],
  ])('%s: %s after %i minutes', (_what, action, waited, answer) => {
    expect(late(waited, action)).toBe(answer);
  });

  it('nothing is late while nobody is asked', () => {
    expect(late(10_000, 'purge', null)).toBe(false);
  });
});

describe('another look', () => {
  const BEFORE = '2026-11-20T08:00:00.000Z';
  const LATER = '2026-11-20T09:00:00.000Z';
  const runs = [runOf({ removed: 2 })];
  const back = (copies: number, at = LATER) => ({ at, copies, first: null, kept: 0, keptSeen: null });
  const seen = (left: Partial<LeftOpen>, at = LATER): Looked => ({
    at,
    finders: [{ name: 'hunting', status: 'answered', found: 1, cutOff: false, asOf: at, detail: '' }],
    grown: 0,
    failed: 0,
    failedFirst: null,
    left: { ...leftOf(planOf()), ...left },
    again: false,
  });
  const late = { incident: incidentOf('open', { alert: alertOf({ recipients: ['new@contoso.example'] }) }) };
  it.each<[string, Situation, Partial<CaseFacts>, boolean]>([
    ['would find the same', 'open', {}, false],
    ['may find copies where none were', 'open', { plan: planOf({ copies: [] }) }, true],
    ['may reach a mailbox that gave no answer', 'open', { plan: planOf({ failed: ['a@contoso.example'] }) }, true],
    ['reaches a recipient named later', 'open', late, true],
    [
      'is no use for what a run turned up',
      'open',
      { ...late, incident: incidentOf('open', { parent: 'CB-0000' }), plan: planOf({ copies: [] }) },
      false,
    ],
    ['would void a flag', 'flagged', {}, false],
    ['would void a containment', 'contained', {}, false],
    ['is no use after a clean purge', 'purged', { runs: [runOf({ removed: 2 })] }, false],
    ['may help after a purge with trouble', 'purged', { runs: [runOf({ removed: 1, stillThere: 1 })] }, true],
    ['asks anew after a dry run', 'rehearsed', { runs: [runOf({ rehearsed: 2 })] }, true],
    ['asks anew after nobody decided', 'expired', {}, true],
    ['asks for what is back', 'purged', { runs, recovered: back(1) }, true],
    ['asks for what is back', 'open', { recovered: back(1) }, true],
    ['asks for what is back', 'flagged', { recovered: back(1) }, true],
    ['cannot ask for what is back and contained', 'contained', { recovered: back(1) }, false],
    ['asks for nothing where nothing is back any more', 'purged', { runs, recovered: back(0) }, false],
    ['has asked for what was back before', 'purged', { runs, recovered: back(1, BEFORE) }, false],
    ['shows what may be the mail', 'purged', { runs, looked: seen({ unsure: 1 }) }, true],
    ['has shown what may be the mail', 'purged', { runs, looked: seen({ unsure: 1 }, BEFORE) }, false],
    [
      'asks for copies that nobody decided about',
      'purged',
      { runs, children: [{ id: 'CB-2', stands: 'expired' }] },
      true,
    ],
    ['is no use for copies that are asked for', 'purged', { runs, children: [{ id: 'CB-2', stands: 'open' }] }, false],
    ['may reach what could not be looked into', 'purged', { runs, plan: planOf({ unreachable: ['a'] }) }, true],
    ['may reach where we were not allowed to look', 'purged', { runs, plan: planOf({ denied: ['a'] }) }, true],
    ['may reach what gave no answer', 'purged', { runs, plan: planOf({ failed: ['a'] }) }, true],
    ['may reach what gave no answer later', 'purged', { runs, looked: { ...seen({}), failed: 1 } }, true],
    ['is no use for what answered later', 'purged', { runs, plan: planOf({ denied: ['a'] }), looked: seen({}) }, false],
    [
      'may reach what gave no answer, whatever was seen before',
      'purged',
      { runs, plan: planOf({ denied: ['a'] }), looked: seen({}, BEFORE) },
      true,
    ],
    ['waits for the run', 'running', { plan: planOf({ copies: [copyOf(1)], failed: ['a@contoso.example'] }) }, false],
  ])('%s (%s)', (_what, state, change, offered) => {
    expect(offersAnotherLook(factsOf(state, change))).toBe(offered);
  });
});
