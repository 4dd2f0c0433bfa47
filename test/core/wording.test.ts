import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forEachAction } from '../../src/core/action/action.ts';
import { OUTCOMES, type Outcome } from '../../src/core/action/outcome.ts';
import type { Asked } from '../../src/core/ask/rule.ts';
import type { Plan } from '../../src/core/find/plan.ts';
import type { Situation } from '../../src/core/incident/incident.ts';
import { CardView } from '../../src/core/tell/card.ts';
import type { CaseFacts } from '../../src/core/tell/case.ts';
import { present } from '../../src/core/tell/present.ts';
import { undoWords } from '../../src/core/tell/wording.ts';
import {
  alertOf,
  askedOf,
  copyOf,
  factsOf,
  incidentOf,
  person,
  planOf,
  policyOf,
  runOf,
  termsOf,
  voteOf,
} from '../support/cases.ts';
import { shown } from '../support/offers.ts';

const no = termsOf()['hard-purge'];
const seat = (role: string, count = 1) => ({ role, count });
const purge = (change: Partial<Asked>, seats = [seat('approver', 2)]) =>
  planOf({ terms: termsOf(2, { purge: askedOf(seats, change) }) });
const contain = planOf({ terms: termsOf(2, { contain: askedOf([seat('approver', 2)], { actFirst: true }) }) });
const card = (state: Situation, change: Partial<CaseFacts> = {}) => shown(present(factsOf(state, change)));
const warned = (change: Partial<Plan>, facts: Partial<CaseFacts> = {}) =>
  card('open', { plan: planOf(change), ...facts }).warnings.map(({ text }) => text);

describe('what a card says of a stop', () => {
  const brake = { stopped: true, by: 'Dana', reason: 'wrong tenant', at: '2026-11-20T08:20:00.000Z' };
  it('who, when, why, and that nothing runs', () => {
    expect(card('open', { brake }).stopped).toBe(
      'Stopped by Dana, 20 Nov 08:20 UTC: wrong tenant. Nothing runs until the stop is lifted: as many people as the policy asks for say “lift” to Clawback, in any chat.',
    );
  });

  it('a stop without a name and a reason is still a stop', () => {
    const said = card('running', { brake: { stopped: true, by: null, reason: null, at: null } }).stopped;
    expect(said).toBe(
      'Stopped by somebody: no reason given. Nothing runs until the stop is lifted: as many people as the policy asks for say “lift” to Clawback, in any chat.',
    );
  });

  it('nothing while there is none, even if there was one', () => {
    expect(card('open', { brake: { ...brake, stopped: false } }).stopped).toBe('');
  });
});

describe('what a card says of a containment', () => {
  const runs = [runOf({ removed: 2 }, { action: 'contain', cause: 'policy' })];
  it('that it was done at once, who confirmed it, and what becomes of it otherwise', () => {
    const view = card('contained', { plan: contain, runs, votes: [voteOf(1, { action: 'contain' })] });
    expect(view.status).toBe(
      'Contained at once: 2 removed, seen gone. Confirmed by 1 of 2; without confirmation the mail comes back.',
    );
    expect([view.canConfirm, view.canPurge, view.canReject, view.tone]).toEqual([true, false, false, 'attention']);
    expect([view.needs, view.effect]).toEqual([
      expect.stringContaining('1 more approval'),
      expect.stringContaining('Recoverable Items'),
    ]);
  });

  it('while it runs, that people are asked afterwards', () => {
    expect(card('running', { plan: contain, runs }).status).toMatch(/^Contained at once, as the policy says/);
  });

  it('that it is being rolled back', () => {
    const back = runOf({}, { action: 'restore', cause: 'roll-back', state: 'running', total: 2, open: 2 });
    expect(card('running', { plan: contain, runs: [...runs, back] }).status).toMatch(/^Rolling the containment back/);
  });

  it('nobody is asked to confirm where the policy contains nothing', () => {
    expect(card('contained', { runs }).canConfirm).toBe(false);
  });
});

describe('what a card says of a dry run', () => {
  const dry = planOf({ mode: 'dry-run' });
  it('that nothing would be touched', () => {
    expect(card('open', { plan: dry }).effect).toBe(
      'Dry run: looks at 2 copies in 2 mailboxes once more and touches nothing.',
    );
  });

  it('that nothing is touched while it runs', () => {
    const runs = [runOf({}, { mode: 'dry-run', state: 'running', total: 2, open: 2 })];
    expect(card('running', { plan: dry, runs }).status).toBe('Approved. Dry run: looking at each copy, touching none.');
  });

  it('that nothing was touched', () => {
    const view = card('rehearsed', { plan: dry, runs: [runOf({ rehearsed: 2 }, { mode: 'dry-run' })] });
    expect([view.status, view.tone]).toEqual(['Dry run: 2 dry run, would be done. Nothing was touched.', 'neutral']);
    expect([view.canUndo, view.canPurge, view.canReject, view.canReopen]).toEqual([false, false, false, true]);
  });
});

