import { type DetailsPage, presentDetails, ROWS_OF_A_PAGE } from '../../../src/core/tell/details.ts';
import {
  type CopyStands,
  countsOf,
  type DetailsRow,
  EVERYTHING,
  type Look,
} from '../../../src/core/tell/details-rows.ts';
import type { DetailsView } from '../../../src/core/tell/details-view.ts';
import { DIGEST } from '../cases.ts';
import { long } from './long.ts';

/** Pages of the mailbox list: each kind of row, a middle page, a search, one that finds nothing, and the longest texts. */

const mailbox = (n: number) => `person${n}@contoso.example`;
const copy = (n: number, outcome: CopyStands, detail: string | null = null): DetailsRow => ({
  is: 'copy',
  mailbox: mailbox(n),
  folder: n % 3 === 0 ? 'Inbox/Projects' : 'Inbox',
  place: { mailbox: mailbox(n), folderId: 'inbox' },
  isRead: n % 2 === 0,
  receivedAt: '2026-11-23T13:02:00Z',
  outcome,
  detail,
});

const TROUBLED: readonly DetailsRow[] = [
  copy(1, 'stillThere'),
  copy(2, 'failed', '503 ErrorServerBusy'),
  copy(3, 'failed', 'the message under this id is not the approved mail any more: left alone'),
  copy(4, 'notAllowed'),
  copy(5, 'movedByUser'),
  copy(6, 'vanished'),
  { is: 'failed', mailbox: mailbox(7) },
  { is: 'denied', mailbox: mailbox(8) },
  { is: 'missing', mailbox: mailbox(9) },
  { is: 'unsure', mailbox: mailbox(10), group: 0 },
  { is: 'shielded', mailbox: mailbox(11), set: 'the board' },
  { is: 'left alone', mailbox: mailbox(12), why: 'another sender' },
  copy(13, 'waiting'),
  copy(14, 'removed'),
  { is: 'nothing', mailbox: mailbox(15) },
];
const ALL = [...TROUBLED, ...Array.from({ length: 240 }, (_none, n) => copy(16 + n, 'removed'))];

const page = (rows: readonly DetailsRow[], look: Look = EVERYTHING, at = 0): DetailsPage => ({
  incident: 'CB-7F3K2M',
  digest: DIGEST,
  copies: 248,
  seenAt: '2026-11-23T13:24:00Z',
  found: { foundBy: 'hunting and recipients', finders: [] },
  restorable: 241,
  notLooked: 0,
  counts: countsOf(ALL),
  look,
  matches: rows.length,
  rows: rows.slice(at * ROWS_OF_A_PAGE, (at + 1) * ROWS_OF_A_PAGE),
  page: at,
  pages: Math.max(1, Math.ceil(rows.length / ROWS_OF_A_PAGE)),
  offers: { export: true, excerpt: true },
});

export function detailsStates(): { name: string; view: DetailsView }[] {
  const longest = presentDetails({ ...page(ALL), offers: { export: true, excerpt: false } });
  const longRow = { mailbox: long('a', 330), folder: long('Folder/', 200), seen: long('read ', 120) };
  return [
    { name: 'details-first', view: presentDetails(page(ALL)) },
    { name: 'details-middle', view: presentDetails({ ...page(ALL, EVERYTHING, 3), offers: NOTHING }) },
    {
      name: 'details-search',
      view: presentDetails(page(TROUBLED.slice(0, 2), { filter: 'trouble', search: 'person' })),
    },
    { name: 'details-empty', view: presentDetails(page([], { filter: 'waiting', search: 'nobody@' })) },
    { name: 'details-refused', view: presentDetails(page([], { filter: 'all', search: 'ann or bob' })) },
    {
      name: 'details-longest',
      view: {
        ...longest,
        rows: longest.rows.map((row) => ({ ...row, ...longRow, outcome: long('no ', 300), isCopy: true })),
      },
    },
  ];
}

const NOTHING = { export: false, excerpt: false };
