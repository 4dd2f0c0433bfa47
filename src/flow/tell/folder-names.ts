import type { DetailsPage } from '../../core/tell/details.ts';
import type { Reader } from '../../ports/reader.ts';

/** Whoever pressed is answered within three seconds, with or without them. */
const WAIT_MS = 1_200;

/** What people call the folders on one page of the list; where a mailbox does not say it in time, they stay unnamed. */
export async function withFolderNames(reader: Pick<Reader, 'folderNames'>, page: DetailsPage): Promise<DetailsPage> {
  const places = page.rows.flatMap((row) => (row.is === 'copy' && row.folder === '' ? row.place : []));
  if (places.length === 0) return page;
  const names = await inTime(reader.folderNames(places));
  const nameOf = new Map(places.map((place, n) => [place, names[n]?.toWellFormed() ?? '']));
  const rows = page.rows.map((row) =>
    row.is === 'copy' && row.folder === '' ? { ...row, folder: nameOf.get(row.place) ?? '' } : row,
  );
  return { ...page, rows };
}

async function inTime(work: Promise<readonly (string | null)[]>): Promise<readonly (string | null)[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly []>((resolve) => {
    timer = setTimeout(() => resolve([]), WAIT_MS);
  });
  try {
    return await Promise.race([work.catch(() => []), late]);
  } finally {
    clearTimeout(timer);
  }
}
