import { describe, expect, it } from 'vitest';
import { Flags } from '../../src/core/ask/flags.ts';
import { causesLookedAt, type Flag, type FlagEntry, flagFrom, isOwnMailbox } from '../../src/core/flag/flag.ts';
import { clearTally, type FlagVerb, whyNot, whyNotClear } from '../../src/core/flag/may.ts';
import { stepsNow } from '../../src/core/flag/steps.ts';
import { findingsWords, raisedWords, rowsFor } from '../../src/core/tell/flags.ts';

/** A flagged mailbox is what the record says of it, step by step. */

const ANN = 'a0000000-0000-4000-8000-000000000001';
const T0 = '2026-11-20T08:00:00.000Z';
const DUE = '2026-11-23T08:00:00.000Z';
const terms = (change: object = {}) => Flags.parse(change);
const dana = { person: 'dana', name: 'Dana', roles: ['approver'], addresses: ['dana@contoso.example'] };
const omar = { person: 'omar', name: 'Omar', roles: ['approver'], addresses: ['omar@contoso.example'] };
const look = (is: 'seen' | 'not licensed', findings = 0) => ({ is, findings, unlooked: [], at: T0 });

type Step = readonly [
  type: string,
  detail?: object,
  by?: { readonly person: string; readonly name: string },
  /** Milliseconds after the first. */
  later?: number,
];

function story(...steps: readonly Step[]): readonly FlagEntry[] {
  const raised = { flag: 'CF-1', person: ANN, address: 'ann@contoso.example', reason: 'phishing', dueAt: DUE };
  const all: readonly Step[] = [['flag.raised', { ...raised, byHand: false, cause: 'CB-1' }], ...steps];
  return all.map(([type, detail = {}, by = dana, later = 0], nth) => ({
    ...{
      type,
      seq: nth + 1,
      prev: '',
      at: new Date(Date.parse(T0) + later).toISOString(),
      tenant: 't',
      incident: 'CB-1',
      mailbox: ANN,
      message: null,
    },
    ...{ actor: { kind: 'person', id: by.person, name: by.name }, platform: 'slack', planDigest: null },
    ...{ requestId: null, outcome: null, detail: { flag: 'CF-1', roles: [], ...detail } },
  })) as unknown as readonly FlagEntry[];
}

function flagAfter(...steps: readonly Step[]): Flag {
  const flag = flagFrom(story(...steps));
  if (!flag) throw new Error('no flag');
  return flag;
}

/** What we have seen ourselves. */
function ofOurs(seq: number, detail: object): FlagEntry {
  const actor = { kind: 'service', id: 'clawback', name: 'Clawback' };
  const [first] = story();
  return {
    ...first,
    type: 'flag.contained',
    seq,
    actor,
    detail: { flag: 'CF-1', roles: [], ...detail },
  } as unknown as FlagEntry;
}

const TAKEN = ['flag.taken', { from: null }] as const;
const CONTAINED = ['flag.contained', { seen: false, since: null, open: [] }] as const;
const CLEARED = [
  'flag.cleared',
  { people: ['omar'], reason: 'clean', is: 'seen', findings: 0, unlooked: [], before: 3 },
  omar,
] as const;
const AGREED = ['flag.agreed', { reason: 'clean', account: 'U1', count: 1, needed: 2 }, omar] as const;
const LATER = '2026-11-30T08:00:00.000Z';
const AGAIN = ['flag.raised-again', { reason: 'more', cause: 'CB-2', dueAt: LATER, held: false }] as const;
const LATE = ['flag.raised-again', { reason: 'x', cause: 'CB-3', dueAt: DUE, held: true }, omar, 1] as const;
const HELD = ['flag.raised-again', { reason: 'more', cause: 'CB-2', dueAt: DUE, held: true }] as const;

