import { accessSync, chmodSync, constants, lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { ClawbackError } from '../../core/error.ts';
import { folderTrouble } from '../../core/folder-trouble.ts';
import { makeFolder, tryFolder } from './folder.ts';

/** Files that nobody but us has to do with: the data folder and secrets. Windows has other rights than these. */

const OTHERS = 0o077;
const ROOT = 0;

/** Null on Windows. */
const whoAmI = (): number | null => process.getuid?.() ?? null;

export type Privacy =
  | { readonly is: 'private' }
  /** Ours: the next start corrects it. */
  | { readonly is: 'open'; readonly mode: number }
  /** Ours, on a file system that cannot be written. */
  | { readonly is: 'fixed'; readonly mode: number }
  /** Root’s, and we are not root: mounted for us, and not ours to change. */
  | { readonly is: 'mounted'; readonly mode: number }
  | { readonly is: 'foreign'; readonly mode: number; readonly owner: number };

/** `me` null: not asked for on this system. */
export function privacyOf({ mode, uid }: Pick<Stats, 'mode' | 'uid'>, me: number | null): Privacy {
  const bits = mode & 0o777;
  if (me === null || (bits & OTHERS) === 0) return { is: 'private' };
  if (uid === me || me === ROOT) return { is: 'open', mode: bits };
  return uid === ROOT ? { is: 'mounted', mode: bits } : { is: 'foreign', mode: bits, owner: uid };
}

/** Null where there is no such file. */
export function secretPrivacy(file: string): Privacy | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  const privacy = stats ? privacyOf(stats, whoAmI()) : null;
  return privacy?.is === 'open' && isOnReadOnly(file) ? { ...privacy, is: 'fixed' } : privacy;
}

function isOnReadOnly(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS';
  }
}

/** The folder and what is in it, as far as it is not private; the first few. */
export function openPaths(folder: string, most = 20): readonly { readonly path: string; readonly privacy: Privacy }[] {
  const me = whoAmI();
  const found: { path: string; privacy: Privacy }[] = [];
  const look = (path: string, isTop: boolean) => {
    // The folder itself may be a link: what it leads to is what we were given. Of a link in it, the rights mean nothing, and
    // what it leads to is not ours to change.
    const stats = (isTop ? statSync : lstatSync)(path, { throwIfNoEntry: false });
    if (!stats || stats.isSymbolicLink() || found.length >= most) return;
    const privacy = privacyOf(stats, me);
    if (privacy.is !== 'private') found.push({ path, privacy });
    if (!stats.isDirectory()) return;
    // Whoever may write here may stop us: that file is no secret, and may be anybody's.
    for (const name of namesIn(path)) if (!isTop || name !== 'STOP') look(join(path, name), false);
  };
  look(folder, true);
  return found;
}

/** A folder that we may not look into holds nothing of ours. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * Makes the folder, or takes everybody else's rights on it and on what is in it away. Throws ClawbackError 'config' with
 * advice where that cannot be done. From now on this process makes private files only.
 */
export function keepFolderPrivate(folder: string): void {
  // A worker thread cannot set it; there is none but in tests.
  if (isMainThread) process.umask(OTHERS);
  makeFolder(folder);
  try {
    correctAll(folder);
  } catch (error) {
    throw folderTrouble(folder, error);
  }
  tryFolder(folder);
}

function correctAll(folder: string): void {
  // Correcting a folder may bring what is in it into sight.
  for (let found = openPaths(folder, 1_000); found.length > 0; ) {
    for (const { path, privacy } of found) {
      if (privacy.is === 'open' && correct(path, privacy.mode)) continue;
      throw new ClawbackError('config', asked(folderProblem(folder, path, privacy)));
    }
    found = openPaths(folder, 1_000);
  }
}

/** What is wrong, and what to do about it. */
export interface Advice {
  readonly found: string;
  readonly mend: string;
}

const asked = ({ found, mend }: Advice) => `${found}: ${mend}`;

export function folderProblem(folder: string, path: string, privacy: Privacy): Advice {
  const what = path === folder ? `the data folder ${folder}` : `${path} in the data folder`;
  const whose = privacy.is === 'open' ? 'its rights cannot be changed' : 'it belongs to another user';
  return {
    found: `${what} can be read by others (mode ${modeOf(privacy)}), and ${whose}`,
    mend: 'give it to the user that Clawback runs as (chown -R), or set data: to a folder inside it, which Clawback makes for itself',
  };
}

/**
 * Takes everybody else's rights on a secret file away. Answers a warning where root has mounted it for us with more rights
 * than needed; throws ClawbackError 'config' with advice where it is open and should not be. A file that is not there is
 * somebody else's to complain about.
 */
export function keepSecretPrivate(file: string): string | null {
  const privacy = secretPrivacy(file);
  if (!privacy || privacy.is === 'private') return null;
  if (privacy.is === 'open' && correct(file, privacy.mode)) return null;
  const problem = asked(secretProblem(file, privacy));
  if (privacy.is === 'mounted') return problem;
  throw new ClawbackError('config', problem);
}

export function secretProblem(file: string, privacy: Privacy): Advice {
  const found = `the secret file ${file} can be read by others (mode ${modeOf(privacy)})`;
  switch (privacy.is) {
    case 'mounted':
      return { found: `${found} and belongs to root`, mend: 'mount it with defaultMode: 0400, or 0440 and a group' };
    case 'foreign':
      return {
        found: `${found} and belongs to another user`,
        mend: 'give it to the user that Clawback runs as, and chmod 600',
      };
    default:
      return { found: `${found} and its rights cannot be changed`, mend: 'mount it with defaultMode: 0400' };
  }
}

const modeOf = (privacy: Privacy) => ('mode' in privacy ? privacy.mode.toString(8).padStart(4, '0') : 'private');

/** False where the file system does not let us, or does not keep it. */
function correct(path: string, mode: number): boolean {
  try {
    chmodSync(path, mode & ~OTHERS);
    return (lstatSync(path).mode & OTHERS) === 0 || (statSync(path).mode & OTHERS) === 0;
  } catch {
    return false;
  }
}
