import { isByDefenderAlone } from '../action/engine-names.ts';
import type { Outcome } from '../action/outcome.ts';
import { order, type Plan, targetKey } from '../find/plan.ts';

/** The list of mailboxes behind a card: what there is of each, in which order, and which of them somebody asked for. */

/** `waiting` for its turn in a run; `undecided`: people still may decide about it; null: nothing was done, or will be. */
export type CopyStands = Outcome | 'waiting' | 'undecided' | null;

/** What became of a copy; `detail`: in our words or those of a service, where it failed. */
export interface CopyEnd {
  readonly outcome: Outcome | 'waiting';
  readonly detail: string | null;
}

const PLAIN = ['denied', 'failed', 'unreachable', 'missing', 'nothing'] as const;

export type DetailsRow =
  | {
      readonly is: 'copy';
      readonly mailbox: string;
      /** Empty until somebody asks what it is called. */
      readonly folder: string;
      readonly place: { readonly mailbox: string; readonly folderId: string };
      /** Null: not told. */
      readonly isRead: boolean | null;
      /** ISO time; null where it is not known. */
      readonly receivedAt: string | null;
      readonly outcome: CopyStands;
      readonly detail: string | null;
    }
  | { readonly is: (typeof PLAIN)[number]; readonly mailbox: string }
  /** `set`: the protected set that it is in. */
  | { readonly is: 'shielded'; readonly mailbox: string; readonly set: string }
  /** `group`: from 0. */
  | { readonly is: 'unsure'; readonly mailbox: string; readonly group: number }
  | { readonly is: 'left alone'; readonly mailbox: string; readonly why: string };

/** What people look for, the most pressing first: the list is in this order. */
export const GROUPS = ['trouble', 'not-looked', 'left-alone', 'waiting', 'done', 'no-copy'] as const;
export type Group = (typeof GROUPS)[number];
export const FILTERS = ['all', ...GROUPS] as const;
export type Filter = (typeof FILTERS)[number];

/** What of the list is asked for. `search`: as somebody typed it; empty for none. */
export interface Look {
  readonly filter: Filter;
  readonly search: string;
}
export const EVERYTHING: Look = { filter: 'all', search: '' };

/** Within trouble and what was left alone, the first of these comes first. */
const OUTCOMES: readonly (readonly [Outcome, Group])[] = [
  ['stillThere', 'trouble'],
  ['failed', 'trouble'],
  ['notAllowed', 'trouble'],
  ['unreachable', 'trouble'],
  ['movedByUser', 'trouble'],
  ['vanished', 'trouble'],
  ['noMailbox', 'trouble'],
  ['restoredElsewhere', 'trouble'],
  ['shielded', 'left-alone'],
  ['cancelled', 'left-alone'],
  ['removed', 'done'],
  ['destroyed', 'done'],
  ['junked', 'done'],
  ['flagged', 'done'],
  ['restored', 'done'],
  ['restoredChanged', 'done'],
  ['rehearsed', 'done'],
  ['alreadyGone', 'done'],
  ['alreadyJunk', 'done'],
];
const RANKS: ReadonlyMap<CopyStands, number> = new Map(OUTCOMES.map(([outcome], n) => [outcome, n]));
const GROUP_OF: ReadonlyMap<CopyStands, Group> = new Map<CopyStands, Group>([
  ...OUTCOMES,
  ['waiting', 'waiting'],
  ['undecided', 'waiting'],
  [null, 'left-alone'],
]);

const GROUP_OF_OTHERS: Readonly<Record<Exclude<DetailsRow['is'], 'copy'>, Group>> = {
  failed: 'not-looked',
  denied: 'not-looked',
  unreachable: 'not-looked',
  missing: 'not-looked',
  unsure: 'left-alone',
  shielded: 'left-alone',
  'left alone': 'left-alone',
  nothing: 'no-copy',
};
const OTHERS = Object.keys(GROUP_OF_OTHERS);

export function groupOf(row: DetailsRow): Group {
  return row.is === 'copy' ? (GROUP_OF.get(row.outcome) ?? 'trouble') : GROUP_OF_OTHERS[row.is];
}

/** Every mailbox that the plan speaks of, trouble first. `isOpen`: people may still decide about what no run has touched. */
export function rowsOf(plan: Plan, ends: ReadonlyMap<string, CopyEnd>, isOpen: boolean): readonly DetailsRow[] {
  const rows: DetailsRow[] = plan.copies.map((copy) => {
    const { address: mailbox, folder, receivedAt } = copy;
    const isRead = isByDefenderAlone(copy) ? null : copy.isRead;
    const end = ends.get(targetKey(copy));
    const outcome = end?.outcome ?? (isOpen ? 'undecided' : null);
    return { is: 'copy', mailbox, folder, place: copy, isRead, receivedAt, outcome, detail: end?.detail ?? null };
  });
  for (const is of PLAIN) for (const mailbox of plan[is]) rows.push({ is, mailbox });
  for (const { address: mailbox, set } of plan.shielded) rows.push({ is: 'shielded', mailbox, set });
  for (const [group, { addresses }] of plan.unsure.entries())
    for (const mailbox of addresses) rows.push({ is: 'unsure', mailbox, group });
  for (const { address: mailbox, why } of plan.leftAlone) rows.push({ is: 'left alone', mailbox, why });
  return rows
    .map((row) => ({ row, place: placeOf(row) }))
    .sort((a, b) => a.place - b.place || order(a.row.mailbox, b.row.mailbox))
    .map(({ row }) => row);
}

function placeOf(row: DetailsRow): number {
  const within = row.is === 'copy' ? (RANKS.get(row.outcome) ?? 50) : 60 + OTHERS.indexOf(row.is);
  return GROUPS.indexOf(groupOf(row)) * 100 + within;
}

export type Counts = Readonly<Record<Filter, number>>;

export function countsOf(rows: readonly DetailsRow[]): Counts {
  const counts: Record<Filter, number> = {
    all: rows.length,
    trouble: 0,
    'not-looked': 0,
    'left-alone': 0,
    waiting: 0,
    done: 0,
    'no-copy': 0,
  };
  for (const row of rows) counts[groupOf(row)] += 1;
  return counts;
}

export type SearchProblem = 'too long' | 'not of an address';
/** UTF-16 units; the longest address has 320, and nobody types that. */
export const LONGEST_SEARCH = 100;
/** What an address may be made of (RFC 5322 and 6532), without braces, which mean something to templates. */
const OF_AN_ADDRESS = /^[\p{L}\p{M}\p{N}.@_+\-'!#$%&*/=?^`|~]*$/u;

/** What is looked for, or why it cannot be. As cards write addresses, `[.]` is a dot. */
export function readSearch(
  typed: string,
): { readonly text: string; readonly problem: null } | { readonly text: ''; readonly problem: SearchProblem } {
  const text = typed.trim().replaceAll('[.]', '.').toWellFormed().normalize('NFC');
  if (text.length > LONGEST_SEARCH) return { text: '', problem: 'too long' };
  return OF_AN_ADDRESS.test(text) ? { text, problem: null } : { text: '', problem: 'not of an address' };
}

/** The rows that somebody asked for. `text`: of an address, in any case; it is compared, and is no pattern. */
export function rowsFor(rows: readonly DetailsRow[], filter: Filter, text: string): readonly DetailsRow[] {
  const part = text.toLowerCase();
  return rows.filter(
    (row) => (filter === 'all' || groupOf(row) === filter) && row.mailbox.normalize('NFC').toLowerCase().includes(part),
  );
}
