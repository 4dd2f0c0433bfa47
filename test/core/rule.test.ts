import { describe, expect, it } from 'vitest';
import { defaultPolicy, Policy } from '../../src/core/policy.ts';
import { type Circumstances, judge, seatsAfter, termsOf, termsWords } from '../../src/core/rule.ts';
import { askedOf } from '../support/cases.ts';

const WHAT: Circumstances = {
  action: 'purge',
  mode: 'live',
  tenant: 'contoso',
  copies: 12,
  mailboxes: 10,
  share: 0.1,
  vip: 0,
  legalHold: 0,
  protected: {},
  confidence: 80,
  source: 'Defender',
  verdict: 'phishing',
  severity: 'high',
  // A Wednesday, 12:00 in Berlin.
  at: Date.parse('2026-11-25T11:00:00Z'),
};
const approve = [{ role: 'approver', count: 1 }];
const withRule = (when: object, more: object = {}) =>
  Policy.parse({ version: 1, rules: [{ name: 'one', when: { action: ['purge'], ...when }, approve, ...more }] });

describe('which rule decides', () => {
  it.each([
    ['action', { action: ['flag'] }, { action: 'flag' }],
    ['mode', { mode: ['dry-run'] }, { mode: 'dry-run' }],
    ['tenant', { tenant: ['fabrikam'] }, { tenant: 'fabrikam' }],
    ['copies', { copies: { atMost: 11 } }, { copies: 11 }],
    ['mailboxes', { mailboxes: { atLeast: 11 } }, { mailboxes: 11 }],
    ['share', { share: { atLeast: 0.5 } }, { share: 0.5 }],
    ['vip', { vip: { atLeast: 1 } }, { vip: 1 }],
    ['legalHold', { legalHold: { atLeast: 1 } }, { legalHold: 2 }],
    ['confidence', { confidence: { atLeast: 90 } }, { confidence: 90 }],
    ['source', { source: ['other'] }, { source: 'OTHER' }],
    ['verdict', { verdict: ['malware'] }, { verdict: 'malware' }],
    ['severity', { severity: ['critical'] }, { severity: 'critical' }],
    [
      'time',
      { time: { zone: 'Europe/Berlin', from: '18:00', to: '20:00' } },
      { at: Date.parse('2026-11-25T17:30:00Z') },
    ],
  ])('%s: fits or not', (_what, when, change) => {
    const policy = withRule(when);
    expect(termsOf(policy, WHAT).is).toBe('refused');
    expect(termsOf(policy, { ...WHAT, ...change } as Circumstances).is).toBe('asked');
  });

  it('what is not known is taken for the worst', () => {
    expect(termsOf(withRule({ share: { atMost: 0.9 } }), { ...WHAT, share: null }).is).toBe('refused');
    expect(termsOf(withRule({ confidence: { atLeast: 1 } }), { ...WHAT, confidence: null }).is).toBe('refused');
  });

  it.each([
    ['2026-11-25T22:30:00Z', true],
    ['2026-11-26T03:00:00Z', true],
    ['2026-11-26T08:00:00Z', false],
    // Thursday evening, when only Wednesday's night is meant.
    ['2026-11-26T22:30:00Z', false],
  ])('a night belongs to the day on which it began: %s', (at, fits) => {
    const policy = withRule({ time: { zone: 'Europe/Berlin', days: ['wed'], from: '19:00', to: '07:00' } });
    expect(termsOf(policy, { ...WHAT, at: Date.parse(at) }).is === 'asked').toBe(fits);
  });

  it('the first that matches, and none is a refusal', () => {
    const rule = { when: { action: ['purge'] }, approve };
    const policy = Policy.parse({
      version: 1,
      rules: [
        { ...rule, name: 'vip', when: { action: ['purge'], vip: { atLeast: 1 } } },
        { ...rule, name: 'second' },
        { ...rule, name: 'never reached' },
      ],
    });
    expect(termsOf(policy, WHAT)).toMatchObject({ rule: 'second' });
    expect(judge(policy, WHAT)).toEqual([
      { rule: 'vip', misfit: 'vip 0 is below 1' },
      { rule: 'second', misfit: null },
    ]);
    expect(termsOf(policy, { ...WHAT, action: 'undo' })).toMatchObject({ is: 'refused', rule: null });
  });

  it('protected sets add their people, and one that is never touched refuses', () => {
    const policy = Policy.parse({
      version: 1,
      mailboxes: { protected: [{ name: 'board', approve }, { name: 'never' }] },
      rules: [{ name: 'one', when: { action: ['purge'] }, approve }],
    });
    expect(termsOf(policy, { ...WHAT, protected: { board: 1 } })).toMatchObject({ seats: [...approve, ...approve] });
    expect(termsOf(policy, { ...WHAT, protected: { never: 1 } }).is).toBe('refused');
  });

  it('words tell everything that is asked for', () => {
    const terms = askedOf(approve, { reason: true, stepUp: 'c1', escalation: [{ afterMinutes: 5, remind: 'lead' }] });
    expect(termsWords(terms)).toBe(
      '1 \u00d7 approver within 60 minutes, each with a reason, each with a fresh sign-in (c1), after 5 minutes lead is reminded',
    );
  });

  it('seats change when an escalation is due, not before', () => {
    const lead = [{ role: 'lead', count: 1 }];
    const terms = askedOf(approve, { escalation: [{ afterMinutes: 10, ask: lead }] });
    expect([seatsAfter(terms, 9.9), seatsAfter(terms, 10)]).toEqual([approve, lead]);
  });
});

