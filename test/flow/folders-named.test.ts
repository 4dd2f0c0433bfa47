import { expect, it } from 'vitest';
import type { DetailsPage } from '../../src/core/tell/details.ts';
import { withFolderNames } from '../../src/flow/tell/folder-names.ts';

/** What people call the folders on a page of mailboxes: asked for where the list does not say it, and nowhere else. */

const place = (n: number) => ({ mailbox: `box${n}`, folderId: `f${n}` });
const copyIn = (n: number, folder: string) => ({ is: 'copy', mailbox: `box${n}@x.example`, place: place(n), folder });
const page = {
  incident: 'CB-1',
  rows: [copyIn(1, ''), copyIn(2, 'Inbox'), { is: 'nothing', mailbox: 'box3@x.example', folder: '' }, copyIn(4, '')],
} as unknown as DetailsPage;

async function named(answer: (places: readonly unknown[]) => Promise<readonly (string | null)[]>, of = page) {
  const asked: unknown[] = [];
  const reader = {
    folderNames: (places: readonly unknown[]) => {
      asked.push(...places);
      return answer(places);
    },
  };
  const { rows } = await withFolderNames(reader as never, of);
  return { asked, folders: rows.map((row) => ('folder' in row ? row.folder : null)) };
}

it('names the folders that have no name yet, in the order asked for', async () => {
  expect(await named(() => Promise.resolve(['Urlaub\ud800', null]))).toEqual({
    asked: [place(1), place(4)],
    folders: ['Urlaub\ufffd', 'Inbox', '', ''],
  });
});

it('leaves them without a name where nobody says it', async () => {
  const { folders } = await named(() => Promise.reject(new Error('503')));
  expect(folders).toEqual(['', 'Inbox', '', '']);
});

it('asks for nothing where all have one', async () => {
  const { asked } = await named(() => Promise.resolve([]), { ...page, rows: page.rows.slice(1, 3) });
  expect(asked).toEqual([]);
});
