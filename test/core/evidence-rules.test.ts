import { describe, expect, it, test } from 'vitest';
import { POLICY_WORDS } from '../../src/core/ask/condition.ts';
import { evidenceNow, precisionIn, withEvidence } from '../../src/core/ask/evidence.ts';
import { EvidenceRule } from '../../src/core/ask/evidence-rule.ts';
import { Policy, seatsIn, stepUpsIn } from '../../src/core/ask/policy.ts';
import { seatsAfter } from '../../src/core/ask/rule.ts';
import type { KindCount } from '../../src/core/intelligence/precision.ts';
import { ENOUGH_CLOSED, MEASURED } from '../../src/core/intelligence/precision.ts';
import { SIGNAL_NAMES } from '../../src/core/signal/signals.ts';
import { evidenceLines } from '../../src/core/tell/evidence-words.ts';
import { askedOf } from '../support/cases.ts';

/** What findings add to a decision: nothing before they have been right often enough, and never less than the rule asks for. */

const LEAD = [{ role: 'lead', count: 1 }];
const ruleOf = (change: Partial<EvidenceRule> = {}) =>
  EvidenceRule.parse({ name: 'threads', seen: ['thread-hijack'], action: ['purge'], approve: LEAD, ...change });
const counted = (malicious: number, harmless: number, kind: KindCount['kind'] = 'thread-hijack'): KindCount => ({
  ...{ kind, malicious, harmless },
});
const spokeOf = (counts: readonly KindCount[], spoke = ['thread-hijack']) => ({ spoke, counts });
const TERMS = askedOf([{ role: 'analyst', count: 1 }]);
const addedTo = (rules: readonly EvidenceRule[], counts: readonly KindCount[], action = 'purge', terms = TERMS) =>
  withEvidence(terms, action, evidenceNow(rules, spokeOf(counts)));

describe('a rule about findings', () => {
  test.each([
    ['twenty-nine of twenty-nine', 29, 0, false],
    ['thirty of thirty', 30, 0, true],
    ['eight in ten of thirty', 24, 6, true],
    ['fewer than eight in ten', 23, 7, false],
    ['all of many, but for one in four', 300, 100, false],
    ['none', 0, 0, false],
  ])('asks for more, once it was right: %s', (_how, malicious, harmless, isProven) => {
    const { seats } = addedTo([ruleOf()], [counted(malicious, harmless)]);
    expect(seats).toEqual(isProven ? [...TERMS.seats, ...LEAD] : TERMS.seats);
  });

  it('says nothing where nothing of it spoke, or nobody has looked', () => {
    expect(evidenceNow([ruleOf()], undefined)).toEqual([]);
    expect(evidenceNow([ruleOf()], spokeOf([counted(99, 0)], ['burst']))).toEqual([]);
  });

  it('is in shadow for what is not proven, beside what is', () => {
    const rule = ruleOf({ seen: ['thread-hijack', 'burst'] });
    const [now] = evidenceNow([rule], spokeOf([counted(40, 0), counted(3, 0, 'burst')], ['burst', 'thread-hijack']));
    expect([now?.proven.map(({ kind }) => kind), now?.shadow.map(({ kind }) => kind)]).toEqual([
      ['thread-hijack'],
      ['burst'],
    ]);
  });

  it('adds seats that waiting does not take away', () => {
    const ask = [{ role: 'analyst', count: 2 }];
    const terms = askedOf([{ role: 'analyst', count: 1 }], {
      escalation: [
        { afterMinutes: 5, remind: 'lead' },
        { afterMinutes: 10, ask },
      ],
    });
    const added = addedTo([ruleOf()], [counted(40, 0)], 'purge', terms);
    expect(seatsAfter(added, 0)).toEqual([...terms.seats, ...LEAD]);
    expect(seatsAfter(added, 30)).toEqual([...ask, ...LEAD]);
  });

  it('names itself beside the rule, and takes the higher of two sign-ins', () => {
    const strict = ruleOf({ name: 'strict', stepUp: 'c9', reason: true });
    const added = addedTo([ruleOf(), strict], [counted(40, 0)], 'purge', { ...TERMS, stepUp: 'c12' });
    expect([added.rule, added.stepUp, added.reason]).toEqual([`${TERMS.rule} + threads + strict`, 'c12', true]);
    expect(addedTo([strict], [counted(40, 0)]).stepUp).toBe('c9');
  });

  const NOT_AT_ONCE = POLICY_WORDS.filter((word) => word !== 'contain');
  /** Whatever it says, and whatever is done: as strict as without it, or more. */
  test.each(NOT_AT_ONCE)('makes %s never easier, nor done at once', (action) => {
    const rules = NOT_AT_ONCE.map((word) => ruleOf({ name: word, action: [word], reason: true, stepUp: 'c1' }));
    const terms = askedOf([{ role: 'analyst', count: 1 }], { stepUp: 'c3', expiryMinutes: 45 });
    const added = addedTo(rules, [counted(40, 0)], action, terms);
    expect(added.seats).toEqual([...terms.seats, ...LEAD]);
    expect([added.is, added.stepUp, added.reason, added.expiryMinutes, added.actFirst]).toEqual([
      ...['asked', 'c3', true, 45, false],
    ]);
    expect(
      addedTo(
        rules.filter(({ name }) => name !== action),
        [counted(40, 0)],
        action,
        terms,
      ),
    ).toEqual(terms);
  });
});

