import { describe, expect, it } from 'vitest';
import { Flags, maySeeFlags } from '../../src/core/ask/flags.ts';
import { type Flag, type FlagEntry, flagFrom, isOverdue, isOwnMailbox } from '../../src/core/flag/flag.ts';
import { clearTally, whyNot } from '../../src/core/flag/may.ts';
import { stepsNow } from '../../src/core/flag/steps.ts';

/** A flagged mailbox at the moments and in the orders in which one condition more or less would show. */

const T0 = '2026-11-20T08:00:00.000Z';
const HOUR_MS = 3_600_000;
const at = (hours: number) => Date.parse(T0) + hours * HOUR_MS;
const iso = (hours: number) => new Date(at(hours)).toISOString();
const terms = (change: object = {}) => Flags.parse(change);

let seq = 0;
const entry = (type: string, detail: object = {}, by = 'dana', hours = 0) =>
  ({
    ...{ type, at: iso(hours), actor: { kind: 'person', id: by, name: by }, platform: null, incident: 'CB-1' },
    ...{ mailbox: 'box', detail: { flag: 'CF-1', ...detail } },
  }) as const;
const RAISED = entry('flag.raised', {
  ...{ person: 'ann', address: 'ann@contoso.example', reason: 'r', byHand: false, dueAt: iso(72) },
});
function flagAfter(...steps: readonly ReturnType<typeof entry>[]): Flag {
  seq = 0;
  const all = [RAISED, ...steps].map((one) => {
    seq += 1;
    return { ...one, seq };
  });
  const flag = flagFrom(all as unknown as readonly FlagEntry[]);
  if (!flag) throw new Error('no flag');
  return flag;
}
const TAKEN = entry('flag.taken', {}, 'omar', 1);
const CONTAINED = entry('flag.contained', {}, 'omar', 2);
const agreed = (by: string, reason = 'clean') =>
  entry('flag.agreed', { reason, roles: ['approver'], account: 'U1' }, by);
const lookedAt = (when: string, is: string, findings = 0) => entry('flag.looked', { when, is, findings }, 'x', 3);
const again = (hours: number) => entry('flag.raised-again', { dueAt: iso(hours) }, 'dana', 4);

describe('a flag in the record', () => {
  it('that is raised again is nobody’s, and not contained, where nobody had taken it', () => {
    expect(flagAfter(again(96))).toMatchObject({
      state: 'raised',
      raised: 2,
      dueAt: iso(96),
      owner: null,
      since: iso(4),
    });
    const contained = flagAfter(TAKEN, CONTAINED, lookedAt('again', 'seen', 2), again(96));
    expect(contained).toMatchObject({ state: 'in review', containedAt: null, after: null, owner: { person: 'omar' } });
  });

  it('keeps the last word of each who agreed, until something changes it', () => {
    const flag = flagAfter(TAKEN, agreed('dana', 'first'), agreed('omar'), agreed('dana', 'second'));
    expect(flag.votes.map(({ person, reason }) => [person, reason])).toEqual([
      ['omar', 'clean'],
      ['dana', 'second'],
    ]);
    expect(flagAfter(TAKEN, agreed('dana'), lookedAt('again', 'seen')).votes).toHaveLength(1);
    for (const step of [TAKEN, CONTAINED, again(96)]) expect(flagAfter(agreed('dana'), step).votes).toEqual([]);
  });

  it('is of the version of what changed it, and not of what was only looked at or agreed', () => {
    expect(flagAfter(TAKEN, lookedAt('before', 'seen', 1), agreed('dana')).version).toBe(2);
    expect(flagAfter(TAKEN, lookedAt('before', 'seen', 1), CONTAINED).version).toBe(4);
  });

  it('counts looks from before anything was done, and a number only of what was seen', () => {
    const flag = flagAfter(
      lookedAt('before', 'not seen yet', 7),
      lookedAt('before', 'seen', 2),
      lookedAt('again', 'odd', 5),
    );
    expect(flag).toMatchObject({
      ...{ looks: 2, before: { is: 'seen', findings: 2 }, after: { is: 'not seen yet', findings: 0 } },
    });
  });

  it('counts a step for the date that it was told of', () => {
    const told = (dueAt: string) => entry('flag.reminded', { step: 'overdue', dueAt });
    expect(flagAfter(told(iso(72))).steps).toEqual(['overdue']);
    expect(flagAfter(told(iso(71))).steps).toEqual([]);
  });

  it('is of somebody by the id of the mailbox, in any case, and by an address with a tag', () => {
    const flag = { person: 'ANN', mailbox: 'Box', address: 'Ann+news@contoso.example' };
    const is = (person: string, ...addresses: string[]) => isOwnMailbox(flag, { person, addresses });
    expect([is('ann'), is('box'), is('x', 'ann@contoso.example'), is('x', 'ANN+news@contoso.example')]).toEqual(
      Array(4).fill(true),
    );
    expect([is('x'), is('x', 'news@contoso.example')]).toEqual([false, false]);
  });

  it('is overdue at the very moment, and never once it is cleared', () => {
    const { dueAt } = flagAfter();
    expect(isOverdue({ state: 'contained', dueAt }, dueAt)).toBe(true);
    expect(isOverdue({ state: 'contained', dueAt }, new Date(at(72) - 1).toISOString())).toBe(false);
    expect(isOverdue({ state: 'cleared', dueAt }, iso(100))).toBe(false);
  });
});

