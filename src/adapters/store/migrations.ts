import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import queue from 'pg-boss/package.json' with { type: 'json' };
import { ClawbackError } from '../../core/error.ts';
import { SPINE } from './schema-0001.ts';
import { APPROVALS } from './schema-0002.ts';
import { AUTHORITY } from './schema-0003.ts';
import { ALIVE } from './schema-0004.ts';
import { SETTLED } from './schema-0005.ts';
import { OPENINGS } from './schema-0006.ts';
import { PLAN_ROWS } from './schema-0007.ts';
import { SOURCES } from './schema-0008.ts';
import { LISTS } from './schema-0009.ts';
import { DELAYS } from './schema-0010.ts';
import { CALLS } from './schema-0011.ts';
import { REQUESTS } from './schema-0013.ts';
import { LIMITS } from './schema-0014.ts';
import { LOOK_PARTS } from './schema-0015.ts';
import { VENDOR_ROWS } from './schema-0016.ts';
import { EVIDENCE } from './schema-0018.ts';
import { INQUIRIES } from './schema-0019.ts';
import { SILENCE } from './schema-0021.ts';
import { CAMPAIGNS } from './schema-0023.ts';
import { AUTOMATION } from './schema-0025.ts';
import { DUE } from './schema-0026.ts';
import { PEOPLE_LOOKS } from './schema-0027.ts';
import { FLAGS } from './schema-0028.ts';
import { MEASURES } from './schema-0029.ts';
import { MEASURE_REMINDERS } from './schema-0030.ts';
import { SENDERS } from './schema-0031.ts';
import { FACTS } from './schema-0034.ts';

/** One path for both engines; nothing newer than PostgreSQL 15. Add to the end, never change what has been released. */
const MIGRATIONS: Record<string, Migration> = {
  '0001_spine': running(SPINE),
  '0002_approvals': running(APPROVALS),
  '0003_authority': running(AUTHORITY),
  '0004_alive': running(ALIVE),
  '0005_settled': running(SETTLED),
  '0006_openings': running(OPENINGS),
  '0007_plan_rows': running(PLAN_ROWS),
  '0008_sources': running(SOURCES),
  '0009_lists': running(LISTS),
  '0010_delays': running(DELAYS),
  '0011_calls': running(CALLS),
  '0013_requests': running(REQUESTS),
  '0014_limits': running(LIMITS),
  '0015_look_parts': running(LOOK_PARTS),
  '0016_vendor_rows': running(VENDOR_ROWS),
  '0018_evidence': running(EVIDENCE),
  '0019_inquiries': running(INQUIRIES),
  '0021_silence': running(SILENCE),
  '0023_campaigns': running(CAMPAIGNS),
  '0029_measures': running(MEASURES),
  '0027_people_looks': running(PEOPLE_LOOKS),
  '0028_flags': running(FLAGS),
  '0025_automation': running(AUTOMATION),
  '0026_due': running(DUE),
  '0030_measure_reminders': running(MEASURE_REMINDERS),
  '0031_senders': running(SENDERS),
  '0034_facts': running(FACTS),
};

function running(statements: readonly string[]): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  };
}

const MIGRATION_TABLE = 'schema_migration';

/**
 * Brings the schema up to date; safe to run at every start and by several processes at once. Throws ClawbackError
 * 'unavailable' where the database is from a newer Clawback: what that one keeps in it, this one would not heed.
 */
export async function migrate<T>(db: Kysely<T>): Promise<void> {
  const { unknown } = await migrationState(db);
  const newer = [...unknown, ...(await newerQueue(db))];
  if (newer.length > 0)
    throw new ClawbackError(
      'unavailable',
      `the database was brought up to date by a newer Clawback (${newer.join(', ')}): run that version, or restore the database from a copy of before. Nothing was changed`,
    );
  const { error } = await migratorOf(db).migrateToLatest();
  if (error)
    throw new ClawbackError('unavailable', 'the database schema could not be brought up to date', { cause: error });
}

/** Names of the migrations that wait, and of those that only a newer Clawback knows. Reads, changes nothing. */
export async function migrationState<T>(db: Kysely<T>): Promise<{ pending: string[]; unknown: string[] }> {
  const known = await migratorOf(db).getMigrations();
  const pending = known.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name);
  if (pending.length === known.length) return { pending, unknown: [] };
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)}`.execute(db);
  return { pending, unknown: rows.map(({ name }) => name).filter((name) => !(name in MIGRATIONS)) };
}

/** The queue keeps its own version, and says nothing when it is behind. */
async function newerQueue<T>(db: Kysely<T>): Promise<string[]> {
  const table = await sql<{ there: string | null }>`select to_regclass('pgboss.version')::text as there`.execute(db);
  if (!table.rows[0]?.there) return [];
  const { rows } = await sql<{ version: number }>`select version from pgboss.version`.execute(db);
  return rows.filter(({ version }) => Number(version) > queue.pgboss.schema).map(({ version }) => `queue ${version}`);
}

function migratorOf<T>(db: Kysely<T>): Migrator {
  return new Migrator({
    db: db as Kysely<unknown>,
    provider: { getMigrations: () => Promise.resolve(MIGRATIONS) },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: 'schema_migration_lock',
  });
}
