import { describe, expect, it } from 'vitest';
import type { DetailsRow } from '../../src/core/tell/details-rows.ts';
import { listFile, type WrittenList } from '../../src/core/tell/list-file.ts';
import { DIGEST } from '../support/cases.ts';

const copy: DetailsRow = {
  is: 'copy',
  mailbox: 'ann@contoso.example',
  folder: 'Inbox',
  place: { mailbox: 'm-1', folderId: 'f-1' },
  isRead: true,
  receivedAt: '2026-11-20T07:59:00Z',
  outcome: 'stillThere',
  detail: null,
};
const list = (rows: readonly DetailsRow[]): WrittenList => ({
  incident: 'CB-1',
  digest: DIGEST,
  seenAt: '2026-11-20T08:00:00.000Z',
  writtenAt: '2026-11-20T09:00:00.000Z',
  rows,
});

/** As a reader of RFC 4180 takes it. */
function cellsIn(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  for (let found = cell.exec(text); found; found = cell.exec(text)) {
    row.push((found[1] ?? found[2] ?? '').replaceAll('""', '"'));
    if (found[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const csv = (rows: readonly DetailsRow[]) => cellsIn(listFile(list(rows), 'csv').text.slice(1));
const folderOf = (folder: string) => csv([{ ...copy, folder }])[1]?.[6];

describe('the list as CSV', () => {
  it('has a header, a row for each mailbox, and the mark of UTF-8', () => {
    const file = listFile(list([copy, { is: 'denied', mailbox: 'bob@contoso.example' }]), 'csv');
    expect([file.name, file.type, file.rows]).toEqual([
      'CB-1-mailboxes.csv',
      'text/csv; charset=utf-8; header=present',
      2,
    ]);
    expect(file.text.startsWith('\uFEFF"incident"')).toBe(true);
    expect(cellsIn(file.text.slice(1))).toEqual([
      ['incident', 'digest', 'mailbox', 'kind', 'outcome', 'cause', 'folder', 'read', 'received'],
      [
        ...['CB-1', DIGEST, 'ann@contoso.example', 'Trouble', 'Still there', 'found in its folder after the last try'],
        ...['Inbox', 'yes', '2026-11-20T07:59:00Z'],
      ],
      [
        ...['CB-1', DIGEST, 'bob@contoso.example', 'Not looked into', 'Not looked into'],
        ...['Clawback has no right to this mailbox', '', '', ''],
      ],
    ]);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+49', "'+49"],
    ['-2', "'-2"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['  =1', "'  =1"],
    ['\t=1', "' =1"],
    ['\r@x', "' @x"],
    ['\n+x', "' +x"],
    ['\u200b=1', "'\u200b=1"],
    ['\u00a0-1', "'\u00a0-1"],
    ['\ufeff=1', "'\ufeff=1"],
    ['\uff1d1', "'\uff1d1"],
    ['\0=1', "' =1"],
    ['a=1', 'a=1'],
    ['Re: 1-2', 'Re: 1-2'],
  ])('is no formula: %j', (folder, cell) => {
    expect(folderOf(folder)).toBe(cell);
  });

  it.each([
    ['a "b", c', 'a "b", c'],
    ['a\r\n"=1', 'a  "=1'],
    ['x\ud800y', 'x\ufffdy'],
    ['\u2028a', ' a'],
  ])('keeps a cell in its place: %j', (folder, cell) => {
    expect(folderOf(folder)).toBe(cell);
    expect(csv([{ ...copy, folder }, copy])).toHaveLength(3);
  });
});

describe('the list as JSON', () => {
  it('has a version, says of which plan it is, and holds what is there as it is', () => {
    const file = listFile(list([{ ...copy, folder: '=1+1 "x"' }]), 'json');
    expect([file.name, file.type]).toEqual(['CB-1-mailboxes.json', 'application/json; charset=utf-8']);
    expect(JSON.parse(file.text)).toEqual({
      version: 1,
      incident: 'CB-1',
      digest: DIGEST,
      seenAt: '2026-11-20T08:00:00.000Z',
      writtenAt: '2026-11-20T09:00:00.000Z',
      mailboxes: [
        {
          mailbox: 'ann@contoso.example',
          kind: 'Trouble',
          outcome: 'Still there',
          cause: 'found in its folder after the last try',
          folder: '=1+1 "x"',
          read: true,
          received: '2026-11-20T07:59:00Z',
        },
      ],
    });
  });

  it('has a name of plain characters whatever the incident is called', () => {
    expect(listFile({ ...list([]), incident: '../"x' }, 'json').name).toBe('x-mailboxes.json');
  });
});
