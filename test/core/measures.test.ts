import { describe, expect, it } from 'vitest';
import { breakGlassOf, fits, playbookNamed, together } from '../../src/core/ask/measure-terms.ts';
import { defaultPolicy, Policy, withApprovers } from '../../src/core/ask/policy.ts';
import { termsOf } from '../../src/core/ask/rule.ts';
import { isOfIncident, sentInsideIn, wantedIn } from '../../src/core/find/measures-wanted.ts';
import { type AccountSeen, barOf } from '../../src/core/measure/barred.ts';
import { HAND_KINDS, handLine } from '../../src/core/measure/by-hand.ts';
import { isSame } from '../../src/core/measure/compare.ts';
import { MEASURES } from '../../src/core/measure/kinds.ts';
import { type Image, MEASURE_KINDS, type MeasureKind } from '../../src/core/measure/measure.ts';
import { alertOf, askedOf, circumstancesOf, copyOf, planOf } from '../support/cases.ts';

/** The rules of measures about people, without a store. */

const there = (image: Image) => ({ is: 'there', image }) as const;
const GONE = { is: 'gone' } as const;

describe('the policy', () => {
  const both = (policy: Policy, action: MeasureKind) => termsOf(policy, circumstancesOf({ action })).is;

  it.each(MEASURE_KINDS)('refuses %s by default, and allows it where a rule names it', (kind) => {
    expect(both(withApprovers(defaultPolicy(), ['a']), kind)).toBe('refused');
    const rules = [{ name: 'r', when: { action: [kind] }, approve: [{ role: 'approver', count: 1 }] }];
    const policy = withApprovers(Policy.parse({ version: 1, rules }), ['a']);
    expect(MEASURE_KINDS.filter((one) => both(policy, one) === 'asked')).toEqual([kind]);
    expect(both(policy, kind)).toBe('asked');
  });

  it('lets no measure act first', () => {
    const rules = [
      { name: 'r', when: { action: ['disable-account'] }, approve: [{ role: 'approver', count: 1 }], actFirst: true },
    ];
    expect(Policy.safeParse({ version: 1, rules }).success).toBe(false);
  });

  it('knows a playbook by its name, which is the name of no measure and of no other playbook', () => {
    const policy = (names: readonly string[]) => ({
      version: 1,
      rules: [{ name: 'r', when: { action: ['purge'] }, approve: [{ role: 'approver', count: 1 }] }],
      playbooks: names.map((name) => ({ name, measures: ['rule-off'], when: { severity: ['high'] } })),
    });
    const read = Policy.parse(policy(['takeover']));
    expect(playbookNamed(read, 'takeover')?.measures).toEqual(['rule-off']);
    expect(playbookNamed(read, 'another')).toBeNull();
    expect(playbookNamed({}, 'takeover')).toBeNull();
    expect(Policy.safeParse(policy(['rule-off'])).success).toBe(false);
    expect(Policy.safeParse(policy(['takeover', 'takeover'])).success).toBe(false);
    expect(breakGlassOf({})).toEqual({ addresses: [], entraGroups: [] });
  });

  it('means a playbook for the mails that it is for', () => {
    const book = { name: 'x', measures: ['rule-off' as const], when: { severity: ['high' as const] } };
    expect(fits(book, { verdict: 'bec', severity: 'high' })).toBe(true);
    expect(fits(book, { verdict: 'bec', severity: 'low' })).toBe(false);
    expect(fits({ ...book, when: undefined }, { verdict: 'bec', severity: 'low' })).toBe(true);
  });
});

describe('several measures together', () => {
  const seat = (role: string, count: number) => ({ role, count });

  it('take of each role as many as the one that asks for most', () => {
    const terms = together([
      askedOf([seat('analyst', 2), seat('lead', 1)], { rule: 'a', expiryMinutes: 60 }),
      askedOf([seat('analyst', 1), seat('legal', 1)], { rule: 'b', expiryMinutes: 30, reason: true }),
    ]);
    expect(terms).toEqual({
      rules: ['a', 'b'],
      seats: [seat('analyst', 2), seat('lead', 1), seat('legal', 1)],
      expiryMinutes: 30,
      reason: true,
      stepUp: null,
    });
  });

  it('add up what one rule and the guards of a protected set ask of the same role', () => {
    expect(together([askedOf([seat('lead', 1), seat('lead', 1)])])?.seats).toEqual([seat('lead', 2)]);
  });

  it('take the authentication context with the highest number', () => {
    const of = (stepUp: string | null) => askedOf([seat('lead', 1)], { stepUp });
    expect(together([of('c9'), of(null), of('c10')])?.stepUp).toBe('c10');
  });

  it('are nothing where there is none', () => {
    expect(together([])).toBeNull();
  });
});

