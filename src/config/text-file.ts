import { readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { ClawbackError } from '../core/error.ts';

/** Text of a file that is needed. Throws ClawbackError 'config' with advice; `what` it is, as in “the policy file”. */
export function textOf(file: string, what: string): string {
  refuseNoFile(file, what);
  try {
    // Some editors, and some shells' redirections, put a byte order mark in front.
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw unreadable(file, what, cause);
  }
}

/** One line after the other, of a file that may be larger than memory. Throws ClawbackError 'config' with advice. */
export async function* linesOf(file: string, what: string): AsyncGenerator<string> {
  refuseNoFile(file, what);
  const opened = await open(file).catch((cause: unknown) => {
    throw unreadable(file, what, cause);
  });
  try {
    yield* opened.readLines({ encoding: 'utf8' });
  } finally {
    await opened.close();
  }
}

function unreadable(file: string, what: string, cause: unknown): ClawbackError {
  const { code } = cause as NodeJS.ErrnoException;
  const problem = `${what} ${file} cannot be read`;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new ClawbackError('config', `there is no ${what.replace(/^the /, '')} ${file}`, { cause });
  if (code === 'EACCES' || code === 'EPERM')
    return new ClawbackError(
      'config',
      `${problem}: give it, and the folders above it, to the user that Clawback runs as`,
      { cause },
    );
  return new ClawbackError('config', `${problem} (${code ?? 'no reason given'})`, { cause });
}

/** Throws for what is there and is no file: whoever reads a pipe or a device may wait for ever, and the process with them. */
export function refuseNoFile(path: string, what: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats || stats.isFile()) return;
  const found = stats.isDirectory() ? 'it is a folder' : 'it is a pipe or a device: put a file there';
  throw new ClawbackError('config', `${what} ${path} cannot be read: ${found}`);
}
