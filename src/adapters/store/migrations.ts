import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { ClawbackError } from '../../core/error.ts';
import { SPINE } from './schema-0001.ts';
import { APPROVALS } from './schema-0002.ts';
import { AUTHORITY } from './schema-0003.ts';
import { ALIVE } from './schema-0004.ts';

/** One path for both engines; nothing newer than PostgreSQL 15. Add to the end, never change what has been released. */
const MIGRATIONS: Record<string, Migration> = {
  '0001_spine': running(SPINE),
  '0002_approvals': running(APPROVALS),
  '0003_authority': running(AUTHORITY),
  '0004_alive': running(ALIVE),
};

function running(statements: readonly string[]): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  };
}

const MIGRATION_TABLE = 'schema_migration';

/** Brings the schema up to date; safe to run at every start and by several processes at once. */
export async function migrate<T>(db: Kysely<T>): Promise<void> {
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

function migratorOf<T>(db: Kysely<T>): Migrator {
  return new Migrator({
    db: db as Kysely<unknown>,
    provider: { getMigrations: () => Promise.resolve(MIGRATIONS) },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: 'schema_migration_lock',
  });
}
