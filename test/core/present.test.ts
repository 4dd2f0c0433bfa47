import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutcomeCounts } from '../../src/core/action/outcome.ts';
import type { Situation } from '../../src/core/incident/incident.ts';
import { CardView } from '../../src/core/tell/card.ts';
import { type CaseFacts, possible } from '../../src/core/tell/case.ts';
import { present } from '../../src/core/tell/present.ts';
import { restorable } from '../../src/core/tell/run-facts.ts';
import { hostileTexts } from '../support/card-pictures/hostile.ts';
import { alertOf, askedOf, copyOf, factsOf, incidentOf, planOf, runOf, termsOf, voteOf } from '../support/cases.ts';

const STATES: readonly Situation[] = [
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
];
const approver = [{ role: 'approver', count: 1 }];
const strings = (view: unknown): string[] =>
  typeof view === 'string'
    ? [view]
    : typeof view === 'object' && view !== null
      ? Object.values(view).flatMap(strings)
      : [];

/** The text wherever a mail, a detector or a person can put one. */
function everywhere(state: Situation, text: string): CaseFacts {
  const whole = text.slice(0, 90_000);
  const alert = alertOf(
    { findings: Array(5).fill(whole.slice(0, 500)) },
    {
      senderName: whole.slice(0, 1_000),
      subject: whole,
      urls: Array(5).fill(whole.slice(0, 4_000)),
      attachments: Array(5).fill(whole.slice(0, 1_000)),
    },
  );
  return factsOf(state, {
    tenantName: text,
    incident: incidentOf(state, { alert, closedBy: text, reason: text }),
    votes: Array.from({ length: 25 }, (_none, n) => voteOf(n, { name: text, reason: text })),
    runs: [runOf({ removed: 1, failed: 2 })],
    brake: { stopped: true, by: text, reason: text, at: '2026-11-20T08:20:00.000Z' },
    plan: planOf({
      terms: termsOf(2, { purge: { is: 'refused', rule: text, why: text }, flag: askedOf(approver, { rule: text }) }),
      shielded: [{ address: 'ceo@contoso.example', set: text }],
      leftAlone: [{ address: 'ann@contoso.example', why: text }],
    }),
  });
}

const emoji = '👨‍👩‍👧‍👦';
const LONG = [
  '\n'.repeat(5_000),
  emoji.repeat(5_000),
  `a${'\u0301'.repeat(9)}`.repeat(2_000),
  '\u1100'.repeat(9_000),
  '\u0000'.repeat(900),
  ' ',
];

describe.each(STATES)('the card of an incident that is %s', (state) => {
  it('is a card', () => {
    expect(CardView.safeParse(present(factsOf(state))).error).toBeUndefined();
  });

  it('is a card whatever the mail says', () => {
    const broken = [...hostileTexts(), ...LONG].filter(
      (text) => !CardView.safeParse(present(everywhere(state, text))).success,
    );
    expect(broken.map((text) => text.slice(0, 40))).toEqual([]);
  });

  it('holds nothing live, whatever the mail says', () => {
    const live = [...hostileTexts(), ...LONG].flatMap((text) =>
      strings(present(everywhere(state, text))).filter((line) =>
        /[\p{Cc}\u2028\u2029\u202E\u200B]|\{\{|\$\{|(?<!hxxps?):\/\//iu.test(line),
      ),
    );
    expect(live).toEqual([]);
  });

  it('is a card for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        (text) => CardView.safeParse(present(everywhere(state, text))).success,
      ),
      { numRuns: 60 },
    );
  });

  it('says “removed” only when copies were seen removed', () => {
    const outcomes: Partial<OutcomeCounts> = {
      alreadyGone: 2,
      stillThere: 1,
      failed: 1,
      flagged: 1,
      restored: 1,
      notAllowed: 1,
    };
    const said = strings(present(factsOf(state, { runs: [runOf(outcomes)] })));
    expect(said.filter((line) => /removed/i.test(line))).toEqual([]);
  });
});

