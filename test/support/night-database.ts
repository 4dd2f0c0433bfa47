import { randomUUID } from 'node:crypto';
import { CompiledQuery } from 'kysely';
import { type DatabaseAddress, openDatabase } from '../../src/adapters/store/database.ts';
import { createWorkers, type TenantJob } from '../../src/adapters/store/jobs.ts';
import { createLedgerReader, freshSalt } from '../../src/adapters/store/ledger.ts';
import { refreshStatistics } from '../../src/adapters/store/statistics.ts';
import { createStore } from '../../src/adapters/store/store.ts';
import { freshDatabase } from './database.ts';
import type { NightStore } from './night-store.ts';

/** The machine may be busy, and the database with dropping those of other tests. */
const PATIENCE_MS = 150_000;
const STATISTICS_EVERY_MS = 3_000;

/** Embedded, or on the server the suite was given, with the real queue. `found`: leaves in it what is found there. */
export async function onDatabase(
  tenant: string,
  found?: (address: DatabaseAddress) => Promise<void>,
): Promise<NightStore> {
  const fresh = await freshDatabase();
  await found?.(fresh.address);
  const database = await openDatabase(fresh.address);
  let told: (error: unknown, queue: string, tenant: string | null) => void = () => undefined;
  // As the product does: nobody else tells the planner of tables that grow.
  const house = setInterval(() => void refreshStatistics(database.db).catch(() => undefined), STATISTICS_EVERY_MS);
  const workers = createWorkers(database.boss, (...problem) => told(...problem));
  return {
    store: createStore(database, tenant, { id: randomUUID, salt: freshSalt, wake: workers.wake }),
    reader: createLedgerReader(database.db, tenant),
    patienceMs: PATIENCE_MS,
    async start(handle, problem) {
      const own = async (job: TenantJob) => {
        if (job.tenant === tenant) await handle(job);
      };
      told = problem;
      await workers.start(own);
    },
    async intrude(statement, values) {
      const { rows } = await database.db.executeQuery<Record<string, unknown>>(
        CompiledQuery.raw(statement, [...values]),
      );
      return rows;
    },
    async close() {
      clearInterval(house);
      await workers.stop();
      await database.close();
      await fresh.drop();
    },
  };
}