describe('steps', () => {
  const names = (flag: Parameters<typeof stepsNow>[0], policy: object, now: number) => {
    const { due, next } = stepsNow(flag, terms(policy), now);
    return [due.map(({ name }) => name), next];
  };
  const flag = { state: 'raised', dueAt: iso(24), since: T0, raisedAt: T0, heldAt: null, steps: [] } as const;

  it('that would have been before it was raised, or at that moment, are none', () => {
    expect(names(flag, { remindBefore: [24] }, at(0))).toEqual([[], at(24)]);
    expect(names(flag, { remindBefore: [24] }, at(1))).toEqual([[], at(24)]);
    expect(names({ ...flag, raisedAt: new Date(at(0) - 1).toISOString() }, { remindBefore: [24] }, at(0))).toEqual([
      ['24 h before'],
      at(24),
    ]);
  });

  it('are told at their moment and not before, whatever the order in the policy', () => {
    const policy = { remindBefore: [2, 12] };
    expect(names(flag, policy, at(12) - 1)).toEqual([[], at(12)]);
    expect(names(flag, policy, at(12))).toEqual([['12 h before'], at(22)]);
    expect(names(flag, policy, at(22))).toEqual([['2 h before'], at(24)]);
    expect(names({ ...flag, steps: ['2 h before'] }, policy, at(23))).toEqual([[], at(24)]);
    expect(names({ ...flag, steps: ['12 h before'] }, policy, at(13))).toEqual([[], at(22)]);
    expect(names(flag, policy, at(24))).toEqual([['overdue'], null]);
  });

  it('that escalate come together with what is overdue, where there is no time between', () => {
    const policy = { remindBefore: [], escalate: { to: 'lead' } };
    expect(names(flag, policy, at(24))).toEqual([['overdue', 'escalated to lead'], null]);
    const { due } = stepsNow(flag, terms(policy), at(24));
    expect(due.map(({ kind, role }) => [kind, role])).toEqual([
      ['overdue', null],
      ['escalation', 'lead'],
    ]);
  });
});

describe('who clears it', () => {
  const [dana, omar] = ['dana', 'omar'].map((person) => ({ person, name: person, roles: ['approver'] }));
  const people = dana && omar ? [dana, omar] : [];
  const look = (is: 'seen' | 'seen in part' | 'not licensed', findings = 0) => ({ is, findings, at: T0, unlooked: [] });
  const tally = (byHand: string | null, n: number, seen: ReturnType<typeof look>, policy: object = {}) => {
    const { approved, needed } = clearTally({ byHand }, people.slice(0, n), seen, terms(policy));
    return [approved, needed];
  };

  it('is one more after what was seen in part alone', () => {
    expect(tally(null, 1, look('seen in part'))).toEqual([false, 2]);
    expect(tally(null, 2, look('seen in part'))).toEqual([true, 2]);
  });

  it('is as many as the policy says, where those are more than one, whatever was seen', () => {
    const policy = { clear: [{ role: 'approver', count: 2 }] };
    expect(tally(null, 1, look('seen'), policy)).toEqual([false, 2]);
    expect(tally('dana', 2, look('seen', 3), policy)).toEqual([true, 2]);
  });

  it('is nobody alone who flagged it by hand, also where the policy takes any look', () => {
    expect(tally('dana', 1, look('not licensed'), { unclean: 'accept' })).toEqual([false, 2]);
    expect(tally('omar', 1, look('not licensed'), { unclean: 'accept' })).toEqual([true, 1]);
    expect(tally('dana', 0, look('seen'))).toEqual([false, 1]);
  });

  it('is told first that they hold no role, and is shown flags by either role of the policy', () => {
    const policy = terms({ review: ['analyst'], clear: [{ role: 'lead' }] });
    const ann = { person: 'ann', name: 'Ann', roles: [], addresses: [] };
    expect(whyNot('take', flagAfter(), ann, policy)).toBe('no-role');
    expect(whyNot('take', flagAfter(), { ...ann, roles: ['lead'] }, policy)).toBe('own-mailbox');
    expect([['analyst'], ['lead'], ['other'], []].map((roles) => maySeeFlags(policy, roles))).toEqual([
      ...[true, true, false, false],
    ]);
  });
});
