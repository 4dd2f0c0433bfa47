import { keepFolderPrivate } from '../adapters/files/privacy.ts';
import { operatorSocket } from '../adapters/http/operator.ts';
import { type Database, openDatabase } from '../adapters/store/database.ts';
import type { Loaded } from '../config/load.ts';
import { ClawbackError } from '../core/error.ts';
import { askOperator } from './operator.ts';

/** The embedded database belongs to one process: when that is a running Clawback, it is asked over its socket. */
export async function fromDatabaseOrRunning<T>(
  { config, secrets }: Loaded,
  answer: (database: Database) => Promise<T>,
  path: string,
): Promise<T> {
  const folder = config.data;
  const url = secrets.databaseUrl;
  try {
    if (!url) keepFolderPrivate(folder);
    const database = await openDatabase(url ? { kind: 'server', url } : { kind: 'embedded', folder });
    try {
      return await answer(database);
    } finally {
      await database.close();
    }
  } catch (error) {
    if (!(error instanceof ClawbackError) || error.code !== 'store-busy') throw error;
    return askOperator<T>(operatorSocket(folder), path);
  }
}
