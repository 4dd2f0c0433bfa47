import { readFileSync } from 'node:fs';
import { Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import type { DatabaseAddress } from '../../src/adapters/store/database.ts';
import { openPglite } from '../../src/adapters/store/pglite.ts';
import { SPINE } from '../../src/adapters/store/schema-0001.ts';
import type { Plan } from '../../src/core/find/plan.ts';
import { planOf } from './cases.ts';

/** A plan as that release sealed it: no terms, no policy. */
export function planOfTheFirstRelease(change: Partial<Plan> = {}) {
  const { key, foundBy, resolvedAt, asked, copies, nothing, denied, missing, failed, leftAlone, recipients, ...plan } =
    planOf(change);
  const lists = { asked, copies, nothing, denied, missing, failed, leftAlone, recipients };
  return { version: 1, tenant: plan.tenant, incident: plan.incident, key, foundBy, resolvedAt, ...lists };
}

const VERSION_BEFORE = `${import.meta.dirname}/databases/version-before.sql`;

/**
 * Leaves a database as the version before this one left it: CB-0001 purged, CB-0002 rejected, CB-0003 contained, CB-0004
 * with one vote of two; of 20 November 2026.
 */
export async function asVersionBefore(address: DatabaseAddress): Promise<void> {
  const { db, close } = await openRaw(address);
  try {
    await sql`drop schema public cascade`.execute(db);
    await sql`create schema public`.execute(db);
    await runAll(
      db,
      readFileSync(VERSION_BEFORE, 'utf8')
        .split(/;\n/)
        .filter((statement) => statement.trim() !== ''),
    );
  } finally {
    await close();
  }
}

/** Leaves a database as the first release would have left it: its schema, and what `statements` put in. */
export async function asFirstRelease(address: DatabaseAddress, statements: readonly string[]): Promise<void> {
  const { db, close } = await openRaw(address);
  try {
    // The folder that embedded tests begin with is up to date already.
    await sql`drop schema public cascade`.execute(db);
    await sql`create schema public`.execute(db);
    const { error } = await new Migrator({
      db,
      provider: { getMigrations: () => Promise.resolve({ '0001_spine': { up: (trx) => runAll(trx, SPINE) } }) },
      migrationTableName: 'schema_migration',
      migrationLockTableName: 'schema_migration_lock',
    }).migrateToLatest();
    if (error) throw error;
    await runAll(db, statements);
  } finally {
    await close();
  }
}

async function runAll(db: Kysely<unknown>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

async function openRaw(address: DatabaseAddress): Promise<{ db: Kysely<unknown>; close: () => Promise<void> }> {
  if (address.kind === 'server') {
    const db = new Kysely<unknown>({
      dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: address.url, max: 1 }) }),
    });
    return { db, close: () => db.destroy() };
  }
  const { pglite, close } = await openPglite(address.folder, []);
  return { db: new Kysely<unknown>({ dialect: new PGliteDialect({ pglite }) }), close };
}
