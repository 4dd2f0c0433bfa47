import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Database } from './adapters/store/database.ts';
import { freshSalt } from './adapters/store/ledger.ts';
import { createStore } from './adapters/store/store.ts';
import type { Bookkeeping } from './flow/flow.ts';
import { record } from './flow/record/record.ts';
import type { Log } from './log.ts';
import type { ClockState } from './vitals.ts';

export interface ClockRecord {
  change(state: ClockState, skewMs: number): void;
  /** From now on there is a record to write to; what was found before is written now. */
  open(flows: readonly Pick<Bookkeeping, 'tenant'>[]): void;
}

/**
 * Puts on record, once a change, that the clocks of this machine and of the database differ, differ too much, or agree
 * again. Written also where nothing else may be, and under the database's time: no entry bears one that is known to be off.
 */
export function recordClocks(database: Database, now: () => number, log: Pick<Log, 'error'>): ClockRecord {
  let flows: readonly Pick<Bookkeeping, 'tenant'>[] | null = null;
  let found: { readonly state: ClockState; readonly skewMs: number } | null = null;
  let last: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const what = found;
    if (what === null || flows === null) return;
    found = null;
    const detail = { state: what.state, aheadSeconds: Math.round(what.skewMs / 1_000), machine: hostname() };
    const clock = { now: () => new Date(now() - what.skewMs).toISOString(), id: randomUUID, incidentId: () => '' };
    for (const { tenant } of flows) {
      const store = createStore(database, tenant.id, { id: randomUUID, salt: freshSalt, wake: () => undefined });
      const bookkeeping = { tenant, clock, store, rooms: [] };
      await store.transact((tx) => record(bookkeeping, tx, [{ type: 'clock.changed', detail }]));
    }
  }

  const writeNext = () => {
    last = last.then(write).catch((err: unknown) => log.error({ err }, 'the clocks could not be put on record'));
  };
  return {
    change(state, skewMs) {
      found = { state, skewMs };
      writeNext();
    },
    open(all) {
      flows = all;
      writeNext();
    },
  };
}
