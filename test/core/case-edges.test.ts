import { describe, expect, it } from 'vitest';
import { noOutcomes } from '../../src/core/action/outcome.ts';
import { defaultPolicy, type Seat } from '../../src/core/ask/policy.ts';
import { termsForRecipients } from '../../src/core/ask/rule.ts';
import type { Situation } from '../../src/core/incident/incident.ts';
import { offersAnotherLook } from '../../src/core/tell/another-look.ts';
import { type CaseFacts, canCancel, canTakeIn, isLate, sinceLastUndo, termsNow } from '../../src/core/tell/case.ts';
import { allSeenGone, restorable } from '../../src/core/tell/run-facts.ts';
import { alertOf, askedOf, factsOf, incidentOf, planOf, policyOf, runOf, termsOf, voteOf } from '../support/cases.ts';

const facts = (state: Situation, change: Partial<CaseFacts> = {}) => factsOf(state, change);
const unsure = [
  {
    key: 'g1',
    differences: ['subject' as const],
    sender: null,
    subject: null,
    from: null,
    until: null,
    addresses: ['emma@contoso.example'],
  },
];

describe('the terms of a case at this moment', () => {
  const seats = [{ role: 'approver', count: 3 }];
  const policy = { ...policyOf(3, 2), verbs: { rollBack: seats } } as CaseFacts['policy'];
  const contain = askedOf([{ role: 'approver', count: 1 }], { actFirst: true, stepUp: 'c1' });
  const plan = (restore = termsOf()['restore']) => planOf({ terms: termsOf(2, { contain, restore }) });

  it('to roll back what is contained are those of the policy', () => {
    expect(termsNow(facts('contained', { plan: plan(), policy }), 'restore')).toMatchObject({
      rule: 'verbs.rollBack',
      seats,
    });
  });

  it('to roll back what no rule lets be undone are asked for all the same', () => {
    const refused = plan({ is: 'refused', rule: null, why: 'never' });
    expect(termsNow(facts('contained', { plan: refused, policy }), 'restore')).toEqual({
      is: 'asked',
      rule: 'verbs.rollBack',
      seats,
      expiryMinutes: 60,
      escalation: [],
      reason: false,
      stepUp: null,
      actFirst: false,
      recipientsMay: false,
    });
  });

  it.each([
    ['to keep it removed are those of its plan', 'contained', 'contain'],
    ['to undo a purge are those of its plan', 'purged', 'restore'],
  ] as const)('%s', (_name, state, action) => {
    const made = plan();
    expect(termsNow(facts(state, { plan: made, policy }), action)).toEqual(made.terms[action]);
  });

  it('nothing that the policy refuses is ever too late', () => {
    expect(isLate(facts('open', { waited: 1_000 }), 'hard-purge')).toBe(false);
  });
});

describe('where only people decide who received the mail, they do so', () => {
  const asked = (seats: Seat[]) => termsForRecipients(defaultPolicy(), askedOf(seats), { protected: {} })?.seats;
  const [analyst, lead] = ['analyst', 'lead'].map((role) => ({ role, count: 1 })) as [Seat, Seat];

  it('two together, where the rule asks for fewer', () => {
    expect(asked([lead])).toEqual([{ role: 'approver', count: 2 }]);
  });

  it.each([
    ['as many', [analyst, lead]],
    ['more', [{ role: 'lead', count: 3 }]],
  ])('in the roles of the rule, where it asks for %s', (_name, seats) => {
    expect(asked(seats)).toEqual(seats);
  });
});

describe('unsure groups can be taken in', () => {
  it.each<[string, Situation, Partial<CaseFacts>, boolean]>([
    ['where there are some', 'open', {}, true],
    ['after a purge too', 'purged', {}, true],
    ['not while something runs', 'running', {}, false],
    ['not where there are none', 'open', { plan: planOf() }, false],
    ['not before there is a list', 'open', { plan: null }, false],
    [
      'not into a list that only speaks of what turned up late',
      'open',
      { incident: incidentOf('open', { parent: 'CB-0000' }) },
      false,
    ],
  ])('%s', (_name, state, change, may) => {
    expect(canTakeIn(facts(state, { plan: planOf({ unsure }), ...change }))).toBe(may);
  });
});

describe('another look is offered after a purge', () => {
  it('that left nothing, only where somebody became known who was not asked', () => {
    const runs = [runOf({ removed: 2 })];
    const late = incidentOf('purged', { alert: alertOf({ recipients: ['late@contoso.example'] }) });
    expect(offersAnotherLook(facts('purged', { runs }))).toBe(false);
    expect(offersAnotherLook(facts('purged', { runs, incident: late }))).toBe(true);
  });
});

describe('a run can be ended early', () => {
  const running = runOf({}, { state: 'running', total: 2, open: 2 });
  it.each<[string, Situation, Partial<CaseFacts['runs'][number]>, boolean]>([
    ['while it runs', 'running', {}, true],
    ['not where the case says that nothing runs', 'purged', {}, false],
    ['not once all is done', 'running', { open: 0 }, false],
    ['not twice', 'running', { cancelledAt: '2026-11-20T08:13:00.000Z' }, false],
    ['also where it puts back', 'running', { action: 'restore' }, true],
    ['not where it puts back once more', 'running', { action: 'restore', cause: 'late' }, false],
    ['also where nobody was asked', 'running', { action: 'contain', cause: 'policy' }, true],
    ['also where it removes once more', 'running', { cause: 'late' }, true],
    ['not once it ended', 'running', { state: 'finished' }, false],
  ])('%s', (_name, state, change, may) => {
    expect(canCancel(facts(state, { runs: [{ ...running, ...change }] }))).toBe(may);
  });
});

describe('what became of the copies of a run', () => {
  it('can be put back where it was removed and is not back anywhere', () => {
    const undo = runOf({ restored: 1, restoredElsewhere: 2 }, { action: 'restore' });
    expect(restorable([runOf({ removed: 5 }), undo])).toBe(2);
  });

  it.each([
    ['removed, deleted or gone already', { removed: 1, destroyed: 1, alreadyGone: 1 }, 3, true],
    ['not looked after to the last', { removed: 1 }, 2, false],
    ['gone without us', { removed: 1, vanished: 1 }, 2, false],
  ])('was seen gone only where each was: %s', (_name, outcomes, total, gone) => {
    expect(allSeenGone({ outcomes: { ...noOutcomes(), ...outcomes }, total })).toBe(gone);
  });
});

describe('votes for an undo', () => {
  const vote = voteOf(1, { action: 'restore', at: '2026-11-20T08:30:00.000Z' });
  const undo = runOf({}, { action: 'restore', startedAt: '2026-11-20T08:12:00.000Z' });
  const purge = runOf({}, { startedAt: '2026-11-20T09:00:00.000Z' });

  it.each([
    ['before any undo', [purge], 1],
    ['after the last undo, whatever was purged since', [undo, purge], 1],
    ['that started the last undo', [purge, { ...undo, startedAt: '2026-11-20T09:00:00.000Z' }], 0],
  ] as const)('count: %s', (_name, runs, votes) => {
    expect(sinceLastUndo(facts('purged', { runs: [...runs], votes: [vote] })).votes).toHaveLength(votes);
  });
});