describe('a flag', () => {
  it('goes from raised to cleared, and whoever took it owns it', () => {
    expect(flagAfter()).toMatchObject({ state: 'raised', owner: null, dueAt: DUE, version: 1 });
    expect(flagAfter(TAKEN)).toMatchObject({ state: 'in review', owner: { person: 'dana' }, version: 2 });
    expect(flagAfter(TAKEN, CONTAINED)).toMatchObject({ state: 'contained', owner: { person: 'dana' } });
    expect(flagAfter(TAKEN, CONTAINED, CLEARED)).toMatchObject({ state: 'cleared', said: 'clean' });
  });

  it('that is raised once more is in review again until the new date, and nobody’s word counts any more', () => {
    const flag = flagAfter(TAKEN, CONTAINED, AGREED, AGAIN);
    expect(flag).toMatchObject({ state: 'in review', raised: 2, dueAt: '2026-11-30T08:00:00.000Z', votes: [] });
  });

  it('keeps its date, and what was told of it, where it was put off as often as the policy lets it be', () => {
    const told = ['flag.reminded', { step: 'overdue', dueAt: DUE, told: 1, of: 1 }] as const;
    const flag = flagAfter(TAKEN, told, HELD);
    expect(flag).toMatchObject({ dueAt: DUE, steps: ['overdue'], heldAt: T0, putOff: 0, raised: 2 });
    expect(flagAfter(TAKEN, AGAIN, AGAIN)).toMatchObject({ dueAt: LATER, heldAt: null, putOff: 2 });
    expect(flagAfter(TAKEN, AGAIN, CONTAINED, CLEARED).putOff).toBe(0);
  });

  it('is looked at by its first mail and its latest ones, and says how often it was raised', () => {
    const again = (n: number) =>
      ['flag.raised-again', { reason: 'more', cause: `CB-${n}`, dueAt: DUE, held: true }] as const;
    expect(flagAfter(AGAIN, AGAIN).causes).toEqual(['CB-1', 'CB-2']);
    const often = flagAfter(again(2), again(3), again(4), again(5), again(6));
    expect(causesLookedAt(often)).toEqual({ incidents: ['CB-1', 'CB-4', 'CB-5', 'CB-6'], left: 2 });
    expect(raisedWords(often)).toBe('raised 6 times, looked at by its first mail and its latest 3');
    expect(raisedWords(flagAfter(again(2)))).toBe('raised 2 times');
  });

  it('that was called contained says so of whoever did, until it is seen, and their votes stand', () => {
    const open = [{ kind: 'running', count: 1 }];
    const word = ['flag.contained', { seen: false, since: null, open }, omar] as const;
    const flag = flagAfter(TAKEN, word, AGREED);
    expect(flag.contained).toMatchObject({ by: 'Omar', seen: false, open });
    const seen = flagFrom([...story(TAKEN, word, AGREED), ofOurs(5, { seen: true, since: LATER, open: [] })]);
    expect(seen).toMatchObject({
      contained: { by: 'Omar', seen: true },
      containedAt: LATER,
      votes: [{ name: 'Omar' }],
    });
    const undone = { seen: false, since: null, open: [{ kind: 'put-back', count: 1 }] };
    const worse = [...story(TAKEN, word, AGREED), ofOurs(5, { seen: true, since: LATER, open: [] }), ofOurs(6, undone)];
    expect(flagFrom(worse)).toMatchObject({ contained: { seen: false }, containedAt: T0, votes: [], version: 6 });
  });

  it('is none where the record does not begin with it, or begins twice', () => {
    const [first, taken] = story(TAKEN);
    expect(flagFrom(taken ? [taken] : [])).toBeNull();
    expect(flagFrom(first ? [first, first] : [])).toBeNull();
  });

  it('keeps what was found before and after apart, and says a number only of what was seen', () => {
    const before = ['flag.looked', { when: 'before', is: 'seen', findings: 3, unlooked: [] }] as const;
    const lookedAgain = (is: string, findings: number) =>
      ['flag.looked', { when: 'again', is, findings, unlooked: [] }] as const;
    expect(findingsWords(flagAfter(before, TAKEN, lookedAgain('seen', 0)))).toBe('findings before 3, after 0');
    expect(findingsWords(flagAfter(before, lookedAgain('not permitted', 0)))).toBe(
      'findings before 3, after not known (not permitted)',
    );
    expect(findingsWords(flagAfter())).toBe('findings not looked at yet');
  });

  it('is of whoever has the mailbox, by their id or by any address of theirs', () => {
    const flag = flagAfter();
    expect(isOwnMailbox(flag, { person: ANN, addresses: [] })).toBe(true);
    expect(isOwnMailbox(flag, { person: 'x', addresses: ['ANN@contoso.example'.toLowerCase()] })).toBe(true);
    expect(isOwnMailbox(flag, dana)).toBe(false);
  });
});

describe('who may do what', () => {
  const verbs: readonly FlagVerb[] = ['take', 'contain', 'clear', 'reopen'];
  const may = (flag: Flag, who = dana) => verbs.map((verb) => whyNot(verb, flag, who, terms()));

  it('follows the state, and only the owner says that it is contained', () => {
    expect(may(flagAfter())).toEqual([null, 'not-now', 'not-now', 'not-now']);
    expect(may(flagAfter(TAKEN))).toEqual(['is-yours', null, null, 'not-now']);
    expect(may(flagAfter(TAKEN), omar)).toEqual([null, 'not-yours', null, 'not-now']);
    expect(may(flagAfter(TAKEN, CONTAINED))).toEqual(['not-now', 'not-now', null, null]);
    expect(may(flagAfter(TAKEN, CONTAINED, CLEARED))).toEqual(['not-now', 'not-now', 'not-now', null]);
  });

  it('nobody does anything about their own mailbox, whatever roles they hold', () => {
    expect(may(flagAfter(TAKEN, CONTAINED), { ...dana, person: ANN })).toEqual(verbs.map(() => 'own-mailbox'));
  });

  it('whoever holds no role of the policy is asked for nothing', () => {
    const policy = terms({ review: ['analyst'], clear: [{ role: 'lead' }] });
    expect(whyNot('take', flagAfter(), dana, policy)).toBe('no-role');
    expect(whyNot('take', flagAfter(), { ...dana, roles: ['lead'] }, policy)).toBe('no-role');
    expect(whyNot('clear', flagAfter(TAKEN), { ...dana, roles: ['analyst'] }, policy)).toBe('no-role');
  });
});

