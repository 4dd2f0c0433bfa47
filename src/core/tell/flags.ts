import type { FlagTerms } from '../ask/flags.ts';
import { type Flag, type FlagLook, isOverdue, isOwnMailbox } from '../flag/flag.ts';
import { FLAG_VERBS, type FlagPerson, type FlagVerb, whyNot } from '../flag/may.ts';

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
export function lookWords({ is, findings }: Pick<FlagLook, 'is' | 'findings'>): string {
  return is === 'seen' ? String(findings) : `not known (${UNSEEN[is]})`;
}

const UNSEEN: Readonly<Record<Exclude<FlagLook['is'], 'seen'>, string>> = {
  'seen in part': 'only part of it could be looked at',
  'not licensed': 'not licensed',
  'not permitted': 'not permitted',
  'not seen yet': 'not seen yet',
  'not configured': 'no look is set up',
};
