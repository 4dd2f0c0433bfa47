import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Database, openDatabase } from '../../src/adapters/store/database.ts';
import { createLedgerReader, freshSalt } from '../../src/adapters/store/ledger.ts';
import { createStore } from '../../src/adapters/store/store.ts';
import type { Incident } from '../../src/core/incident/incident.ts';
import type { Entry } from '../../src/core/record/ledger.ts';
import type { Job } from '../../src/ports/jobs.ts';
import type { Finish, NewWorkItem, Run, WorkItem, WorkItems } from '../../src/ports/runs.ts';
import type { LedgerReader, Store } from '../../src/ports/store.ts';
import { DIGEST, incidentOf } from '../support/cases.ts';
import type { FreshDatabase } from '../support/database.ts';
import { entryOf } from '../support/entries.ts';
import { createMemoryStore } from '../support/memory-store.ts';

/** One store for all stories of a contract, and a tenant of its own for each of them. */

export const AT = '2026-11-20T08:00:00.000Z';
/** Digest of a delivery's bytes. */
export const BODY = 'b'.repeat(64);
export const LEASE_MS = 60_000;
/** How a room is spoken to, where a story does not say otherwise. */
export const MANNERS = { leaseMs: LEASE_MS, holdMs: 0, newPerMinute: 1_000, linesPerGathering: 20 };

export const seenCopy = {
  internetMessageId: '<one@mailer.example>',
  sender: 'a@x.example',
  folderId: 'inbox',
  inRecoverableItems: false,
  isRead: false,
  flag: 'notFlagged',
  categories: [],
};

export const item = (mailbox: string, n: number): NewWorkItem => ({
  mailbox,
  address: `${mailbox}@contoso.example`,
  message: `${mailbox}-${n}`,
  folderId: 'inbox',
  folder: 'Inbox',
  before: null,
});
export const itemsOf = (mailboxes: number, each: number) =>
  Array.from({ length: mailboxes * each }, (_none, n) => item(`box${Math.floor(n / each)}`, n));
export const run = (id: string): Run => ({
  id,
  incident: 'CB-0001',
  action: 'purge',
  planDigest: DIGEST,
  state: 'running',
  mode: 'live',
  cause: 'approved',
  approvedBy: ['p1', 'p2'],
  mailboxes: 2,
  rescopedAt: null,
  cancelledAt: null,
  startedAt: AT,
  finishedAt: null,
});
export const done = ({ seq, fence }: WorkItem, change: Partial<Extract<Finish, { done: true }>> = {}): Finish => ({
  seq,
  fence,
  done: true,
  outcome: 'removed',
  detail: 'seen',
  requestId: 'r',
  ...change,
});
export const rest = ({ seq, fence }: WorkItem, change: Partial<Extract<Finish, { done: false }>> = {}): Finish => ({
  seq,
  fence,
  done: false,
  waitMs: 3_600_000,
  wholeMailbox: false,
  countsAsAttempt: true,
  ...change,
});

/** With every kind of character. */
export const NOTE = 'Größe \u0000 \u2028 👩‍💻';
export const entry = (tenant: string, message: string): Entry<'copy.outcome'> =>
  entryOf('copy.outcome', { note: NOTE }, { tenant, at: AT, incident: 'CB-0001', message });

export const seqs = (items: readonly WorkItem[]) => items.map(({ seq }) => seq);

export interface StoreRig {
  readonly store: Store;
  tenant(): string;
  ledger(): LedgerReader;
  /** Names of the queues that hold a job of this tenant, in alphabetical order. */
  jobs(): Promise<readonly string[]>;
  claim(limit?: number, run?: string, leaseMs?: number): Promise<readonly WorkItem[]>;
  finish(results: readonly Finish[], run?: string): Promise<readonly number[]>;
  start(items: readonly NewWorkItem[], run?: string): Promise<void>;
  counts(run?: string): ReturnType<WorkItems['counts']>;
  incident(id: string): Incident;
}

/** What only a real database has. */
export interface DatabaseRig extends StoreRig {
  database(): Database;
  /** Queues that were woken since the story began. */
  woken(): readonly string[];
  storeOf(tenant: string): Store;
}

/** Every queue there is: one that is not made keeps whoever sends to it waiting for ever on the embedded database. */
const EVERY_QUEUE: Readonly<Record<Job['queue'], true>> = {
  scope: true,
  run: true,
  rescope: true,
  look: true,
  search: true,
  evidence: true,
  people: true,
  elsewhere: true,
  late: true,
  pull: true,
  back: true,
  reporter: true,
  flag: true,
  inquire: true,
  measures: true,
  automation: true,
  deliver: true,
  expire: true,
  remind: true,
  nudge: true,
};
const QUEUES = Object.keys(EVERY_QUEUE) as readonly Job['queue'][];

export function useDatabase(fresh: () => Promise<FreshDatabase>): DatabaseRig {
  let folder: FreshDatabase;
  let database: Database;
  let tenant = '';
  let woken: string[] = [];

  beforeAll(async () => {
    folder = await fresh();
    database = await openDatabase(folder.address);
    await database.boss.start();
    for (const queue of QUEUES) await database.boss.createQueue(queue, { policy: 'short' });
  });
  afterAll(async () => {
    await database.boss.stop({ graceful: false });
    await database.close();
    await folder.drop();
  });
  beforeEach(() => {
    woken = [];
    tenant = randomUUID();
  });

  const storeOf = (id: string) =>
    createStore(database, id, { id: randomUUID, salt: freshSalt, wake: (queues) => woken.push(...queues) });
  return {
    ...rigOn({ transact: (work) => storeOf(tenant).transact(work) }, () => tenant),
    database: () => database,
    woken: () => woken,
    storeOf,
    ledger: () => createLedgerReader(database.db, tenant),
    async jobs() {
      const { rows } = await sql<{ name: string }>`
        select name from pgboss.job where data->>'tenant' = ${tenant} and state = 'created'`.execute(database.db);
      return rows.map(({ name }) => name).sort();
    },
  };
}

export function useMemory(): StoreRig {
  const fresh = () => createMemoryStore({ tenant: randomUUID(), id: randomUUID, now: Date.now });
  let memory = fresh();
  beforeEach(() => {
    memory = fresh();
  });
  return {
    ...rigOn({ transact: (work) => memory.store.transact(work) }, () => memory.tenant),
    ledger: () => memory.ledger,
    jobs: () =>
      Promise.resolve(
        memory
          .jobs()
          .map(({ job }) => job.queue)
          .sort(),
      ),
  };
}

function rigOn(store: Store, tenant: () => string): Omit<StoreRig, 'ledger' | 'jobs'> {
  return {
    store,
    tenant,
    claim: (limit = 100, of = 'r1', leaseMs = LEASE_MS) => store.transact((tx) => tx.work.claim(of, limit, leaseMs)),
    finish: (results, of = 'r1') => store.transact((tx) => tx.work.finish(of, results)),
    start: (items, id = 'r1') => store.transact((tx) => tx.runs.start(run(id), items)),
    counts: (of = 'r1') => store.transact((tx) => tx.work.counts(of)),
    incident: (id) => incidentOf('open', { tenant: tenant(), id, dedupeKey: `key of ${id}` }),
  };
}