describe('the policy', () => {
  const RULES = [{ name: 'r', when: { action: ['purge'] }, approve: [{ role: 'approver', count: 1 }] }];
  const ROLES = { lead: { people: ['5c8d1f3a-9b2e-4f76-8a40-c7e6d5b4a321'] } };
  const read = (evidence: unknown) => Policy.safeParse({ version: 1, rules: RULES, roles: ROLES, evidence });
  const rule = { name: 'threads', seen: ['thread-hijack'], action: ['purge'], approve: LEAD };

  it('takes rules about findings, and counts their seats and sign-ins among its own', () => {
    const { data } = read([{ ...rule, stepUp: 'c2' }]);
    expect(data && seatsIn(data)).toContainEqual({ path: 'evidence.0.approve', seats: LEAD });
    expect(data && stepUpsIn(data)).toEqual([{ where: 'rule \u201cthreads\u201d', context: 'c2' }]);
    expect(read(undefined).data?.evidence).toEqual([]);
  });

  test.each([
    ['that asks for nothing', { ...rule, approve: undefined }],
    ['that refuses', { ...rule, refuse: 'never' }],
    ['that has something done at once', { ...rule, actFirst: true }],
    ['that makes it harder to confirm what comes back unconfirmed', { ...rule, action: ['contain'] }],
    ['that takes time away', { ...rule, expiryMinutes: 5 }],
    ['about what is only ever weak', { ...rule, seen: ['first-time'] }],
    ['about what nobody knows', { ...rule, seen: ['gut-feeling'] }],
    ['about nothing', { ...rule, seen: [] }],
    ['that is content with a coin', { ...rule, percent: 49 }],
    ['of a role that is not there', { ...rule, approve: [{ role: 'nobody', count: 1 }] }],
  ])('takes no rule %s', (_what, one) => {
    expect(read([one]).success).toBe(false);
  });

  it('takes no two of one name', () => {
    expect(read([rule, rule]).success).toBe(false);
  });

  it('knows every kind about people, and of the mail what is more than weak somewhere', () => {
    const weak = SIGNAL_NAMES.filter((name) => !(MEASURED as readonly string[]).includes(name));
    expect(weak).toEqual(['payment-words', 'prevalence', 'first-time', 'unsolicited']);
  });
});

describe('a card', () => {
  const lines = (counts: readonly KindCount[]) => evidenceLines({ evidence: [ruleOf()] }, spokeOf(counts));

  it('says which rule asks for more, and by what right', () => {
    expect(lines([counted(36, 4)])).toEqual([
      '\u201cthreads\u201d asks for more (1 \u00d7 lead): malicious thread hijack 36 of 40 (90 %) closed incidents.',
    ]);
  });

  it('says which rule is in shadow, and what it lacks', () => {
    expect(lines([counted(12, 0)])).toEqual([
      '\u201cthreads\u201d is in shadow and asks for nothing: malicious thread hijack 12 of 12 closed incidents; at least 30 and 80 % are needed.',
    ]);
    expect(lines([])[0]).toContain('thread hijack 0 of 0 closed incidents');
  });

  it('keeps small, whatever the policy holds', () => {
    const name = '\u202e@everyone <b>'.repeat(5);
    const many = Array.from({ length: 50 }, (_none, n) => ruleOf({ name: `${n} ${name}`, seen: [...MEASURED] }));
    const told = evidenceLines({ evidence: many }, spokeOf([counted(40, 0)], [...MEASURED]));
    expect([told.length, told.every((line) => line.length <= 300)]).toEqual([3, true]);
    expect(told.join('')).not.toContain('\u202e');
  });

  it('says nothing where the policy has no such rule, as those from before have none', () => {
    expect(evidenceLines({}, spokeOf([counted(40, 0)]))).toEqual([]);
  });
});

it('what never spoke in a closed incident was right in none', () => {
  expect(precisionIn([], 'burst')).toEqual({ kind: 'burst', closed: 0, malicious: 0, percent: null });
  expect(precisionIn([counted(ENOUGH_CLOSED, 0)], 'thread-hijack').percent).toBe(100);
});
