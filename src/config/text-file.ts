import { readFileSync } from 'node:fs';
import { ClawbackError } from '../core/error.ts';

/** Text of a file that is needed. Throws ClawbackError 'config' with advice; `what` it is, as in “the policy file”. */
export function textOf(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem = `${what} ${file} cannot be read`;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new ClawbackError('config', `there is no ${what.replace(/^the /, '')} ${file}`, { cause });
    if (code === 'EISDIR') throw new ClawbackError('config', `${problem}: it is a folder`, { cause });
    if (code === 'EACCES' || code === 'EPERM')
      throw new ClawbackError(
        'config',
        `${problem}: give it, and the folders above it, to the user that Clawback runs as`,
        {
          cause,
        },
      );
    throw new ClawbackError('config', `${problem} (${code ?? 'no reason given'})`, { cause });
  }
}
