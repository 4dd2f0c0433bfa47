import type { DetailsView } from '../../../src/core/tell/details-view.ts';
import { DIGEST } from '../cases.ts';
import { long } from './long.ts';

/** Pages of the mailbox list: first, a middle one, one that is empty, and one with the longest texts. */
export function detailsStates(): { name: string; view: DetailsView }[] {
  const row = (n: number) => ({
    mailbox: `person${n}@contoso[.]example`,
    folder: n % 3 === 0 ? 'Inbox/Projects' : 'Inbox',
    seen: n % 2 === 0 ? 'read' : 'not read',
    outcome: n % 4 === 0 ? 'Still there' : 'Removed, seen gone',
  });
  const first: DetailsView = {
    incident: 'CB-7F3K2M',
    digest: DIGEST,
    title: '40 copies in 38 mailboxes',
    summary: 'As found 23 Nov 13:24 UTC; outcomes as last seen.',
    rows: Array.from({ length: 15 }, (_, n) => row(n)),
    page: 'Page 1 of 3',
    previous: '',
    next: '1',
    hasPrevious: false,
    hasNext: true,
  };
  const longRow = {
    mailbox: long('a', 330),
    folder: long('Folder/', 200),
    seen: long('read ', 120),
    outcome: long('no ', 120),
  };
  return [
    { name: 'details-first', view: first },
    { name: 'details-middle', view: { ...first, page: 'Page 2 of 3', previous: '0', next: '2', hasPrevious: true } },
    { name: 'details-empty', view: { ...first, rows: [], page: 'Page 1 of 1', next: '', hasNext: false } },
    { name: 'details-longest', view: { ...first, rows: Array.from({ length: 15 }, () => longRow) } },
  ];
}
