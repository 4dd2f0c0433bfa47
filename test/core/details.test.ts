import { describe, expect, it } from 'vitest';
import { type DetailsPage, type DetailsRow, presentDetails } from '../../src/core/tell/details.ts';
import { DetailsView } from '../../src/core/tell/details-view.ts';
import { DIGEST } from '../support/cases.ts';

const page: DetailsPage = {
  incident: 'CB-1',
  digest: DIGEST,
  copies: 2,
  seenAt: '2026-11-20T08:00:00Z',
  found: { foundBy: 'hunting and recipients', finders: [] },
  restorable: 1,
  rows: [],
  page: 0,
  pages: 1,
};
const copy = { is: 'copy', mailbox: 'ann@contoso.example', folder: 'Inbox', isRead: true, outcome: null } as const;
const NONE = '\u2014';

describe('the list of mailboxes', () => {
  it('says of what it is, how it was found and what can come back', () => {
    expect(presentDetails(page)).toMatchObject({
      title: 'Mailboxes of CB-1',
      summary: '2 copies seen 20 Nov 08:00 UTC, found by hunting and recipients. 1 copy can be restored.',
      page: 'Page 1 of 1',
      hasPrevious: false,
      hasNext: false,
    });
  });

  it.each([
    [0, ['Page 1 of 3', '', '1', false, true]],
    [1, ['Page 2 of 3', '0', '2', true, true]],
    [2, ['Page 3 of 3', '1', '', true, false]],
  ])('on page %i knows its neighbours', (at, words) => {
    const { page: name, previous, next, hasPrevious, hasNext } = presentDetails({ ...page, page: at, pages: 3 });
    expect([name, previous, next, hasPrevious, hasNext]).toEqual(words);
  });

  it.each<[DetailsRow, string, string, string]>([
    [copy, 'Inbox', 'Read', 'Untouched'],
    [{ ...copy, isRead: false, outcome: 'waiting' }, 'Inbox', 'Not read', 'Waiting its turn'],
    [{ ...copy, folder: '', outcome: 'removed' }, 'unnamed folder', 'Read', 'Removed, seen gone'],
    [{ is: 'denied', mailbox: copy.mailbox }, NONE, 'Not allowed to look', NONE],
    [{ is: 'failed', mailbox: copy.mailbox }, NONE, 'No clear answer', NONE],
    [{ is: 'unreachable', mailbox: copy.mailbox }, NONE, 'Not reachable this way', NONE],
    [{ is: 'missing', mailbox: copy.mailbox }, NONE, 'Nobody has the address', NONE],
    [{ is: 'nothing', mailbox: copy.mailbox }, NONE, 'Looked: no copy', NONE],
    [{ is: 'shielded', mailbox: copy.mailbox, set: 'the board' }, NONE, 'Protected', 'Never touched: the board'],
    [{ is: 'unsure', mailbox: copy.mailbox, group: 1 }, NONE, 'May be it, group 2', 'Left alone unless taken in'],
    [
      { is: 'left alone', mailbox: copy.mailbox, why: 'another sender' },
      NONE,
      'Another mail',
      'Left alone: another sender',
    ],
  ])('tells a row: %j', (row, folder, seen, outcome) => {
    const { rows } = DetailsView.parse(presentDetails({ ...page, rows: [row] }));
    expect(rows).toEqual([{ mailbox: 'ann@contoso[.]example', folder, seen, outcome }]);
  });

  it('shows what mailboxes and policies call things as text', () => {
    const evil = 'x\u202e https://evil.example';
    const rows: DetailsRow[] = [
      { ...copy, mailbox: evil, folder: evil },
      { is: 'shielded', mailbox: evil, set: evil },
      { is: 'left alone', mailbox: evil, why: evil },
    ];
    expect(JSON.stringify(presentDetails({ ...page, rows }))).not.toMatch(/https:|\u202e/);
  });
});
