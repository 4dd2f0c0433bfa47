import { ClawbackError } from './error.ts';

/** What keeps us from using the data folder, in words; what is a word of ours already stays as it is. */
export function folderTrouble(folder: string, cause: unknown): ClawbackError {
  if (cause instanceof ClawbackError) return cause;
  const { code = 'no reason given' } = cause as { code?: string };
  const [found, mend] = WORDS[code] ?? [`cannot be used (${code})`, 'set data: to another folder'];
  return new ClawbackError('config', `the data folder ${folder} ${found}: ${mend}`, { cause, field: 'data' });
}

const OWN =
  'give it, and a way through the folders above it, to the user that Clawback runs as, or set data: to another';
const FULL = 'make room there, or set data: to a folder with more. Nothing was started';
const WORDS: Readonly<Record<string, readonly [found: string, mend: string]>> = {
  EACCES: ['cannot be read and written', OWN],
  EPERM: ['cannot be read and written', OWN],
  EROFS: ['is on a file system that can only be read', 'mount it to be written, or set data: to another folder'],
  ENOENT: ['can neither be found nor made', 'set data: to a folder on a disk'],
  ENOTDIR: ['is a file, or below one', 'set data: to a folder'],
  EEXIST: ['is a file, or below one', 'set data: to a folder'],
  ELOOP: ['is a link that leads in a circle', 'set data: to a folder'],
  ENAMETOOLONG: ['has a name that is too long', 'set data: to a shorter one'],
  ENOSPC: ['is on a disk that is full', FULL],
  EDQUOT: ['is on a disk where nothing is left of what we may use', FULL],
  EIO: [
    'is on a disk that answers with errors',
    'look at the disk, and restore the folder from a copy if it is damaged',
  ],
};