describe('what the card tells', () => {
  it('says how many copies were seen removed', () => {
    const view = present(factsOf('purged', { runs: [runOf({ removed: 3, alreadyGone: 1 })] }));
    expect([view.status.includes('3 removed, seen gone; 1 already gone'), view.outcomes[0]]).toEqual([
      true,
      { label: 'Removed, seen gone', value: '3 copies' },
    ]);
  });

  it('the outcomes add up to the copies of the run', () => {
    const run = runOf({ removed: 1_234, alreadyGone: 1, stillThere: 2, failed: 3 });
    const { outcomes } = present(factsOf('purged', { runs: [run] }));
    expect(outcomes.reduce((sum, { value }) => sum + Number(value.replace(/\D/g, '')), 0)).toBe(run.total);
  });

  it('a purge with a copy left behind does not look good', () => {
    expect(present(factsOf('purged', { runs: [runOf({ removed: 99, stillThere: 1 })] })).tone).toBe('bad');
  });

  it('five thousand mailboxes fit on one card', () => {
    const copies = Array.from({ length: 5_000 }, (_none, n) => copyOf(n));
    const many = Array.from({ length: 5_000 }, (_none, n) => `user${n}@contoso.example`);
    const view = present(
      factsOf('open', {
        plan: planOf({
          copies,
          nothing: many,
          denied: many,
          missing: many,
          failed: many,
          leftAlone: many.map((address) => ({ address, why: 'a draft' })),
        }),
      }),
    );
    expect([CardView.safeParse(view).success, view.reach]).toEqual([
      true,
      '5,000 copies in 5,000 mailboxes, 2,500 read',
    ]);
  });

  it('ten thousand links and names fit on one card', () => {
    const urls = Array.from({ length: 5_000 }, (_none, n) => `https://e${n}.example/`);
    const view = present(factsOf('open', { incident: incidentOf('open', { alert: alertOf({}, { urls }) }) }));
    expect(view.facts.find(({ label }) => label === 'Links go to')?.value).toContain('and 4,997 more hosts');
  });

  it('says progress while an action runs, and only then', () => {
    const runs = [runOf({ removed: 120 }, { state: 'running', finishedAt: null, total: 400, open: 280 })];
    expect(STATES.map((state) => present(factsOf(state, { runs })).progress).filter((line) => line !== '')).toEqual([
      '120 of 400 copies checked (30 %)',
    ]);
  });

  it('says how fast it goes, and how fast it went once it has ended', () => {
    const under = runOf({ removed: 120 }, { state: 'running', finishedAt: null, total: 400, open: 280 });
    const startedAt = new Date(Date.parse(factsOf('running').now) - 60_000).toISOString();
    expect(present(factsOf('running', { runs: [{ ...under, startedAt }] })).progress).toBe(
      '120 of 400 copies checked (30 %); about 2 minutes left at this pace',
    );
    const over = { ...runOf({ removed: 400 }, { total: 400 }), startedAt, finishedAt: factsOf('running').now };
    const said = STATES.filter((state) => present(factsOf(state, { runs: [over] })).progress !== '');
    expect(said.map((state) => [state, present(factsOf(state, { runs: [over] })).progress])).toContainEqual([
      'purged',
      '400 copies in 60 seconds, 7 a second',
    ]);
    expect(said).not.toContain('open');
    const stopped = { ...factsOf('running', { runs: [{ ...under, startedAt }] }) };
    const brake = { ...stopped.brake, stopped: true };
    expect(present({ ...stopped, brake }).progress).toBe('120 of 400 copies checked (30 %)');
  });

  it('does not say “nothing has been touched” once something was', () => {
    const said = (['open', 'expired'] as const).map(
      (state) => present(factsOf(state, { runs: [runOf({ removed: 3 })] })).status,
    );
    expect(
      said.filter((line) => /nothing has been touched\.$|nothing was done/i.test(line) && !/since/i.test(line)),
    ).toEqual([]);
  });

  it('says that a quorum cannot be reached', () => {
    const plan = planOf({ tooFew: ['purge'] });
    expect(present(factsOf('open', { plan })).needs).toMatch(/quorum/);
  });

  it('does not say so while it can be reached', () => {
    expect(present(factsOf('open')).needs).not.toMatch(/quorum/);
  });

  it('shows only the votes on this plan', () => {
    const votes = [voteOf(0), voteOf(1, { planDigest: 'f'.repeat(64) })];
    expect(present(factsOf('open', { votes })).decisions).toHaveLength(1);
  });

  it('a mailbox that could not be read is never told as one without copies', () => {
    const view = present(
      factsOf('open', { plan: planOf({ copies: [], denied: ['ann@contoso.example'], nothing: [] }) }),
    );
    expect([view.status, view.warnings.length]).toEqual(['No copy seen, but 1 mailbox could not be looked into.', 1]);
  });
});

describe('what can be asked for', () => {
  it('nothing can be purged without copies', () => {
    expect(possible(factsOf('open', { plan: planOf({ copies: [] }) }))).toEqual({
      purge: false,
      'hard-purge': false,
      junk: false,
      flag: false,
      contain: false,
      release: false,
      restore: false,
    });
  });

  it('an undo needs something that was removed', () => {
    expect(possible(factsOf('purged', { runs: [runOf({ alreadyGone: 3 })] })).restore).toBe(false);
  });

  it('what was restored cannot be restored again', () => {
    expect(restorable([runOf({ removed: 3 }), runOf({ restored: 3 }, { action: 'restore' })])).toBe(0);
  });

  it('a copy that an undo could not bring back can be asked for again', () => {
    const runs = [
      runOf({ removed: 3 }),
      runOf({ restored: 2, failed: 1 }, { action: 'restore' }),
      runOf({ removed: 4 }),
    ];
    expect(restorable(runs)).toBe(5);
  });
});