describe('clearing', () => {
  const byHand = { byHand: 'dana' };
  const nobody = { byHand: null };

  it('takes one person after a clean look, and two after any other', () => {
    expect(clearTally(nobody, [dana], look('seen'), terms())).toMatchObject({ approved: true });
    for (const other of [look('seen', 1), look('not licensed')]) {
      expect(clearTally(nobody, [dana], other, terms())).toMatchObject({ approved: false, needed: 2 });
      expect(clearTally(nobody, [dana, omar], other, terms())).toMatchObject({ approved: true });
    }
    expect(clearTally(nobody, [dana], look('not licensed'), terms({ unclean: 'accept' })).approved).toBe(true);
  });

  it('is not kept from anybody by what can never be looked at, and takes what the policy wants for that', () => {
    const blind = { ...look('not licensed'), unlooked: [{ source: 'sign-ins', why: 'not licensed' }] };
    const refuse = terms({ unclean: 'refuse' });
    expect(whyNotClear(look('seen', 1), refuse)).toBe('not-clean');
    expect(whyNotClear({ ...blind, is: 'not seen yet' }, refuse)).toBe('not-clean');
    expect(whyNotClear(blind, refuse)).toBeNull();
    expect(clearTally(nobody, [dana], blind, refuse)).toMatchObject({ approved: false, needed: 2 });
    expect(clearTally(nobody, [dana], blind, terms({ unclean: 'refuse', unlooked: 'accept' })).approved).toBe(true);
    expect(whyNotClear(blind, terms({ unlooked: 'refuse' }))).toBe('not-looked');
  });

  it('is not for whoever flagged it by hand alone', () => {
    expect(clearTally(byHand, [dana], look('seen'), terms())).toMatchObject({ approved: false, needed: 2 });
    expect(clearTally(byHand, [omar], look('seen'), terms()).approved).toBe(true);
    expect(clearTally(byHand, [dana, omar], look('seen'), terms()).approved).toBe(true);
  });
});

describe('who is told', () => {
  const at = (hours: number) => Date.parse(T0) + hours * 3_600_000;
  const policy = terms({ remindBefore: [24, 4], escalate: { afterHours: 8, to: 'lead' } });
  const due = (flag: Flag, hours: number) => stepsNow(flag, policy, at(hours)).due.map(({ name }) => name);
  const over = (step: string) => ['flag.reminded', { step, dueAt: DUE, told: 1, of: 1 }] as const;

  it('is told each step when it is due, and of missed reminders the last one alone', () => {
    const flag = flagAfter(TAKEN);
    expect(stepsNow(flag, policy, at(0))).toEqual({ due: [], next: at(48) });
    expect(due(flag, 48)).toEqual(['24 h before']);
    expect(due(flag, 70)).toEqual(['4 h before']);
    expect(due(flag, 72)).toEqual(['overdue']);
    expect(due(flag, 80)).toEqual(['overdue', 'escalated to lead']);
  });

  it('is told no step twice, and nothing of what is cleared', () => {
    expect(due(flagAfter(TAKEN, over('overdue')), 80)).toEqual(['escalated to lead']);
    expect(stepsNow(flagAfter(TAKEN, CONTAINED, CLEARED), policy, at(80))).toEqual({ due: [], next: null });
  });

  it('is told where somebody wanted it put off once more, of which it is not', () => {
    const named = (flags: object) => stepsNow(flagAfter(TAKEN, LATE), terms(flags), at(1)).due;
    expect(named({ escalate: { to: 'lead' } })).toMatchObject([{ kind: 'held', role: 'lead' }]);
    expect(named({})).toMatchObject([{ kind: 'held', role: null }]);
  });

  it('is told again of another date', () => {
    expect(flagAfter(TAKEN, over('overdue'), AGAIN).steps).toEqual([]);
  });
});

describe('the list', () => {
  const row = (flag: Flag) => ({ ...flag, owner: flag.owner?.person ?? null });
  const shown = (who: typeof dana, which: 'open' | 'mine' | 'overdue' | 'cleared', flags: readonly Flag[]) =>
    rowsFor(flags.map(row), which, who, '2026-11-24T08:00:00.000Z');

  it('shows what is open, mine, overdue and cleared', () => {
    const flags = [flagAfter(TAKEN), flagAfter(), flagAfter(TAKEN, CLEARED)];
    const lengths = (['open', 'mine', 'overdue', 'cleared'] as const).map(
      (which) => shown(dana, which, flags).rows.length,
    );
    expect(lengths).toEqual([2, 1, 2, 1]);
  });

  it('shows nobody their own mailbox', () => {
    expect(shown({ ...dana, person: ANN }, 'open', [flagAfter()])).toMatchObject({ rows: [], open: 0 });
  });
});