describe('what a card says of deleting for good', () => {
  it('has a button of its own only where the policy has a rule for it', () => {
    const both = planOf({ terms: termsOf(2, { 'hard-purge': askedOf([seat('approver', 2)]) }) });
    expect([card('open').canHardPurge, card('open', { plan: both }).canHardPurge]).toEqual([false, true]);
  });

  it('says that there is no undo where nothing milder is allowed', () => {
    const only = planOf({ terms: termsOf(2, { purge: no, 'hard-purge': askedOf([seat('approver', 2)]) }) });
    expect(card('open', { plan: only }).effect).toBe(
      'Deletes 2 copies in 2 mailboxes for good: nobody can bring them back. This cannot be undone.',
    );
  });

  it('nothing can be undone afterwards', () => {
    expect(card('purged', { runs: [runOf({ destroyed: 2 }, { action: 'hard-purge' })] }).canUndo).toBe(false);
  });
});

describe('who is needed', () => {
  it.each<[string, Partial<CaseFacts>, string]>([
    ['people', {}, '2 approvals by people who neither received nor reported the mail.'],
    ['how many more', { votes: [voteOf(1)] }, '1 more approval by people'],
    [
      'each role',
      { plan: purge({}, [seat('analyst'), seat('lead', 2)]) },
      'approval of 1 × analyst and 2 × lead by people',
    ],
    [
      'the roles that are still open',
      { plan: purge({}, [seat('analyst'), seat('lead')]), votes: [voteOf(1, { roles: ['analyst'] })] },
      'approval still of 1 × lead by people',
    ],
    ['that a reason is wanted', { plan: purge({ reason: true }) }, 'mail. Each says why.'],
    ['that a fresh sign-in is wanted', { plan: purge({ stepUp: 'c1' }) }, 'mail. Each signs in anew.'],
    ['that too few people could decide', { plan: planOf({ tooFew: ['purge'] }) }, 'the quorum cannot be reached'],
    [
      'who is asked since the escalation',
      { plan: purge({ escalation: [{ afterMinutes: 5, ask: [seat('lead', 2)] }] }), waited: 5 },
      'approval of 2 × lead by people',
    ],
    [
      'that a cap asks for more people',
      { policy: policyOf(3, 2, { caps: { tenant: { mailboxesPerHour: 1 } } }) },
      '3 approvals by people who neither received nor reported the mail. Over the tenant’s cap of 1 mailbox an hour: more people are needed.',
    ],
    // All seats are full and nothing runs: somebody could not be asked about, or the cap has room again.
    [
      'a press, when all have approved and nothing started',
      { votes: [voteOf(1), voteOf(2)] },
      'One press more by people',
    ],
  ])('says %s', (_what, change, words) => {
    expect(card('open', change).needs).toContain(words);
  });

  it('a quorum that only another action cannot reach is not in the way', () => {
    expect(card('open', { plan: planOf({ tooFew: ['hard-purge'] }) }).needs).not.toContain('quorum');
  });

  it('an undo is asked for without a deadline', () => {
    const view = card('purged', { runs: [runOf({ removed: 2 })] });
    expect([view.deadline, view.left]).toEqual(['', '']);
    expect(view.needs).toBe('2 approvals for the undo by people who neither received nor reported the mail.');
  });

  it('votes of the last undo are not told as votes for the next', () => {
    const runs = [runOf({ removed: 2 }), runOf({ restored: 1 }, { action: 'restore' })];
    const votes = [voteOf(1, { action: 'restore' }), voteOf(2, { action: 'restore' })];
    expect(card('restored', { runs, votes }).needs).toMatch(/^2 approvals for the undo/);
  });

  it('where the policy allows nothing, that is the status, and nobody is asked', () => {
    const plan = planOf({ terms: termsOf(2, { purge: no, flag: no, restore: no }) });
    const view = card('open', { plan });
    expect(view.status).toMatch(/^The policy allows nothing here: no rule of the policy allows it here\./);
    expect([view.needs, view.effect, view.deadline]).toEqual(['', '', '']);
    expect([view.canPurge, view.canFlag, view.canConfirm, view.canReject]).toEqual([false, false, false, true]);
  });

  it('the rule that decides is among the facts', () => {
    const view = card('open', { plan: purge({ rule: 'large or delicate purge' }) });
    expect(view.facts).toContainEqual({ label: 'Rule', value: 'large or delicate purge' });
  });
});

