import { keepFolderPrivate } from '../adapters/files/privacy.ts';
import { operatorSocket } from '../adapters/http/operator.ts';
import { type Database, type DatabaseAddress, openDatabase } from '../adapters/store/database.ts';
import { serverTroubleIn } from '../adapters/store/server-trouble.ts';
import type { Settings } from '../config/load.ts';
import { ClawbackError } from '../core/error.ts';
import { askOperator, orWhyBusy } from './operator.ts';

/**
 * The embedded database belongs to one process: when that is a running Clawback, it is asked over its socket. It is asked
 * first: it reads on a disk that is full, where nobody could open the database anew.
 */
export async function fromDatabaseOrRunning<T>(
  { config, secrets }: Settings,
  answer: (database: Database) => Promise<T>,
  path: string,
): Promise<T> {
  const folder = config.data;
  const url = secrets.databaseUrl;
  if (url)
    return fromDatabase({ kind: 'server', url }, answer).catch((error: unknown) => {
      throw serverTroubleIn(url, error);
    });
  return askOperator<T>(operatorSocket(folder), path).catch((error: unknown) => {
    if (!(error instanceof ClawbackError)) throw error;
    const open = async () => {
      keepFolderPrivate(folder);
      return fromDatabase({ kind: 'embedded', folder }, answer);
    };
    return orWhyBusy(open(), error);
  });
}

async function fromDatabase<T>(address: DatabaseAddress, answer: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(address);
  try {
    return await answer(database);
  } finally {
    await database.close();
  }
}
