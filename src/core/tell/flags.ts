import type { FlagTerms } from '../ask/flags.ts';
import type { OpenKind } from '../flag/contained.ts';
import { causesLookedAt, type Flag, type FlagLook, isOverdue, isOwnMailbox, type OpenPoint } from '../flag/flag.ts';
import { FLAG_VERBS, type FlagPerson, type FlagVerb, whyNot } from '../flag/may.ts';
import { count, inert, inertOr } from '../text.ts';

/** Flagged mailboxes as one person sees them, at one moment. */

export const FLAG_LISTS = ['open', 'mine', 'overdue', 'cleared'] as const;
export type FlagWhich = (typeof FLAG_LISTS)[number];

export interface FlagLine {
  readonly flag: Flag;
  /** What this person may do about it. */
  readonly may: readonly FlagVerb[];
  readonly overdue: boolean;
}

export interface FlagList {
  readonly tenantName: string;
  /** When it was made, ISO time. It is not live. */
  readonly at: string;
  readonly who: string;
  readonly which: FlagWhich;
  /** Those of `which`, the first ones, as the record has them. */
  readonly lines: readonly FlagLine[];
  /** Of all that are not cleared, as they are stored. */
  readonly open: number;
  readonly mine: number;
  readonly overdue: number;
  /** Ids of those of which what is stored differs from the record: nothing is done with them. */
  readonly differ: readonly string[];
  /** How many more of `which` there are that were not looked at. */
  readonly unlooked: number;
}

/** What somebody fills in to clear one, or to open it again. */
export interface FlagForm {
  readonly flag: Flag;
  readonly verb: FlagVerb;
  /** Whether a reason was asked for and not given, or was too long. */
  readonly problem: boolean;
  readonly unclean: FlagTerms['unclean'];
  readonly unlooked: FlagTerms['unclean'];
}

/** What is stored of one: enough to say which of many are looked at, and nothing that is believed. */
type StoredFlag = Pick<Flag, 'id' | 'mailbox' | 'address' | 'state' | 'dueAt'> & { readonly owner: string | null };

interface Sorted<Row> extends Pick<FlagList, 'open' | 'mine' | 'overdue'> {
  readonly rows: readonly Row[];
}

/** Those that are on the list `which`, in their order. Nobody is shown one of their own mailbox. */
export function rowsFor<Row extends StoredFlag>(
  rows: readonly Row[],
  which: FlagWhich,
  who: FlagPerson,
  now: string,
): Sorted<Row> {
  const shown = rows.filter((row) => !isOwnMailbox({ ...row, person: row.mailbox }, who));
  const open = shown.filter(({ state }) => state !== 'cleared');
  const of: Readonly<Record<FlagWhich, readonly Row[]>> = {
    open,
    mine: open.filter(({ owner }) => owner === who.person),
    overdue: open.filter((row) => isOverdue(row, now)),
    cleared: shown.filter(({ state }) => state === 'cleared'),
  };
  return { rows: of[which], open: open.length, mine: of.mine.length, overdue: of.overdue.length };
}

/** One as the record has it. */
export function flagLine(flag: Flag, who: FlagPerson, terms: FlagTerms, now: string): FlagLine {
  const may = FLAG_VERBS.filter((verb) => whyNot(verb, flag, who, terms) === null);
  return { flag, may, overdue: isOverdue(flag, now) };
}

/** `findings before 3, after 0`: only what was seen is a number. */
export function findingsWords({ before, after }: Pick<Flag, 'before' | 'after'>): string {
  const parts = [before && `before ${lookWords(before)}`, after && `after ${lookWords(after)}`].filter(Boolean);
  return parts.length === 0 ? 'findings not looked at yet' : `findings ${parts.join(', ')}`;
}

/** What one look came to. That nobody looked is not the same as nothing found. */
export function lookWords({ is, findings, unlooked }: Pick<FlagLook, 'is' | 'findings' | 'unlooked'>): string {
  if (is === 'seen') return String(findings);
  const named = unlooked.slice(0, MOST_NAMED).map(({ source, why }) => `${inert(source, 30)}, ${inert(why, 20)}`);
  const left = unlooked.length - named.length;
  const more = left > 0 ? [`${left} more`] : [];
  return named.length === 0
    ? `not known (${UNSEEN[is]})`
    : `not known (not looked at: ${[...named, ...more].join('; ')})`;
}

const MOST_NAMED = 3;

/** Where it stands. That it is contained is said only where that was seen. */
export function stateName({ state, contained, owner }: Pick<Flag, 'state' | 'contained' | 'owner'>): string {
  if (state !== 'contained' || contained?.seen) return state;
  const name = contained?.by ?? owner?.name ?? null;
  return `called contained by ${inertOr(name, 'somebody', 40)}, not seen`;
}

/** `1 measure waits for people, 2 lines by hand open`; empty where nothing is in the way. */
export function openWords(open: readonly OpenPoint[]): string {
  const points = open.map(({ kind, count: n }) => (isOpenKind(kind) ? OPEN_WORDS[kind](n) : inert(kind, 40)));
  return points.join(', ');
}

const isOpenKind = (kind: string): kind is OpenKind => Object.hasOwn(OPEN_WORDS, kind);

const OPEN_WORDS: Readonly<Record<OpenKind, (n: number) => string>> = {
  'nothing-done': () => 'nothing about this person was seen to be done',
  asked: (n) => count(n, 'measure waits for people', 'measures wait for people'),
  running: (n) => count(n, 'measure is under way', 'measures are under way'),
  failed: (n) => count(n, 'measure was not seen to be done', 'measures were not seen to be done'),
  barred: (n) => count(n, 'measure may not be done here', 'measures may not be done here'),
  'put-back': (n) => count(n, 'measure was put back', 'measures were put back'),
  'by-hand': (n) => count(n, 'line by hand was not seen to be run', 'lines by hand were not seen to be run'),
  'by-hand-unseen': (n) => count(n, 'line by hand that nobody here can see', 'lines by hand that nobody here can see'),
  findings: (n) => count(n, 'finding is still there', 'findings are still there'),
  differs: () => 'what is stored differs from the record',
};

/** `raised 7 times, looked at by its first mail and its latest 3`; empty for once. */
export function raisedWords(flag: Pick<Flag, 'raised' | 'causes'>): string {
  if (flag.raised === 1) return '';
  const { incidents, left } = causesLookedAt(flag);
  const by = left === 0 ? '' : `, looked at by its first mail and its latest ${incidents.length - 1}`;
  return `raised ${flag.raised} times${by}`;
}

const UNSEEN: Readonly<Record<Exclude<FlagLook['is'], 'seen'>, string>> = {
  'seen in part': 'only part of it could be looked at',
  'not licensed': 'not licensed',
  'not permitted': 'not permitted',
  'not seen yet': 'not seen yet',
  'not configured': 'no look is set up',
};
