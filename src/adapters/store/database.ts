import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type ConstructorOptions, fromPglite, PgBoss } from 'pg-boss';
import { connectionsTo, MIGRATION_PATIENCE, PATIENCE, type Patience, QUEUE_PATIENCE } from './connection.ts';
import { migrate } from './migrations.ts';
import { openPglite } from './pglite.ts';
import { refuseForgetful } from './pooler.ts';
import type { Tables } from './schema.ts';
import { serverTrouble } from './server-trouble.ts';
import { refuseWhilePutBack, shareDatabase, takeAlone } from './sharing.ts';
import { VACUUMED } from './vacuumed.ts';
import { within } from './within.ts';

/** Where state lives: a folder for the embedded database, or the URL of a PostgreSQL server. */
export type DatabaseAddress =
  | { readonly kind: 'embedded'; readonly folder: string }
  | { readonly kind: 'server'; readonly url: string };

export interface Database {
  readonly db: Kysely<Tables>;
  readonly boss: PgBoss;
  /** True when no other process can have this database open: leases of a dead owner may be freed at once. */
  readonly exclusive: boolean;
  /** fsync calls so far, embedded only; null on a server. */
  syncs(): number | null;
  vacuum(): Promise<void>;
  close(): Promise<void>;
}

/** `alone`: while no Clawback works on it, and so that none begins. */
export type Use = 'shared' | 'alone';

/** Opens the database and brings its schema up to date. pg-boss is made but not started. */
export async function openDatabase(
  address: DatabaseAddress,
  patience: Patience = PATIENCE,
  use: Use = 'shared',
): Promise<Database> {
  if (address.kind === 'embedded') return openEmbedded(address.folder);
  return use === 'alone' ? openServerAlone(address.url, patience) : openServer(address.url, patience, use);
}

async function openEmbedded(folder: string): Promise<Database> {
  const embedded = await openPglite(folder, VACUUMED);
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: embedded.pglite }) });
  await migrate(db).catch(async (error: unknown) => {
    await embedded.close();
    throw error;
  });
  return {
    db,
    boss: new PgBoss({ db: fromPglite(embedded.pglite), backend: 'pglite', ...BOSS }),
    exclusive: true,
    syncs: embedded.pglite.syncs,
    vacuum: embedded.vacuum,
    close: embedded.close,
  };
}

async function openServerAlone(url: string, patience: Patience): Promise<Database> {
  const giveBack = await takeAlone(url).catch((cause: unknown) => {
    throw serverTrouble(url, cause);
  });
  try {
    const database = await openServer(url, patience, 'alone');
    return { ...database, close: () => database.close().finally(giveBack) };
  } catch (error) {
    giveBack();
    throw error;
  }
}

async function openServer(url: string, patience: Patience, use: Use): Promise<Database> {
  await bringUpToDate(url, patience.connect, use).catch((cause: unknown) => {
    throw serverTrouble(url, cause);
  });
  const greeting = use === 'shared' ? shareDatabase : undefined;
  const own = connectionsTo(url, 8, patience, greeting);
  const pool = new pg.Pool(own.settings);
  // Without a listener an idle connection that breaks would end the process.
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const queue = connectionsTo(url, 4, { ...patience, lock: QUEUE_PATIENCE.lock }, greeting);
  return {
    db,
    boss: new PgBoss({ ...queue.settings, max: 4, ...BOSS } as ConstructorOptions),
    exclusive: false,
    syncs: () => null,
    vacuum: () => Promise.resolve(),
    async close() {
      await within(CLOSE_WITHIN_MS, db.destroy());
      own.cut();
      queue.cut();
    },
  };
}

/** Over a connection of its own: it may take its time where nothing else may. */
async function bringUpToDate(url: string, connect: number, use: Use): Promise<void> {
  const { settings, cut } = connectionsTo(url, 1, { ...MIGRATION_PATIENCE, connect });
  const pool = new pg.Pool(settings);
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await pool.query('select 1');
    await refuseForgetful(url, connect);
    if (use === 'shared') await refuseWhilePutBack(pool);
    await migrate(db);
  } finally {
    await within(CLOSE_WITHIN_MS, db.destroy());
    cut();
  }
}

/** A server that hangs does not keep us from ending. */
const CLOSE_WITHIN_MS = 2_000;

/** How often somebody looks for jobs whose worker is gone. */
const LOOK_EVERY_S = 10;
const BOSS = {
  schema: 'pgboss',
  superviseIntervalSeconds: LOOK_EVERY_S,
  monitorIntervalSeconds: LOOK_EVERY_S,
} as const;
