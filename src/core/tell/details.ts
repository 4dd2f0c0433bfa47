import { type FinderAnswer, foundByWords } from '../find/finder.ts';
import { count, inertOr, number, shortTime } from '../text.ts';
import { type Counts, type DetailsRow, FILTERS, GROUPS, groupOf, type Look, readSearch } from './details-rows.ts';
import type { DetailsView } from './details-view.ts';
import { FILTER_WORDS, rowWords, SEARCH_WORDS } from './details-words.ts';
import { type Answers, answersWords } from './pace-words.ts';

/** The list of mailboxes behind a card, page by page: what the plan saw, and what became of each copy. */

export interface DetailsPage {
  readonly incident: string;
  readonly digest: string;
  readonly copies: number;
  /** ISO time. */
  readonly seenAt: string;
  readonly found: { readonly foundBy: string; readonly finders: readonly FinderAnswer[] };
  /** Copies that an undo would put back. */
  readonly restorable: number;
  /** Mailboxes beyond the limit of one list: these are in no row. */
  readonly notLooked: number;
  /** What Microsoft answered while the last run went on, as the process saw it that is asked; null where it saw nothing. */
  readonly answers?: Answers | null;
  /** Of all rows, whatever is looked for. */
  readonly counts: Counts;
  readonly look: Look;
  /** Rows that fit what is looked for, on all pages. */
  readonly matches: number;
  /** Of this page. */
  readonly rows: readonly DetailsRow[];
  /** From 0. */
  readonly page: number;
  readonly pages: number;
  /** What the policy lets anybody read beyond this. */
  readonly offers: { readonly export: boolean; readonly excerpt: boolean };
}

export const ROWS_OF_A_PAGE = 15;

export function presentDetails({ page, pages, counts, look, ...it }: DetailsPage): DetailsView {
  const search = readSearch(look.search);
  const isAll = look.filter === 'all' && search.text === '';
  const filters = FILTERS.map((filter) => ({
    title: `${FILTER_WORDS[filter]} (${number(counts[filter])})`,
    value: filter,
  }));
  return {
    incident: it.incident,
    digest: it.digest,
    title: `Mailboxes of ${it.incident}`,
    summary: summaryOf(it),
    counts: countWords(counts),
    filter: look.filter,
    filterTitle: `${FILTER_WORDS[look.filter]} (${number(counts[look.filter])})`,
    filters,
    search: search.text,
    hasSearch: search.text !== '',
    problem: search.problem === null ? '' : SEARCH_WORDS[search.problem],
    nothing: isAll ? 'There is nothing on this page.' : 'No mailbox here fits what you look for.',
    rows: it.rows.map((row) => viewRow(row)),
    page: isAll ? pageWords(page, pages) : `${pageWords(page, pages)}, ${number(it.matches)} of ${number(counts.all)}`,
    previous: page > 0 ? String(page - 1) : '',
    next: page < pages - 1 ? String(page + 1) : '',
    hasPrevious: page > 0,
    hasNext: page < pages - 1,
    canExport: it.offers.export,
    canExcerpt: it.offers.excerpt,
  };
}

const pageWords = (page: number, pages: number) => `Page ${number(page + 1)} of ${number(pages)}`;

type Facts = Pick<DetailsPage, 'copies' | 'seenAt' | 'found' | 'restorable' | 'notLooked' | 'answers'>;

function summaryOf({ copies, seenAt, found, restorable, notLooked, answers = null }: Facts): string {
  const told = [
    `${count(copies, 'copy', 'copies')} seen ${shortTime(seenAt)}, found by ${foundByWords(found)}.`,
    `${count(restorable, 'copy', 'copies')} can be restored.`,
    ...(notLooked > 0
      ? [`${count(notLooked, 'more mailbox', 'more mailboxes')} in no row: too many for one list.`]
      : []),
    answersWords(answers),
  ];
  return told.filter((words) => words !== '').join(' ');
}

/** `Trouble 3 · Done 40`; what there is none of is not named. */
function countWords(counts: Counts): string {
  const some = GROUPS.filter((group) => counts[group] > 0);
  return some.map((group) => `${FILTER_WORDS[group]} ${number(counts[group])}`).join('  ·  ') || 'No mailboxes';
}

const NONE = '\u2014';

const READ_WORDS = { true: 'Read', false: 'Not read', null: 'Not told' } as const;

function viewRow(row: DetailsRow): DetailsView['rows'][number] {
  const { outcome, cause } = rowWords(row);
  const isCopy = row.is === 'copy';
  return {
    mailbox: inertOr(row.mailbox, 'unknown', 160),
    outcome: cause === '' ? outcome : `${outcome}: ${cause}`,
    folder: isCopy ? inertOr(row.folder, 'folder not told', 80) : NONE,
    seen: isCopy ? READ_WORDS[`${row.isRead}`] : NONE,
    isCopy,
    isTrouble: groupOf(row) === 'trouble' || groupOf(row) === 'not-looked',
  };
}
