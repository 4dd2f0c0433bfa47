import { OUTCOME_WORDS, type Outcome } from '../action/outcome.ts';
import { type FinderAnswer, foundByWords } from '../find/finder.ts';
import { count, inertOr, shortTime } from '../text.ts';
import type { DetailsView } from './details-view.ts';

/** The list of mailboxes behind a card, page by page: what the plan saw, and what became of each copy. */

export type DetailsRow =
  | {
      readonly is: 'copy';
      readonly mailbox: string;
      readonly folder: string;
      readonly isRead: boolean;
      /** `waiting` for its turn in a run; null where there is none. */
      readonly outcome: Outcome | 'waiting' | null;
    }
  | { readonly is: 'denied' | 'failed' | 'unreachable' | 'missing' | 'nothing'; readonly mailbox: string }
  /** `set`: the protected set that it is in. */
  | { readonly is: 'shielded'; readonly mailbox: string; readonly set: string }
  /** `group`: from 0. */
  | { readonly is: 'unsure'; readonly mailbox: string; readonly group: number }
  | { readonly is: 'left alone'; readonly mailbox: string; readonly why: string };

export interface DetailsPage {
  readonly incident: string;
  readonly digest: string;
  readonly copies: number;
  /** ISO time. */
  readonly seenAt: string;
  readonly found: { readonly foundBy: string; readonly finders: readonly FinderAnswer[] };
  /** Copies that an undo would put back. */
  readonly restorable: number;
  /** Of this page. */
  readonly rows: readonly DetailsRow[];
  /** From 0. */
  readonly page: number;
  readonly pages: number;
}

export const ROWS_OF_A_PAGE = 15;

export function presentDetails({ page, pages, ...it }: DetailsPage): DetailsView {
  return {
    incident: it.incident,
    digest: it.digest,
    title: `Mailboxes of ${it.incident}`,
    summary: `${count(it.copies, 'copy', 'copies')} seen ${shortTime(it.seenAt)}, found by ${foundByWords(it.found)}. ${count(it.restorable, 'copy', 'copies')} can be restored.`,
    rows: it.rows.map((row) => ({ mailbox: inertOr(row.mailbox, 'unknown', 160), ...rowWords(row) })),
    page: `Page ${page + 1} of ${pages}`,
    previous: page > 0 ? String(page - 1) : '',
    next: page < pages - 1 ? String(page + 1) : '',
    hasPrevious: page > 0,
    hasNext: page < pages - 1,
  };
}

const NONE = '\u2014';
const plain = (seen: string, outcome = NONE) => ({ folder: NONE, seen, outcome });

function rowWords(row: DetailsRow): Pick<DetailsView['rows'][number], 'folder' | 'seen' | 'outcome'> {
  switch (row.is) {
    case 'copy':
      return {
        folder: inertOr(row.folder, 'unnamed folder', 80),
        seen: row.isRead ? 'Read' : 'Not read',
        outcome: outcomeWords(row.outcome),
      };
    case 'denied':
      return plain('Not allowed to look');
    case 'failed':
      return plain('No clear answer');
    case 'unreachable':
      return plain('Not reachable this way');
    case 'missing':
      return plain('Nobody has the address');
    case 'nothing':
      return plain('Looked: no copy');
    case 'shielded':
      return plain('Protected', inertOr(`Never touched: ${row.set}`, 'Never touched', 120));
    case 'unsure':
      return plain(`May be it, group ${row.group + 1}`, 'Left alone unless taken in');
    case 'left alone':
      return plain('Another mail', inertOr(`Left alone: ${row.why}`, 'Left alone', 120));
  }
}

function outcomeWords(outcome: Outcome | 'waiting' | null): string {
  if (outcome === null) return 'Untouched';
  return outcome === 'waiting' ? 'Waiting its turn' : OUTCOME_WORDS[outcome];
}
