import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import type { DatabaseAddress } from '../../src/adapters/store/database.ts';
import type { Job } from '../../src/ports/jobs.ts';
import type { LedgerReader, Store } from '../../src/ports/store.ts';
import { createMemoryStore } from './memory-store.ts';

/** What a night rests on. */
export interface NightStore {
  readonly store: Store;
  readonly reader: LedgerReader;
  /** How long what is waited for may take at most. */
  readonly patienceMs: number;
  /** From now on jobs are handed to `handle`; what it throws goes to `problem`, and the job comes again. */
  start(handle: (job: Job) => Promise<void>, problem: (error: unknown) => void): Promise<void>;
  /** What somebody who can write to the database does to it. */
  intrude(statement: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** A real database; or memory, where a run says so that plays the same nights a thousand times (test:mutation) and nobody intrudes. */
export async function openNightStore(
  tenant: string,
  intruded: boolean,
  found?: (address: DatabaseAddress) => Promise<void>,
): Promise<NightStore> {
  if (inject('nights') === 'in memory' && !intruded && !found) return inMemory(tenant);
  // Only where it is used: loading a database takes longer than most nights in memory.
  const { onDatabase } = await import('./night-database.ts');
  return onDatabase(tenant, found);
}

const RETRY_MS = 100;
/** What does not happen in memory never happens. */
const PATIENCE_MS = 5_000;

function inMemory(tenant: string): NightStore {
  const memory = createMemoryStore({ tenant, id: randomUUID, now: Date.now });
  const busy = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let handle: ((job: Job) => Promise<void>) | null = null;
  let problem: (error: unknown) => void = () => undefined;

  function lookAgain(afterMs: number): void {
    clearTimeout(timer);
    if (handle) timer = setTimeout(takeWhatIsDue, Math.min(Math.max(0, afterMs), 2 ** 31 - 1));
  }

  function takeWhatIsDue(): void {
    for (const queued of memory.jobs()) {
      if (queued.dueAt > Date.now()) {
        lookAgain(queued.dueAt - Date.now());
        return;
      }
      if (!memory.take(queued)) continue;
      const one = carryOut(queued.job).finally(() => busy.delete(one));
      busy.add(one);
    }
  }

  async function carryOut(job: Job): Promise<void> {
    try {
      await handle?.(job);
    } catch (error) {
      problem(error);
      if (handle) await store.transact((tx) => tx.jobs.send(job, RETRY_MS));
    }
  }

  const store: Store = {
    async transact(story) {
      try {
        return await memory.store.transact(story);
      } finally {
        lookAgain(0);
      }
    },
  };
  return {
    store,
    reader: memory.ledger,
    patienceMs: PATIENCE_MS,
    start(work, trouble) {
      handle = work;
      problem = trouble;
      lookAgain(0);
      return Promise.resolve();
    },
    intrude: () => Promise.reject(new Error('nobody writes into memory: this night needs a database')),
    async close() {
      handle = null;
      clearTimeout(timer);
      await Promise.all(busy);
    },
  };
}