describe('what a card warns of', () => {
  it.each<[string, Partial<Plan>, Partial<CaseFacts>, string]>([
    [
      'a protected mailbox',
      { shielded: [{ address: 'ceo@contoso.example', set: 'the board' }] },
      {},
      '1 mailbox protected by the policy (the board): left alone',
    ],
    ['VIPs', { vip: 2 }, {}, '2 mailboxes of VIPs among them'],
    [
      'copies that turned up after an approval',
      {},
      { incident: incidentOf('open', { parent: 'CB-0000' }) },
      'These copies turned up after the list of CB-0000 was made: they need an approval of their own.',
    ],
    [
      'copies that need an approval elsewhere',
      {},
      { children: [{ id: 'CB-0002', stands: 'open' }] },
      'More copies turned up after this list was made: CB-0002 asks for them.',
    ],
  ])('%s', (_what, plan, facts, line) => {
    expect(warned(plan, facts)).toContain(line);
  });

  it('nothing, where there is nothing', () => {
    expect(warned({})).toEqual([]);
  });

  it('a mail full of oddities does not push our own warnings off the card', () => {
    const odd = alertOf(
      { findings: Array.from({ length: 50 }, (_none, n) => `finding ${n + 1}`) },
      { sender: 'ceo@xn--contso-zqf.example', senderName: 'P\u0430yroll\u200B ana@contoso.example', subject: '\u202E' },
    );
    const said = warned({ vip: 1, denied: ['ann@contoso.example'] }, { incident: incidentOf('open', { alert: odd }) });
    expect(said.slice(-4)).toEqual([
      'finding 6',
      expect.stringMatching(/^44 more findings: incident CB-\w+ lists them$/),
      '1 mailbox not looked into: we are not allowed to',
      '1 mailbox of VIPs among them',
    ]);
  });
});

/** As long as the schemas let them be. */
const longName = fc.string({
  unit: fc.constantFrom('W', '\u00e9', ' ', '.', '<', '\u202E'),
  minLength: 60,
  maxLength: 200,
});
const longRole = fc.string({ unit: fc.constantFrom('m', '-'), minLength: 20, maxLength: 29 }).map((name) => `r${name}`);
const big = fc.integer({ min: 0, max: 999_999 });
const someOutcomes = fc.record(
  Object.fromEntries(OUTCOMES.map((outcome) => [outcome, big])) as Record<Outcome, typeof big>,
);
const STATES = [
  'received',
  'open',
  'running',
  'flagged',
  'contained',
  'rehearsed',
  'purged',
  'restored',
  'rejected',
  'expired',
] as const;

it('every line keeps its limit at the longest names, roles, reasons and numbers', () => {
  const seats = fc.array(fc.record({ role: longRole, count: fc.constant(10) }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.constantFrom(...STATES),
      longName,
      seats,
      someOutcomes,
      fc.boolean(),
      (state, name, asked, counts, stopped) => {
        const terms = askedOf(asked, { rule: name.slice(0, 80), reason: true, stepUp: 'c99', actFirst: true });
        const many = Array.from({ length: 50 }, (_none, n) => `user${n}@contoso.example`);
        const facts = factsOf(state, {
          tenantName: name,
          incident: incidentOf(state, {
            closedBy: name,
            reason: name,
            parent: 'CB-7F3K2M',
            deadline: '2026-11-20T09:00:00Z',
          }),
          votes: Array.from({ length: 30 }, (_none, n) => voteOf(n, { name })),
          runs: [
            runOf(counts, {
              action: 'contain',
              cause: 'policy',
              troubled: OUTCOMES.map((outcome) => ({ outcome, addresses: [name, name, name], mailboxes: 999_999 })),
            }),
          ],
          brake: { stopped, by: name, reason: name, at: '2026-11-20T08:20:00.000Z' },
          children: [{ id: 'CB-7F3K2N', stands: 'open' }],
          policy: policyOf(3, 2, { caps: { tenant: { mailboxesPerHour: 1 } } }),
          plan: planOf({
            terms: forEachAction(() => terms),
            copies: many.map((_address, n) => copyOf(n)),
            denied: many,
            failed: many,
            missing: many,
            unreachable: many,
            shielded: many.map((address) => ({ address, set: name })),
            leftAlone: many.map((address) => ({ address, why: name })),
            vip: 999_999,
            recipients: [person(1).entraId],
            tooFew: ['purge', 'contain', 'restore'],
          }),
        });
        expect(CardView.safeParse(present(facts)).error).toBeUndefined();
      },
    ),
    { numRuns: 300 },
  );
});

it('the way back is named by what it undoes', () => {
  const junk = runOf({ junked: 2 }, { action: 'junk' });
  const purge = runOf({ removed: 2 });
  const words = (situation: Situation, ...runs: ReturnType<typeof runOf>[]) => undoWords(factsOf(situation, { runs }));
  expect([
    words('contained', purge),
    words('purged', purge),
    words('junked', junk),
    words('purged', junk, purge),
    words('restored', junk, purge, runOf({ restored: 2 }, { action: 'restore' })),
  ]).toEqual([
    'Roll the containment back',
    'Undo the purge',
    'Undo the move to Junk',
    'Undo the purge',
    'Undo the move to Junk',
  ]);
});