describe('what is typed', () => {
  const policy = withApprovers(
    Policy.parse({
      version: 1,
      rules: [{ name: 'r', when: { action: ['purge'] }, approve: [{ role: 'approver', count: 1 }] }],
      playbooks: [{ name: 'takeover', measures: ['rule-off', 'revoke-sessions'] }],
    }),
    [],
  );
  const read = (words: string) => wantedIn(words, policy);

  it('is an incident, measures, people and a reason', () => {
    expect(read('cb-1 disable-account Ann@Contoso.example because she clicked because')).toEqual({
      incident: 'CB-1',
      kinds: ['disable-account'],
      byHand: [],
      playbook: null,
      addresses: ['ann@contoso.example'],
      reason: 'she clicked because',
    });
  });

  it('may name a playbook, lines for an administrator, and what Slack makes of an address', () => {
    expect(read('CB-1 takeover reset-mfa <mailto:ann@contoso.example|ann@contoso.example> because x')).toMatchObject({
      kinds: ['rule-off', 'revoke-sessions'],
      byHand: ['reset-mfa'],
      playbook: 'takeover',
      addresses: ['ann@contoso.example'],
    });
  });

  it('means everybody only where that is what is asked for', () => {
    expect(read('CB-1 remove-event because of the meeting')).toMatchObject({ kinds: ['remove-event'], addresses: [] });
    expect(read('CB-1 found because of it')).toMatchObject({ kinds: [], addresses: [] });
    expect(read('CB-1 disable-account because of it')).toEqual({ problem: { is: 'nobody' } });
    expect(read('CB-1 ann@contoso.example because of it')).toEqual({ problem: { is: 'nobody' } });
  });

  it.each([
    ['', 'incident'],
    ['CB-1 disable-account ann@contoso.example', 'reason'],
    ['CB-1 disable-account ann@contoso.example because  ', 'reason'],
    [`CB-1 disable-account ann@contoso.example because ${'x'.repeat(1_001)}`, 'reason'],
    ['CB-1 explode ann@contoso.example because x', 'word'],
    [
      `CB-1 disable-account ${Array.from({ length: 21 }, (_n, n) => `p${n}@x.example`).join(' ')} because x`,
      'too-many',
    ],
  ])('%j lacks something: %s', (words, is) => {
    expect(read(words)).toMatchObject({ problem: { is } });
  });

  it('may be the mail that one account sent to people inside, which stands alone', () => {
    const of = (words: string) => sentInsideIn(words);
    const asked = { incident: 'CB-1', address: 'ann@contoso.example', days: null, reason: 'x because y' };
    expect(of('cb-1 Sent-Inside Ann@Contoso.example because x because y')).toEqual(asked);
    expect(of('CB-1 sent-inside ann@contoso.example 7d because x because y')).toEqual({ ...asked, days: 7 });
    expect(of('CB-1 found because x')).toBeNull();
    expect(of('CB-1 found because of sent-inside mail')).toBeNull();
  });

  it.each([
    ['CB-1 sent-inside because x', 'nobody'],
    ['CB-1 sent-inside ann@contoso.example', 'reason'],
    ['CB-1 sent-inside ann@contoso.example bob@contoso.example because x', 'too-many'],
    ['CB-1 sent-inside ann@contoso.example 3d 4d because x', 'too-many'],
    ['CB-1 sent-inside ann@contoso.example 31d because x', 'word'],
    ['CB-1 sent-inside disable-account ann@contoso.example because x', 'word'],
  ])('%j is not understood: %s', (words, is) => {
    expect(sentInsideIn(words)).toMatchObject({ problem: { is } });
  });

  it('is about people of the incident alone', () => {
    const about = { alert: alertOf({ recipients: ['cas@contoso.example'] }), plan: planOf({ copies: [copyOf(1)] }) };
    const of = (address: string) => isOfIncident(address, about);
    expect(['cas@contoso.example', 'User1@contoso.example', 'billing@fabrikam.example'].map(of)).toEqual([
      true,
      true,
      true,
    ]);
    expect(of('eve@contoso.example')).toBe(false);
    expect(isOfIncident('user1@contoso.example', { ...about, plan: null })).toBe(false);
  });
});

describe('a line for an administrator', () => {
  it.each(HAND_KINDS)('%s holds what was named as a literal string and nothing more', (kind) => {
    const { line } = handLine(kind, "a';Remove-Mailbox(b)#\u2019\u201b$(calc)@x.example");
    expect(line).toContain("'a'';Remove-Mailbox(b)#\u2019\u2019\u201b\u201b$(calc)@x.example'");
  });

  it.each([
    ['a\n@x.example', 'hidden'],
    ['a\u202e@x.example', 'hidden'],
    ['fabrikam.example', 'no address'],
    ['', 'empty'],
    ['a@x@y.example', 'no address'],
    [`${'a'.repeat(300)}@x.example`, 'too long'],
    ['https://a@x.example', 'shown otherwise'],
  ])('is none for %j, and says why: %s', (address, why) => {
    expect(HAND_KINDS.map((kind) => handLine(kind, address))).toEqual(HAND_KINDS.map(() => ({ line: null, why })));
  });
});

