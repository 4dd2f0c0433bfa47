import { describe, expect, it } from 'vitest';
import { Policy } from '../../src/core/ask/policy.ts';
import {
  type Circumstances,
  judgeRules,
  seatsAfter,
  termsForRecipients,
  termsOf,
  termsWords,
} from '../../src/core/ask/rule.ts';
import { askedOf, circumstancesOf } from '../support/cases.ts';

const WHAT = circumstancesOf();
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

  it.each([
    // Clocks go back at 03:00 to 02:00: that hour is there twice, and both are in the window.
    ['2026-10-24T23:59:00Z', false],
    ['2026-10-25T00:30:00Z', true],
    ['2026-10-25T01:30:00Z', true],
    ['2026-10-25T02:00:00Z', false],
    // Clocks go forward at 02:00 to 03:00: that hour is not there at all.
    ['2026-03-29T00:59:00Z', false],
    ['2026-03-29T01:00:00Z', false],
    // Summer and winter: the same hour by the clock on the wall.
    ['2026-07-01T00:15:00Z', true],
    ['2026-12-01T01:15:00Z', true],
    ['2026-12-01T00:15:00Z', false],
  ])('between two and three by the clock of Berlin: %s', (at, fits) => {
    const policy = withRule({ time: { zone: 'Europe/Berlin', from: '02:00', to: '03:00' } });
    expect(termsOf(policy, { ...WHAT, at: Date.parse(at) }).is === 'asked').toBe(fits);
  });

  it.each([
    [
      'the day where the tenant is, not the one in Greenwich',
      { zone: 'Pacific/Auckland', days: ['thu'] },
      '2026-11-25T12:00:00Z',
      true,
    ],
    ['the whole day without hours', { days: ['wed'] }, '2026-11-25T23:59:59.999Z', true],
    ['the day after', { days: ['wed'] }, '2026-11-26T00:00:00Z', false],
    ['the end does not belong to it', { from: '08:00', to: '18:00' }, '2026-11-25T18:00:00Z', false],
    ['the beginning does', { from: '08:00', to: '18:00' }, '2026-11-25T08:00:00Z', true],
    [
      'a whole day that begins in the morning',
      { days: ['wed'], from: '08:00', to: '08:00' },
      '2026-11-26T07:59:00Z',
      true,
    ],
    ['before its morning', { days: ['wed'], from: '08:00', to: '08:00' }, '2026-11-25T07:59:00Z', false],
    ['the last minute before midnight', { from: '18:00', to: '24:00' }, '2026-11-25T23:59:00Z', true],
    ['midnight, which is the next day', { from: '18:00', to: '24:00' }, '2026-11-26T00:00:00Z', false],
    [
      'Sunday night is still Sunday’s on Monday morning',
      { days: ['sun'], from: '22:00', to: '06:00' },
      '2026-11-30T05:00:00Z',
      true,
    ],
    [
      'Monday morning is not Monday’s night',
      { days: ['mon'], from: '22:00', to: '06:00' },
      '2026-11-30T05:00:00Z',
      false,
    ],
  ])('times: %s', (_what, time, at, fits) => {
    expect(termsOf(withRule({ time }), { ...WHAT, at: Date.parse(at) }).is === 'asked').toBe(fits);
  });

  it.each([
    ['one below', { copies: { atLeast: 13 } }, false],
    ['exactly the least', { copies: { atLeast: 12 } }, true],
    ['exactly the most', { copies: { atMost: 12 } }, true],
    ['one above', { copies: { atMost: 11 } }, false],
    ['between two', { copies: { atLeast: 1, atMost: 20 } }, true],
    ['one of several', { verdict: ['malware', 'phishing'] }, true],
    ['all of several conditions', { verdict: ['phishing'], severity: ['high'], vip: { atMost: 0 } }, true],
    ['all but one of several conditions', { verdict: ['phishing'], severity: ['low'], vip: { atMost: 0 } }, false],
    ['a tenant named exactly', { tenant: ['Contoso'] }, false],
  ])('a limit belongs to its range: %s', (_what, when, fits) => {
    expect(termsOf(withRule(when), WHAT).is === 'asked').toBe(fits);
  });

  it('mailboxes of all protected sets are counted together', () => {
    const policy = Policy.parse({
      version: 1,
      mailboxes: {
        protected: [
          { name: 'board', approve },
          { name: 'legal', approve },
        ],
      },
      rules: [{ name: 'one', when: { action: ['purge'], protected: { atLeast: 3 } }, approve }],
    });
    const touching = (board: number, legal: number) => termsOf(policy, { ...WHAT, protected: { board, legal } }).is;
    expect([touching(1, 1), touching(2, 1)]).toEqual(['refused', 'asked']);
  });

  it('a rule that refuses says why, and nothing after it is looked at', () => {
    const policy = Policy.parse({
      version: 1,
      rules: [
        { name: 'hold', when: { action: ['purge'], legalHold: { atLeast: 1 } }, refuse: 'ask the lawyers' },
        { name: 'others', when: { action: ['purge'] }, approve },
      ],
    });
    expect(termsOf(policy, { ...WHAT, legalHold: 1 })).toEqual({ is: 'refused', rule: 'hold', why: 'ask the lawyers' });
    expect(termsOf(policy, WHAT)).toMatchObject({ is: 'asked', rule: 'others' });
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
    expect(judgeRules(policy, WHAT)).toEqual([
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

  it('waiting for the escalation does not open a protected set', () => {
    const ask = [{ role: 'approver', count: 2 }];
    const policy = Policy.parse({
      version: 1,
      roles: { legal: { people: ['11111111-0000-4000-8000-000000000001'] } },
      mailboxes: { protected: [{ name: 'board', approve: [{ role: 'legal' }] }] },
      rules: [
        {
          name: 'one',
          when: { action: ['purge'] },
          approve,
          escalation: [
            { afterMinutes: 30, ask },
            { afterMinutes: 10, remind: 'approver' },
          ],
        },
      ],
    });
    const terms = termsOf(policy, { ...WHAT, protected: { board: 1 } });
    expect(terms.is === 'asked' && [seatsAfter(terms, 0), seatsAfter(terms, 45)]).toEqual([
      [...approve, { role: 'legal', count: 1 }],
      [...ask, { role: 'legal', count: 1 }],
    ]);
    // In the order of time, whatever the order in the file.
    expect(terms.is === 'asked' && terms.escalation.map(({ afterMinutes }) => afterMinutes)).toEqual([10, 30]);
  });

  it('nothing is contained unasked where a mailbox is protected', () => {
    const policy = Policy.parse({
      version: 1,
      mailboxes: { protected: [{ name: 'board', approve }] },
      rules: [{ name: 'one', when: { action: ['contain'] }, approve, actFirst: true }],
    });
    expect(termsOf(policy, { ...WHAT, action: 'contain', protected: { board: 1 } }).is).toBe('refused');
    expect(termsOf(policy, { ...WHAT, action: 'contain', protected: {} })).toMatchObject({
      is: 'asked',
      actFirst: true,
    });
  });

  it('words tell everything that is asked for', () => {
    const terms = askedOf(approve, { reason: true, stepUp: 'c1', escalation: [{ afterMinutes: 5, remind: 'lead' }] });
    expect(termsWords(terms)).toBe(
      '1 \u00d7 approver within 60 minutes, each with a reason, each with a fresh sign-in (c1), after 5 minutes lead is reminded',
    );
  });

  it('seats change when an escalation is due, not before', () => {
    const [lead, board] = [[{ role: 'lead', count: 1 }], [{ role: 'board', count: 2 }]];
    const terms = askedOf(approve, {
      escalation: [
        { afterMinutes: 10, ask: lead },
        { afterMinutes: 20, remind: 'board' },
        { afterMinutes: 30, ask: board },
      ],
    });
    expect([0, 9.9, 10, 20, 29.9, 30, 59].map((minutes) => seatsAfter(terms, minutes))).toEqual([
      approve,
      approve,
      lead,
      lead,
      lead,
      board,
      board,
    ]);
  });
});

describe('where nobody is left but those who received it', () => {
  const guarded = { protected: [{ name: 'board', approve: [{ role: 'chair', count: 1 }] }] };
  const policyWith = (more: object) =>
    Policy.parse({
      version: 1,
      roles: { chair: { people: ['11111111-0000-4000-8000-000000000001'] } },
      rules: [{ name: 'one', when: { action: ['purge'] }, approve }],
      ...more,
    });
  const asked = askedOf(approve, {
    stepUp: 'c1',
    escalation: [
      { afterMinutes: 5, remind: 'approver' },
      { afterMinutes: 10, ask: approve },
    ],
  });

  it('two of them decide, as strictly as before, and waiting asks nobody else', () => {
    expect(termsForRecipients(policyWith({}), asked, WHAT)).toEqual({
      ...asked,
      seats: [{ role: 'approver', count: 2 }],
      escalation: [{ afterMinutes: 5, remind: 'approver' }],
      recipientsMay: true,
    });
  });

  it('with a sign-in where the policy wants one and the rule does not', () => {
    const policy = policyWith({ whenNobodyIsLeft: { stepUp: 'c7' } });
    expect(termsForRecipients(policy, { ...asked, stepUp: null }, WHAT)?.stepUp).toBe('c7');
    expect(termsForRecipients(policy, asked, WHAT)?.stepUp).toBe('c1');
  });

  it('together with whoever guards a protected mailbox', () => {
    const terms = termsForRecipients(policyWith({ mailboxes: guarded }), asked, { protected: { board: 1 } });
    expect(terms?.seats).toEqual([
      { role: 'approver', count: 2 },
      { role: 'chair', count: 1 },
    ]);
  });

  it('nobody does where the policy says so, and never for what acts first', () => {
    expect(termsForRecipients(policyWith({ whenNobodyIsLeft: false }), asked, WHAT)).toBeNull();
    expect(termsForRecipients(policyWith({}), { ...asked, actFirst: true }, WHAT)).toBeNull();
  });

  it('and the words say why', () => {
    expect(termsWords({ ...asked, recipientsMay: true })).toContain('because nobody else is left');
    expect(termsWords(asked)).not.toContain('because nobody else is left');
  });
});
