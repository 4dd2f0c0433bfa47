import { describe, expect, it } from 'vitest';
import type { FinderAnswer } from '../../src/core/find/finder.ts';
import type { LookResult, Plan, UnsureGroup } from '../../src/core/find/plan.ts';
import { leftOf } from '../../src/core/record/looked.ts';
import type { Findings } from '../../src/flow/find/findings.ts';
import { leftSomething, lookedOf } from '../../src/flow/find/seen.ts';
import type { Survey } from '../../src/flow/find/survey.ts';
import { planOf } from '../support/cases.ts';
import { at } from './began.ts';

/** What a look after the list was made says of what it could not look into, or not call a copy. */

const answered: FinderAnswer = {
  ...{ name: 'hunting', status: 'answered', found: 2, cutOff: false, detail: '', asOf: at(0) },
};
const looked = (result: LookResult, ...addresses: readonly string[]): Survey['lookups'] =>
  addresses.map((address) => ({ address, mailbox: null, result, messages: [], requestId: 'r', detail: '' }));
const group = (key: string, ...addresses: readonly string[]): UnsureGroup => ({
  ...{ key, differences: ['subject'], sender: null, subject: null, from: null, until: null },
  addresses,
});

function seen(
  survey: Partial<Survey> = {},
  { findings = {} as Partial<Findings>, plan = {} as Partial<Plan>, before = null as Plan | null } = {},
) {
  const all = {
    ...{ lookups: [], finders: [answered], trackingCut: false, unreachable: [], unresolved: [], notLooked: 0 },
    ...survey,
  };
  const look = {
    survey: all as unknown as Survey,
    findings: { shielded: [], unsure: [], ...findings } as unknown as Findings,
    own: planOf(plan),
    before: before && { finders: before.finders, failed: before.failed.length, left: leftOf(before) },
  };
  return lookedOf({ clock: { now: () => at(5), id: () => '', incidentId: () => '' } }, look, { again: true, grown: 3 });
}

describe('a look', () => {
  it('says when it was, what it found, whether it is asked again, and who answered', () => {
    expect(seen()).toEqual({
      ...{ at: at(5), finders: [answered], failed: 0, failedFirst: null, again: true, grown: 3 },
      left: leftOf(planOf()),
    });
  });

  it('says of a finder whether what it told was cut off', () => {
    expect(seen({ trackingCut: true }).finders).toEqual([{ ...answered, cutOff: true }]);
  });

  it('counts each mailbox once, whatever the case of its address, and names the first that failed', () => {
    const lookups = [
      ...looked('failed', 'Zoe@contoso.example', 'zoe@contoso.example', 'ann@contoso.example'),
      ...looked('denied', 'd@contoso.example'),
      ...looked('unreachable', 'u@contoso.example', 'v@contoso.example'),
      ...looked('missing', 'm@contoso.example', 'n@contoso.example', 'o@contoso.example'),
      ...looked('nothing', 'x@contoso.example'),
    ];
    expect(
      seen({ lookups, unreachable: ['list@contoso.example'], unresolved: ['who@contoso.example', 'b'] }),
    ).toMatchObject({
      ...{ failed: 2, failedFirst: 'zoe@contoso.example' },
      left: { denied: 1, unreachable: 3, missing: 3, unresolved: 2, unresolvedFirst: 'who@contoso.example' },
    });
  });

  it('says the more that was left out, then or now', () => {
    expect([
      seen({ notLooked: 2 }, { plan: { notLooked: 7 } }),
      seen({ notLooked: 9 }, { plan: { notLooked: 7 } }),
    ]).toMatchObject([{ left: { notLooked: 7 } }, { left: { notLooked: 9 } }]);
  });

  it('tells of protected mailboxes that the list does not name', () => {
    const shielded = [
      { address: 'CEO@contoso.example', set: 'board' },
      { address: 'cfo@contoso.example', set: 'finance' },
    ];
    const plan = { shielded: [{ address: 'ceo@contoso.example', set: 'board' }] };
    expect(seen({}, { findings: { shielded }, plan }).left).toMatchObject({ shielded: 1, shieldedBy: 'finance' });
  });

  it('tells of mails that may be this one beyond those in the groups of the list, each as often as it is there', () => {
    const unsure = [group('g1', 'a', 'a', 'b'), group('g2', 'c', 'c')];
    const left = (own: readonly UnsureGroup[]) =>
      seen({}, { findings: { unsure }, plan: { unsure: own } }).left?.unsure;
    expect([
      left([]),
      left([group('g1', 'a', 'b')]),
      left([group('g1', 'a', 'a', 'b', 'z'), group('g2', 'c')]),
    ]).toEqual([5, 3, 1]);
    // Less than before takes nothing from another.
    expect(left([group('g1', 'a', 'a', 'a', 'a'), group('g2', 'c')])).toBe(2);
  });

  it('that is not whole keeps what an earlier one knew', () => {
    const silent: FinderAnswer = { ...answered, status: 'silent' };
    const before = planOf({ finders: [{ ...answered, cutOff: true }] });
    expect(seen({ finders: [silent] }, { before }).finders).toEqual([{ ...silent, cutOff: true }]);
    expect(seen({ finders: [silent] }).finders).toEqual([silent]);
  });

  it.each<[LookResult, boolean]>([
    ...(['failed', 'denied', 'unreachable', 'missing'] as const).map((one): [LookResult, boolean] => [one, true]),
    ['nothing', false],
  ])('that ends as %s leaves something: %s', (result, leaves) => {
    expect(leftSomething({ result })).toBe(leaves);
  });
});