describe('without a file', () => {
  const policy = defaultPolicy();
  it.each([
    ['purge', 5, '1 \u00d7 approver within 60 minutes'],
    ['purge', 6, '2 \u00d7 approver within 60 minutes'],
    ['undo', 6, '2 \u00d7 approver within 60 minutes'],
    ['flag', 900, '1 \u00d7 approver within 60 minutes'],
    ['hard-purge', 1, 'refused: no rule of the policy allows hard-purge here'],
    ['contain', 1, 'refused: no rule of the policy allows contain here'],
  ] as const)('%s of %i mailboxes', (action, mailboxes, words) => {
    expect(termsWords(termsOf(policy, { ...WHAT, action, mailboxes }))).toBe(words);
  });
  it('a thousand mailboxes an hour', () => {
    expect(policy.caps.tenant).toEqual({ mailboxesPerHour: 1_000 });
  });
});

describe('a policy that cannot hold', () => {
  const rule = { name: 'one', when: { action: ['purge'] }, approve };
  it.each([
    ['an unknown role', { rules: [{ ...rule, approve: [{ role: 'boss' }] }] }, 'rules.0.approve.0.role'],
    ['the built-in role defined', { roles: { approver: { people: [] } } }, 'roles.approver'],
    ['neither approve nor refuse', { rules: [{ name: 'one', when: rule.when }] }, 'rules.0.approve'],
    ['both of them', { rules: [{ ...rule, refuse: 'no' }] }, 'rules.0.approve'],
    ['act-first without containment', { rules: [{ ...rule, actFirst: true }] }, 'rules.0.actFirst'],
    ['containment without act-first', { rules: [{ ...rule, when: { action: ['contain'] } }] }, 'rules.0.actFirst'],
    [
      'an escalation after the end',
      { rules: [{ ...rule, escalation: [{ afterMinutes: 60, remind: 'approver' }] }] },
      'rules.0.escalation',
    ],
    ['two rules of one name', { rules: [rule, rule] }, 'rules.1.name'],
    [
      'an empty range',
      { rules: [{ ...rule, when: { action: ['purge'], copies: { atLeast: 3, atMost: 2 } } }] },
      'rules.0.when.copies',
    ],
    [
      'a zone nobody knows',
      { rules: [{ ...rule, when: { action: ['purge'], time: { zone: 'Mars' } } }] },
      'rules.0.when.time.zone',
    ],
    ['an authentication context that is none', { rules: [{ ...rule, stepUp: 'c100' }] }, 'rules.0.stepUp'],
    ['no rule at all', { rules: [] }, 'rules'],
  ])('%s is named', (_what, change, path) => {
    const { error } = Policy.safeParse({ version: 1, rules: [rule], ...change });
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });
});