describe('who is never touched', () => {
  const nobody: AccountSeen = { known: true, privileged: false, roles: [], synced: false, missing: '', unseen: '' };

  it.each<[MeasureKind, Partial<AccountSeen>, boolean, ReturnType<typeof barOf>]>([
    ['disable-account', {}, false, null],
    ['disable-account', {}, true, 'break-glass'],
    ['rule-off', { privileged: true }, false, 'privileged'],
    ['rule-off', { known: false }, false, 'unknown-account'],
    ['rule-off', { privileged: null }, false, null],
    ['disable-account', { privileged: null }, false, 'roles-unknown'],
    ['revoke-sessions', { privileged: null }, false, 'roles-unknown'],
    ['mark-compromised', { privileged: null }, false, 'roles-unknown'],
    ['revoke-grant', { privileged: null }, false, null],
  ])('%s of %j: %s', (kind, change, isBreakGlass, bar) => {
    expect(barOf(kind, { ...nobody, ...change }, isBreakGlass)).toBe(bar);
  });
});

describe('the way back', () => {
  const rule = { id: 'r', isEnabled: true, sequence: 2, conditions: { subjectContains: ['x'] }, hasError: false };
  const off = { ...rule, isEnabled: false };

  it.each<[MeasureKind, Image, ReturnType<typeof there> | typeof GONE, ReturnType<typeof there> | typeof GONE, string]>(
    [
      ['rule-off', rule, there(off), there(off), 'ours'],
      ['rule-off', rule, there(off), there({ ...off, hasError: true }), 'ours'],
      ['rule-off', rule, there(off), there(rule), 'as before'],
      ['rule-off', rule, there(off), there({ ...off, sequence: 1 }), 'changed'],
      ['rule-off', rule, there(off), there({ ...rule, sequence: 1 }), 'changed'],
      ['rule-off', rule, there(off), GONE, 'changed'],
      ['disable-account', { accountEnabled: true }, there({ accountEnabled: false }), GONE, 'changed'],
      ['take-sent-copy', { folderId: 's' }, GONE, GONE, 'ours'],
      ['take-sent-copy', { folderId: 's' }, there({ folderId: 'b' }), GONE, 'changed'],
      ['take-sent-copy', { folderId: 's' }, there({ folderId: 'b' }), there({ folderId: 's' }), 'as before'],
      ['revoke-grant', { id: 'a', scope: 'x' }, GONE, there({ id: 'b', scope: 'x' }), 'as before'],
      ['revoke-grant', { id: 'a', scope: 'x' }, GONE, there({ id: 'a', scope: 'y' }), 'changed'],
      ['mark-compromised', { riskState: 'atRisk' }, there({ riskState: 'confirmedCompromised' }), GONE, 'changed'],
      [
        'mark-compromised',
        { riskState: 'atRisk' },
        there({ riskState: 'confirmedCompromised' }),
        there({ riskState: 'remediated' }),
        'changed',
      ],
      [
        'mark-compromised',
        { riskState: 'atRisk' },
        there({ riskState: 'confirmedCompromised' }),
        there({ riskState: 'dismissed' }),
        'as before',
      ],
    ],
  )('%s: %j, left as %j, now %j: %s', (kind, before, after, now, said) => {
    expect(MEASURES[kind].back(before, after, now)).toBe(said);
  });

  it('sessions are ended where they began anew since, and not before', () => {
    const of = (at: string | null) => ({ signInSessionsValidFromDateTime: at });
    const { isDone } = MEASURES['revoke-sessions'];
    expect(isDone(there(of('2026-11-20T08:00:01Z')), of('2026-11-20T08:00:00Z'))).toBe(true);
    expect(isDone(there(of('2026-11-20T08:00:00Z')), of('2026-11-20T08:00:00Z'))).toBe(false);
    expect(isDone(there(of('2026-11-20T08:00:00Z')), of(null))).toBe(true);
    expect(isDone(there(of(null)), of(null))).toBe(false);
    expect(isDone(there(of('2026-11-20T08:00:00Z')), null)).toBe(false);
    expect(isDone(GONE, of(null))).toBe(false);
  });

  it.each(MEASURE_KINDS)('%s says whether there is one', (kind) => {
    const { undo, words } = MEASURES[kind];
    expect(undo === 'none').toBe(['revoke-sessions', 'remove-event'].includes(kind));
    expect(words.isBack === '').toBe(undo === 'none');
    if (undo === 'none') expect(MEASURES[kind].isBack({}, GONE)).toBe(false);
    if (undo === 'none') expect(MEASURES[kind].back({}, GONE, GONE)).toBe('changed');
  });

  it('two images are the same whatever the order of their fields, and a field that is null is one that is not there', () => {
    expect(isSame({ a: 1, b: { c: [1, 2], d: null } }, { b: { c: [1, 2] }, a: 1, e: null })).toBe(true);
    expect(isSame({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
    expect(isSame({ a: 1, id: 1 }, { a: 1, id: 2 }, ['id'])).toBe(true);
    expect(isSame({}, { a: 0 })).toBe(false);
  });
});
