import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { z } from 'zod';
import { ClawbackError } from '../../core/error.ts';
import { type KindCount, MEASURED } from '../../core/intelligence/precision.ts';
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
  /** How right findings were, by tenant id; null where it cannot be read. */
  readonly measured: ReadonlyMap<string, readonly KindCount[]> | null;
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
  const none = { pending: [], unknown: [], measured: null, keepsWhatIsSet: true };
  if (!existsSync(join(folder, 'pg'))) return { kind, state: 'fresh', ...none };
  try {
    const embedded = await openPglite(folder, []);
    try {
      const db = new Kysely<unknown>({ dialect: new PGliteDialect({ pglite: embedded.pglite }) });
      return {
        kind,
        state: 'reached',
        ...(await migrationState(db)),
        measured: await measuredIn(db),
        keepsWhatIsSet: true,
      };
    } finally {
      await embedded.close();
    }
  } catch (error) {
    const busy = error instanceof ClawbackError && error.code === 'store-busy';
    return { kind, state: busy ? 'busy' : 'dead', ...none };
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
      const measured = await measuredIn(db);
      return {
        kind,
        state: 'reached',
        ...state,
        measured,
        keepsWhatIsSet: await keepsWhatIsSet(url, ANSWER_WITHIN_MS),
      };
    } finally {
      await db.destroy();
    }
  } catch {
    return { kind, state: 'dead', pending: [], unknown: [], measured: null, keepsWhatIsSet: true };
  }
}

const Counted = z.array(
  z.object({ tenant: z.string(), kind: z.enum(MEASURED), malicious: z.number(), harmless: z.number() }),
);

/** Before the table is there nothing was counted. */
async function measuredIn<T>(db: Kysely<T>): Promise<StoreFacts['measured']> {
  const table = await sql<{ there: string | null }>`select to_regclass('finding_count')::text as there`.execute(db);
  if (!table.rows[0]?.there) return new Map();
  const { rows } = await sql`select tenant, kind, malicious, harmless from finding_count`.execute(db);
  const known = rows.flatMap((row) => Counted.safeParse([row]).data ?? []);
  return Map.groupBy(known, ({ tenant }) => tenant);
}
