import { type DetailsRow, groupOf } from './details-rows.ts';
import { FILTER_WORDS, rowWords } from './details-words.ts';

/** The whole mailbox list as a file. What mailboxes and folders are called is data in it, and no formula of a spreadsheet. */

export const LIST_FORMATS = ['csv', 'json'] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

export interface ListFile {
  /** Of plain characters. */
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly text: string;
  readonly rows: number;
}

export interface WrittenList {
  readonly incident: string;
  /** Hex digest of the plan that the list is of. */
  readonly digest: string;
  /** ISO times: when mailboxes were looked into, and when the file was written. */
  readonly seenAt: string;
  readonly writtenAt: string;
  readonly rows: readonly DetailsRow[];
}

/** UTF-8; CSV is that of RFC 4180, with a header and the mark by which spreadsheets know UTF-8. */
export function listFile(list: WrittenList, format: ListFormat): ListFile {
  const name = `${list.incident.replace(/[^\w-]/g, '')}-mailboxes.${format}`;
  const rows = list.rows.length;
  return format === 'csv'
    ? { name, type: 'text/csv; charset=utf-8; header=present', text: csvOf(list), rows }
    : { name, type: 'application/json; charset=utf-8', text: jsonOf(list), rows };
}

/** As the file has it: another shape is another `version`. */
const COLUMNS = ['mailbox', 'kind', 'outcome', 'cause', 'folder', 'read', 'received'] as const;
type Cells = Readonly<Record<(typeof COLUMNS)[number], string | boolean | null>>;

function cellsOf(row: DetailsRow): Cells {
  const { outcome, cause } = rowWords(row);
  const copy = row.is === 'copy' ? row : null;
  return {
    mailbox: row.mailbox,
    kind: FILTER_WORDS[groupOf(row)],
    outcome,
    cause: cause === '' ? null : cause,
    folder: copy?.folder || null,
    read: copy?.isRead ?? null,
    received: copy?.receivedAt ?? null,
  };
}

function jsonOf({ incident, digest, seenAt, writtenAt, rows }: WrittenList): string {
  return `${JSON.stringify({ version: 1, incident, digest, seenAt, writtenAt, mailboxes: rows.map(cellsOf) }, null, 1)}\n`;
}

function csvOf({ incident, digest, rows }: WrittenList): string {
  const lines = rows.map((row) => {
    const cells = cellsOf(row);
    return [incident, digest, ...COLUMNS.map((column) => cells[column])];
  });
  const all = [['incident', 'digest', ...COLUMNS], ...lines];
  return `\uFEFF${all.map((line) => `${line.map(cell).join(',')}\r\n`).join('')}`;
}

/** After blanks, marks that are not seen and control characters, also where a keyboard makes them wide. */
const FORMULA = /^[\s\p{C}\p{Z}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u;
const BROKEN = /[\p{Cc}\u2028\u2029]/gu;

/**
 * Quoted, always. What a spreadsheet could take for a formula begins with an apostrophe, and what could break a line or
 * hide in one is a blank [OWASP, CSV Injection].
 */
function cell(value: string | boolean | null): string {
  const text = typeof value === 'boolean' ? (value ? 'yes' : 'no') : (value ?? '');
  const flat = text.toWellFormed().replace(BROKEN, ' ');
  const inert = FORMULA.test(text) || FORMULA.test(flat) ? `'${flat}` : flat;
  return `"${inert.replaceAll('"', '""')}"`;
}
