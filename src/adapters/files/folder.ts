import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folderTrouble } from '../../core/folder-trouble.ts';

/** Some file systems tell that they are full only once something is written. */
const TRIAL_BYTES = 8_192;

/** Makes the folder, and those above it. Throws ClawbackError 'config' with advice where that cannot be done. */
export function makeFolder(folder: string): void {
  try {
    make(folder);
  } catch (cause) {
    throw folderTrouble(folder, cause);
  }
}

/**
 * One step at a time: below a file system that says “not there” to everybody who makes something in it (/proc), Node's own
 * `recursive` tries for ever.
 */
function make(folder: string): void {
  if (isFolder(folder)) return;
  const above = dirname(folder);
  if (above !== folder) make(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Somebody else has made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !isFolder(folder)) throw error;
  }
}

/** Throws for what is there and is no folder. */
function isFolder(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats && !stats.isDirectory()) throw Object.assign(new Error(`${path} is no folder`), { code: 'ENOTDIR' });
  return stats !== undefined;
}

/** Writes a little into the folder, to disk, and takes it away. Throws ClawbackError 'config' with advice. */
export function tryFolder(folder: string): void {
  const trial = join(folder, `.trial-${process.pid}`);
  try {
    const file = openSync(trial, 'w', 0o600);
    try {
      writeSync(file, Buffer.alloc(TRIAL_BYTES));
      fsyncSync(file);
    } finally {
      closeSync(file);
      rmSync(trial, { force: true });
    }
  } catch (cause) {
    throw folderTrouble(folder, cause);
  }
}
