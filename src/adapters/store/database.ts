import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import { fromPglite, PgBoss } from 'pg-boss';
import { migrate } from './migrations.ts';
import { openPglite } from './pglite.ts';
import { type Tables, VACUUMED } from './schema.ts';
import { serverTrouble } from './server-trouble.ts';

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

/** Opens the database and brings its schema up to date. pg-boss is made but not started. */
export async function openDatabase(address: DatabaseAddress): Promise<Database> {
  return address.kind === 'embedded' ? openEmbedded(address.folder) : openServer(address.url);
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
    syncs: () => embedded.fs.syncs,
    vacuum: embedded.vacuum,
    close: embedded.close,
  };
}

async function openServer(url: string): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, max: 8 });
  // Without a listener an idle connection that breaks would end the process.
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await pool.query('select 1');
    await migrate(db);
  } catch (cause) {
    await db.destroy();
    throw serverTrouble(url, cause);
  }
  return {
    db,
    boss: new PgBoss({ connectionString: url, max: 4, ...BOSS }),
    exclusive: false,
    syncs: () => null,
    vacuum: () => Promise.resolve(),
    close: () => db.destroy(),
  };
}

/** Old jobs are of no use: the ledger is the record. */
const BOSS = { schema: 'pgboss' } as const;
