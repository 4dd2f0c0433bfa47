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
  /** Those of `which`. */
  readonly lines: readonly FlagLine[];
  /** Of all that are not cleared. */
  readonly open: number;
  readonly mine: number;
  readonly overdue: number;
  /** Ids of those of which what is stored differs from the record: nothing is done with them. */
  readonly differ: readonly string[];
  /** How many more there are that were not looked at. */
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

type Seen = Pick<FlagList, 'which' | 'lines' | 'open' | 'mine' | 'overdue'>;

/** `flags`: all that are not cleared, and where `which` asks for them those that are. Nobody is shown one of their own mailbox. */
export function linesFor(
  flags: readonly Flag[],
  which: FlagWhich,
  who: FlagPerson,
  { terms, now }: { readonly terms: FlagTerms; readonly now: string },
): Seen {
  const shown = flags.filter((flag) => !isOwnMailbox(flag, who));
  const lines = shown.map((flag): FlagLine => {
    const may = FLAG_VERBS.filter((verb) => whyNot(verb, flag, who, terms) === null);
    return { flag, may, overdue: isOverdue(flag, now) };
  });
  const open = lines.filter(({ flag }) => flag.state !== 'cleared');
  const isMine = ({ flag }: FlagLine) => flag.owner?.person === who.person;
  const of: Readonly<Record<FlagWhich, readonly FlagLine[]>> = {
    open,
    mine: open.filter(isMine),
    overdue: open.filter(({ overdue }) => overdue),
    cleared: lines.filter(({ flag }) => flag.state === 'cleared'),
  };
  return { which, lines: of[which], open: open.length, mine: of.mine.length, overdue: of.overdue.length };
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
  'not licensed': 'not licensed',
  'not permitted': 'not permitted',
  'not seen yet': 'not seen yet',
  'not configured': 'no look is set up',
};
