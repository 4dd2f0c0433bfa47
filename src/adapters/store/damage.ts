import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClawbackError } from '../../core/error.ts';
import { folderTrouble } from '../../core/folder-trouble.ts';

/** What keeps the embedded database from opening, told before or after it was tried. */

/** Left beside the database once it has been opened. */
const MARK = 'record-is-here';
const MARK_TEXT = 'The record of Clawback is in the folder pg beside this file. Keep them together.\n';
const FORMAT = '18';

/**
 * Throws ClawbackError 'unavailable' where a database was and is not whole any more: the engine would take what is left
 * for an empty folder, and make a new, empty record over it.
 */
export function refuseDamage(folder: string): void {
  const format = formatOf(folder);
  if (format === FORMAT || (format === null && !existsSync(join(folder, MARK)))) return;
  const found =
    format === null
      ? 'was in use before, and its database is gone or has lost files'
      : `holds a database of PostgreSQL ${format.slice(0, 20)}, and this Clawback reads ${FORMAT}`;
  const mend =
    format === null
      ? RESTORE
      : 'run the version of Clawback that made it, or restore the folder from a copy of this one';
  throw new ClawbackError('unavailable', `the data folder ${folder} ${found}: ${mend}. Nothing was changed`);
}

export function markAsUsed(folder: string): void {
  const mark = join(folder, MARK);
  if (!existsSync(mark)) writeFileSync(mark, MARK_TEXT, { mode: 0o600 });
}

function formatOf(folder: string): string | null {
  try {
    return readFileSync(join(folder, 'pg', 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw folderTrouble(folder, error);
  }
}

/** As WASI numbers them: what the engine's file system was answered with. */
const WASI: Readonly<Record<number, string>> = {
  2: 'EACCES',
  19: 'EDQUOT',
  29: 'EIO',
  51: 'ENOSPC',
  63: 'EPERM',
  69: 'EROFS',
};
const RESTORE =
  'restore the whole folder from a copy (README, “Backup and restore”); to begin with an empty record instead, move it away';

/** The engine says little more than that it failed. */
export function openingTrouble(folder: string, cause: unknown): ClawbackError {
  if (cause instanceof ClawbackError) return cause;
  const { errno, code } = cause as { errno?: unknown; code?: unknown };
  const known = String(WASI[Number(errno)] ?? code);
  if (/^E[A-Z]+$/.test(known)) {
    const { message } = folderTrouble(folder, { code: known });
    return new ClawbackError('config', message, { cause, field: 'data' });
  }
  return new ClawbackError(
    'unavailable',
    `the embedded database in ${folder} cannot be opened, it may be damaged: ${RESTORE}`,
    {
      cause,
    },
  );
}

const BUSY = new Set([5, 6]);
const SQLITE: Readonly<Record<number, string>> = { 3: 'EACCES', 8: 'EROFS', 10: 'EIO', 13: 'ENOSPC', 14: 'EACCES' };

/** Why the lock file of a folder could not be taken. */
export function lockTrouble(folder: string, cause: unknown): ClawbackError {
  const { errcode } = cause as { errcode?: unknown };
  const isFolder = statSync(join(folder, 'owner.lock'), { throwIfNoEntry: false })?.isDirectory() === true;
  // Zero, which is no trouble, where there is no number. The upper bytes only say more of the same.
  const number = isFolder ? 0 : Number(errcode) & 0xff;
  if (BUSY.has(number))
    return new ClawbackError(
      'store-busy',
      `the data folder ${folder} is in use by another Clawback process; stop that one first, or set DATABASE_URL to share a PostgreSQL server`,
      { cause },
    );
  const code = SQLITE[number];
  if (code !== undefined) return folderTrouble(folder, Object.assign(new Error('the lock file'), { code, cause }));
  return new ClawbackError(
    'config',
    `the file owner.lock in the data folder ${folder} is not the one that Clawback makes: take it away while no Clawback runs there`,
    { cause, field: 'data' },
  );
}
