import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/adapters/store/database.ts';
import { refreshStatistics } from '../../src/adapters/store/statistics.ts';
import { freshDatabase } from '../support/database.ts';

test('the planner hears of a table that a campaign has just filled, and of none that has not grown since', async () => {
  const fresh = await freshDatabase();
  const database = await openDatabase(fresh.address);
  onTestFinished(async () => {
    await database.close();
    await fresh.drop();
  });
  const { db } = database;
  const fill = (from: number, to: number) =>
    sql`insert into ledger (tenant, seq, incident, type, at, bytes, hash)
        select 't', n, 'CB-1', 'copy.outcome', 'now', repeat('y', 500), md5(n::text) from generate_series(${from}::int, ${to}::int) n`.execute(
      db,
    );
  const known = async () => {
    const { rows } = await sql<{ rows: number }>`
      select reltuples::int as rows from pg_class where oid = 'ledger'::regclass`.execute(db);
    return rows[0]?.rows;
  };
  await fill(1, 4_000);
  await refreshStatistics(db);
  expect(await known()).toBe(4_000);
  // Half as many again: what is known does as well.
  await fill(4_001, 6_000);
  await refreshStatistics(db);
  expect(await known()).toBe(4_000);
  await fill(6_001, 16_000);
  await refreshStatistics(db);
  expect(await known()).toBe(16_000);
});
