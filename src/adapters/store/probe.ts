import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import { ClawbackError } from '../../core/error.ts';
import { connectionsTo, PATIENCE } from './connection.ts';
import type { DatabaseAddress } from './database.ts';
import { migrationState } from './migrations.ts';
import { openPglite } from './pglite.ts';
import { keepsWhatIsSet } from './pooler.ts';

export interface StoreFacts {
  readonly kind: DatabaseAddress['kind'];
  /** `fresh`: nothing there yet. `busy`: a running Clawback has it. `dead`: does not answer or cannot be opened. */
  readonly state: 'reached' | 'fresh' | 'busy' | 'dead';
  /** Migrations that the next start will make. */
  readonly pending: readonly string[];
  /** Migrations that only a newer Clawback knows. */
  readonly unknown: readonly string[];
  /** False behind a pooler that mixes connections up: no timeout is in force. */
  readonly keepsWhatIsSet: boolean;
}

const ANSWER_WITHIN_MS = 5_000;

/** Looks at the database and migrates nothing. Never throws for what the database answers. */
export function probeStore(address: DatabaseAddress): Promise<StoreFacts> {
  return address.kind === 'embedded' ? probeEmbedded(address.folder) : probeServer(address.url);
}

async function probeEmbedded(folder: string): Promise<StoreFacts> {
  const kind = 'embedded';
  if (!existsSync(join(folder, 'pg'))) return { kind, state: 'fresh', pending: [], unknown: [], keepsWhatIsSet: true };
  try {
    const embedded = await openPglite(folder, []);
    try {
      const db = new Kysely<unknown>({ dialect: new PGliteDialect({ pglite: embedded.pglite }) });
      return { kind, state: 'reached', ...(await migrationState(db)), keepsWhatIsSet: true };
    } finally {
      await embedded.close();
    }
  } catch (error) {
    const busy = error instanceof ClawbackError && error.code === 'store-busy';
    return { kind, state: busy ? 'busy' : 'dead', pending: [], unknown: [], keepsWhatIsSet: true };
  }
}

async function probeServer(url: string): Promise<StoreFacts> {
  const kind = 'server';
  try {
    const { settings } = connectionsTo(url, 1, { ...PATIENCE, connect: ANSWER_WITHIN_MS, silence: ANSWER_WITHIN_MS });
    const pool = new pg.Pool(settings);
    pool.on('error', () => undefined);
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
    try {
      const state = await migrationState(db);
      return { kind, state: 'reached', ...state, keepsWhatIsSet: await keepsWhatIsSet(url, ANSWER_WITHIN_MS) };
    } finally {
      await db.destroy();
    }
  } catch {
    return { kind, state: 'dead', pending: [], unknown: [], keepsWhatIsSet: true };
  }
}
