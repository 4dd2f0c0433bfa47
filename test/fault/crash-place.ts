import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type DatabaseAddress, openDatabase } from '../../src/adapters/store/database.ts';
import { createWorkers } from '../../src/adapters/store/jobs.ts';
import { createLedgerReader, freshSalt, seal } from '../../src/adapters/store/ledger.ts';
import { createStore, freeLeasesOfTheDead } from '../../src/adapters/store/store.ts';
import type { Entry } from '../../src/core/record/ledger.ts';
import { verifyLedger } from '../../src/flow/record/audit.ts';
import type { Job } from '../../src/ports/jobs.ts';
import type { Store } from '../../src/ports/store.ts';
import { readBack } from '../support/entries.ts';
import type { World } from './world.ts';

/** Where processes that die keep what outlives them. Nobody works on jobs here but the test, and time passes when it says so. */
export interface Place {
  readonly store: Store;
  /** What the record tells of an incident so far. */
  entries(incident: string): Promise<readonly Entry[]>;
  /** Whether the chain of the whole record is as it was written. */
  isIntact(): Promise<boolean>;
  /** Takes the job that is due first; null where none is. */
  take(): Promise<Job | null>;
  /** What a process that starts here does before anything else: alone on its database it frees the leases of the dead. */
  restarted(): Promise<void>;
  /** Leases, rests and queued jobs come so much nearer to their time. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** The memory of `world`: what died there leaves its leases to run out, as on a server; its clock is the world's. */
export function inMemory(world: World): Place {
  const { memory } = world;
  return {
    store: memory.store,
    entries: (incident) => Promise.resolve(memory.entries().filter((entry) => entry.incident === incident)),
    isIntact: async () => (await verifyLedger(memory.ledger, memory.tenant, seal)).ok,
    take() {
      const due = memory.jobs().find(({ dueAt }) => dueAt <= world.now());
      return Promise.resolve(due && memory.take(due) ? due.job : null);
    },
    restarted: () => Promise.resolve(),
    pass: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** Embedded, or on a server. */
export async function onDatabase(address: DatabaseAddress, tenant: string): Promise<Place> {
  const database = await openDatabase(address);
  const { db } = database;
  const reader = createLedgerReader(db, tenant);
  const workers = createWorkers(database.boss, () => undefined);
  // Makes the queues; from then on nobody takes from them but this test.
  await workers.start(() => Promise.resolve());
  await workers.hold();
  return {
    store: createStore(database, tenant, { id: randomUUID, salt: freshSalt, wake: () => undefined }),
    entries: async (incident) => (await reader.ofIncident(incident, 0, 100_000)).map(readBack),
    isIntact: async () => (await verifyLedger(reader, tenant, seal)).ok,
    async take() {
      const { rows } = await sql<{ data: Job }>`
        delete from pgboss.job where id = (
          select id from pgboss.job where state = 'created' and start_after <= clock_timestamp() order by start_after, created_on limit 1)
        returning data`.execute(db);
      return rows[0]?.data ?? null;
    },
    restarted: () => freeLeasesOfTheDead(database),
    async pass(ms) {
      const span = sql`make_interval(secs => ${ms / 1_000}::double precision)`;
      // Requests of what is done are in the air as well: whatever is asked of the same copy next waits for them.
      await sql`
        update work_item set lease_until = lease_until - ${span}, not_before = not_before - ${span}, air_until = air_until - ${span}`.execute(
        db,
      );
      await sql`update card set lease_until = lease_until - ${span}, not_before = not_before - ${span}`.execute(db);
      await sql`update look_part set held_until = held_until - ${span} where answer is null`.execute(db);
      await sql`update source_cursor set lease_until = lease_until - ${span}, not_before = not_before - ${span}`.execute(
        db,
      );
      await sql`update room set next_at = next_at - ${span}, held_until = held_until - ${span}`.execute(db);
      await sql`update pgboss.job set start_after = start_after - ${span} where state = 'created'`.execute(db);
    },
    async close() {
      await workers.stop();
      await database.close();
    },
  };
}
