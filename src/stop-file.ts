import { closeSync, openSync, writeSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

const fileIn = (folder: string) => join(folder, 'STOP');

/** A file that stops everything for whoever can write to the data folder; its content is the reason. */
export async function stopFileIn(folder: string): Promise<string | null> {
  const file = fileIn(folder);
  try {
    // A pipe would be read for ever.
    return (await stat(file)).isFile() ? await readFile(file, 'utf8') : 'the stop file is no file';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    // It is there and cannot be read: that is no reason to go on.
    return 'the stop file cannot be read';
  }
}

/** Answers where it is. One that is there already stays as it is. */
export function writeStopFile(folder: string, reason: string): string {
  const file = fileIn(folder);
  try {
    const opened = openSync(file, 'wx');
    try {
      writeSync(opened, `${reason}\n`);
    } catch {
      // On a full disk it stays empty, and stops as well.
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return file;
}
