import { Flags, unlookedTerm } from '../../../src/core/ask/flags.ts';
import type { Flag } from '../../../src/core/flag/flag.ts';
import { type FlagFormView, presentFlagForm } from '../../../src/core/tell/flag-view.ts';
import { type FlagList, flagLine, rowsFor } from '../../../src/core/tell/flags.ts';
import { hostileTexts } from './hostile.ts';

/** Flagged mailboxes as one person sees them: on a usual day, none, more than has room, and with what attackers write. */

const AT = '2026-11-23T14:05:00.000Z';
const DANA = { person: 'dana', name: 'Dana Analyst', roles: ['approver'], addresses: ['dana@contoso.example'] };
const terms = Flags.parse({});
const look = (is: 'seen' | 'not licensed', findings = 0) => ({
  ...{ is, findings, at: AT },
  unlooked: is === 'seen' ? [] : [{ source: 'sign-ins', why: is }],
});
const OPEN = [
  { kind: 'asked', count: 2 },
  { kind: 'by-hand', count: 1 },
];
const owned = (name: string) => ({ person: name === 'Dana Analyst' ? 'dana' : 'omar', name });

export function flagOf(n: number, change: Partial<Flag> = {}): Flag {
  return {
    ...{ id: `CF-7F3K2M${10 + n}`, incident: `CB-7F3K${20 + n}`, mailbox: `box ${n}`, person: `box ${n}`, causes: [] },
    ...{ address: `person${n}@contoso.example`, reason: `phishing mail CB-7F3K${20 + n}`, raised: 1, byHand: null },
    ...{ state: 'raised', owner: null, raisedAt: AT, dueAt: '2026-11-26T14:05:00.000Z', since: AT, version: 40 + n },
    ...{
      containedAt: null,
      contained: null,
      putOff: 0,
      heldAt: null,
      before: look('seen', 3),
      after: null,
      looks: 1,
      votes: [],
      steps: [],
      said: null,
    },
    ...change,
  };
}

export function flagListOf(flags: readonly Flag[], change: Partial<FlagList> = {}): FlagList {
  const which = change.which ?? 'open';
  const stored = flags.map((flag) => ({ ...flag, owner: flag.owner?.person ?? null }));
  const { rows, ...counts } = rowsFor(stored, which, DANA, AT);
  const lines = rows.flatMap(({ id }) =>
    flags.filter((flag) => flag.id === id).map((flag) => flagLine(flag, DANA, terms, AT)),
  );
  return {
    ...{ tenantName: 'contoso', at: AT, who: DANA.name, differ: [], unlooked: 0, which, lines },
    ...counts,
    ...change,
  };
}

export function usualFlags(): FlagList {
  const vote = { person: 'omar', name: 'Omar Lead', platform: 'slack', account: 'U1', roles: [], reason: 'clean' };
  return flagListOf([
    flagOf(0, { state: 'in review', owner: owned('Omar Lead'), dueAt: '2026-11-22T14:05:00.000Z' }),
    flagOf(1, {
      ...{ state: 'contained', owner: owned('Dana Analyst'), votes: [vote], after: look('not licensed') },
      contained: { by: 'Dana Analyst', at: AT, seen: false, open: OPEN, looks: 0 },
    }),
    flagOf(2, { state: 'in review', owner: owned('Dana Analyst'), raised: 2 }),
    flagOf(3, { incident: null, reason: 'odd sign-ins from two countries', before: look('not licensed') }),
  ]);
}

export function flagStates(): { readonly name: string; readonly list: FlagList }[] {
  const cleared = {
    state: 'cleared',
    owner: owned('Dana Analyst'),
    after: look('seen', 0),
    said: 'password and rules reset',
  } as const;
  const hostile = hostileTexts();
  return [
    { name: 'flags', list: usualFlags() },
    { name: 'flags-cleared', list: flagListOf([flagOf(4, cleared)], { which: 'cleared' }) },
    { name: 'flags-none', list: flagListOf([]) },
    {
      name: 'flags-many',
      list: flagListOf(
        Array.from({ length: 120 }, (_none, n) => flagOf(n, { state: 'contained', owner: owned('Dana Analyst') })),
        { differ: ['CF-AAAAAAAA', 'CF-BBBBBBBB'], unlooked: 204 },
      ),
    },
    {
      name: 'flags-hostile',
      list: flagListOf(
        hostile.slice(0, 12).map((text, n) => {
          const owner = { person: 'dana', name: text };
          const contained = { by: text, at: AT, seen: false, open: OPEN, looks: 0 };
          const after = { ...look('not licensed'), unlooked: [1, 2, 3, 4].map(() => ({ source: text, why: text })) };
          return flagOf(n, { reason: text, address: text, said: text, state: 'contained', owner, contained, after });
        }),
      ),
    },
  ];
}

export function flagFormStates(): { readonly name: string; readonly form: FlagFormView }[] {
  const flag = flagOf(1, { state: 'contained', owner: owned('Dana Analyst') });
  const asks = { unclean: terms.unclean, unlooked: unlookedTerm(terms) };
  return [
    { name: 'flag-clear', form: presentFlagForm({ flag, verb: 'clear', problem: false, ...asks }) },
    { name: 'flag-reopen', form: presentFlagForm({ flag, verb: 'reopen', problem: true, ...asks }) },
  ];
}
