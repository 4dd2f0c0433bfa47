import { sql, type Transaction } from 'kysely';
import { fromKysely, type PgBoss } from 'pg-boss';
import type { Job, Jobs } from '../../ports/jobs.ts';
import { singletonKey } from './job-key.ts';
import { type Lanes, lanesFor, type Weights } from './lanes.ts';
import type { Tables } from './schema.ts';
import { within } from './within.ts';

export type QueueName = Job['queue'];
export type TenantJob = Job & { readonly tenant: string };

/** What was sent in this process wakes its workers; the rest is found by asking. */
const POLL_SECONDS = 0.5;

/**
 * Workers per queue, for one tenant alone. More would not be faster: Graph's limits and the outbox's pace decide, and the embedded
 * database has one connection.
 */
const QUEUES: Readonly<Record<QueueName, { readonly workers: number; readonly pollSeconds?: number }>> = {
  // These wait for Graph most of the time, each for seconds at most before it gives its place back: incidents with slow
  // mailboxes must not keep a fresh one waiting.
  scope: { workers: 18, pollSeconds: 1 },
  // Whoever begins a search works on it anyway: this is for the other processes.
  search: { workers: 1 },
  // Whoever looks for mail waits for it.
  inquire: { workers: 2 },
  run: { workers: 8 },
  // People wait for it, and it waits for Graph.
  measures: { workers: 2 },
  rescope: { workers: 2 },
  look: { workers: 2 },
  // At the side: whatever it reads, purges of the same mailbox wait for no more than one such request.
  evidence: { workers: 1 },
  // A few requests each, and most of them wait for Microsoft.
  people: { workers: 2 },
  elsewhere: { workers: 1 },
  late: { workers: 1 },
  // Each waits for somebody else's service.
  pull: { workers: 2, pollSeconds: 2 },
  automation: { workers: 1, pollSeconds: 2 },
  back: { workers: 1, pollSeconds: 2 },
  reporter: { workers: 1, pollSeconds: 2 },
  flag: { workers: 1, pollSeconds: 2 },
  deliver: { workers: 4 },
  expire: { workers: 1 },
  remind: { workers: 1 },
  nudge: { workers: 1 },
};

const NAMES = Object.keys(QUEUES) as QueueName[];

/**
 * Enough for a long outage of Graph or a chat platform: the sweep re-creates what is still needed after that. The longest
 * pause is part of the minute in which everything goes on once the outage is over.
 */
const RETRIES = { retryLimit: 60, retryDelay: 2, retryBackoff: true, retryDelayMax: 20 } as const;

/**
 * A job whose worker was killed, froze, or could not say how it ended for want of a database, goes to another after this.
 * It may then run twice at once: each stage is made for that.
 */
const HEARTBEAT = { heartbeatSeconds: 15 } as const;

/** Finished jobs go quickly: the ledger is the record, and the embedded database has to stay small. */
const KEEP = { deleteAfterSeconds: 600, retentionSeconds: 14 * 86_400 } as const;

interface Wish {
  readonly job: Job;
  readonly afterMs: number;
}

/**
 * What a transaction wants done is written down together, in one statement for each queue. What others may want at the same
 * moment, a word in a room, comes last: they wait for no longer than the commit takes. `flush`: 'own' for all else. `sent` is told of
 * each queue that got a job to be done at once, so that its workers can be woken after commit.
 */
export function jobsOf(
  trx: Transaction<Tables>,
  tenant: string,
  boss: PgBoss,
  sent: (queue: QueueName) => void,
): { readonly jobs: Jobs; flush(which?: 'all' | 'own'): Promise<void> } {
  const wishes = new Map<QueueName, Map<string, Wish>>();
  const jobs: Jobs = {
    send(job, afterMs = 0) {
      const key = singletonKey(tenant, job);
      const own = wishes.get(job.queue) ?? new Map<string, Wish>();
      const before = own.get(key);
      if (!before || (COMES_AGAIN.has(job.queue) && afterMs < before.afterMs)) own.set(key, { job, afterMs });
      wishes.set(job.queue, own);
      if (afterMs <= 0) sent(job.queue);
      return Promise.resolve();
    },
  };
  return {
    jobs,
    async flush(which = 'all') {
      // Always in the same order: two that end at once wait for each other only one way round.
      for (const queue of [...wishes.keys()].sort()) {
        if (which === 'own' && queue === SHARED) continue;
        await insert(trx, tenant, boss, queue, wishes.get(queue) ?? new Map());
        wishes.delete(queue);
      }
    },
  };
}

/**
 * Each asks again by itself for what is left to do later, so that to come sooner loses nothing. A look that was asked for
 * when nothing can come any more, or at a set time, has to keep its time.
 */
const COMES_AGAIN: ReadonlySet<QueueName> = new Set(['run', 'measures', 'deliver', 'expire', 'flag']);
/** Whatever happens, its jobs are the same few. */
const SHARED: QueueName = 'deliver';

type Wishes = readonly (readonly [key: string, wish: Wish])[];

/**
 * One job for each key, or the one that is queued for it already. That one is kept from every worker until the transaction ends:
 * whoever began it before would look at what was there before us, and nobody would come for the rest.
 */
async function insert(
  trx: Transaction<Tables>,
  tenant: string,
  boss: PgBoss,
  queue: QueueName,
  wishes: ReadonlyMap<string, Wish>,
): Promise<void> {
  let left: Wishes = [...wishes].sort(([a], [b]) => (a < b ? -1 : 1));
  // Of these few there is one most of the time.
  if (queue === SHARED) left = await notQueued(trx, queue, left);
  while (left.length > 0) {
    const ids = await boss.insert(
      queue,
      left.map(([key, wish]) => rowOf(tenant, key, wish)),
      { db: fromKysely(trx), returnId: true },
    );
    // One that was queued may have been begun by now: then there is room for ours.
    left = ids?.length === left.length ? [] : await notQueued(trx, queue, left);
  }
}

function rowOf(tenant: string, singletonKey: string, { job, afterMs }: Wish) {
  return {
    data: { ...job, tenant },
    singletonKey,
    // Its own tier, so that each tenant can be given a share of its own.
    group: { id: tenant, tier: tenant },
    // Seconds, and not a time: then the database counts them, whatever clock this process has.
    ...(afterMs > 0 ? { startAfter: String(afterMs / 1_000) } : {}),
  };
}

/**
 * The wishes for which none is queued; those that are, are held. The one that is queued for a key may be meant for much later:
 * where it may, whoever wants it sooner gets it sooner. The queue passes over what is held (SKIP LOCKED), and who holds it with us
 * does not wait.
 */
async function notQueued(trx: Transaction<Tables>, queue: QueueName, wishes: Wishes): Promise<Wishes> {
  const keys = wishes.map(([key]) => key);
  const seconds = wishes.map(([, { afterMs }]) => Math.max(0, afterMs) / 1_000);
  const { rows } = await sql<{ key: string }>`
    with wanted as (select * from unnest(${keys}::text[], ${seconds}::double precision[]) as w(key, secs)),
         sooner as (
           update pgboss.job j set start_after = now() + make_interval(secs => w.secs) from wanted w
            where ${COMES_AGAIN.has(queue)}::boolean and j.name = ${queue} and j.singleton_key = w.key
              and j.state = 'created' and j.start_after > now() + make_interval(secs => w.secs)
           returning j.singleton_key as key),
         held as (
           select j.singleton_key as key from pgboss.job j
            where j.name = ${queue} and j.singleton_key = any(${keys}::text[]) and j.state = 'created'
              for share)
    select key from sooner union select key from held`.execute(trx);
  const queued = new Set(rows.map(({ key }) => key));
  return wishes.filter(([key]) => !queued.has(key));
}

export interface Workers {
  /** Lets idle workers look at once instead of at their next poll; before they are started, nobody is woken. */
  wake(queues: Iterable<QueueName>): void;
  /**
   * A handler that throws is tried again later with growing pauses; it must be idempotent, because delivery is at least
   * once.
   */
  start(handle: (job: TenantJob) => Promise<void>): Promise<void>;
  /** Whether the queue is there: the first start makes it. */
  hasStarted(): boolean;
  /** Lets what is under way end and begins nothing, until `goOn`. */
  hold(): Promise<void>;
  goOn(): Promise<void>;
  /** What is still under way after a few seconds is handed over: another process begins it again. */
  stop(): Promise<void>;
}

/** Of the 15 s in which a process has to end. */
export const FINISH_WITHIN_MS = 6_000;
/** A database that hangs takes no hand-over: then the heartbeat tells that nobody is there. */
const HAND_OVER_WITHIN_MS = 2_500;

/**
 * The workers of one process: woken by whoever sends work, started once there is somebody to do it. `weights`: of all tenants
 * that it works for.
 */
export function createWorkers(
  boss: PgBoss,
  problem: (error: unknown, queue: string, tenant: string | null) => void,
  weights: Weights = new Map(),
): Workers {
  boss.on('error', (error) => problem(error, 'pg-boss', null));
  boss.on('warning', (warning) => problem(warning, 'pg-boss', null));
  const ids = new Map<QueueName, string>();
  let handler: ((job: TenantJob) => Promise<void>) | null = null;
  async function open(handle: (job: TenantJob) => Promise<void>): Promise<void> {
    for (const name of NAMES) {
      if (ids.has(name)) continue;
      const { workers, pollSeconds = POLL_SECONDS } = QUEUES[name];
      const id = await boss.work<TenantJob>(
        name,
        { batchSize: 1, pollingIntervalSeconds: pollSeconds, ...concurrencyOf(lanesFor(workers, weights)) },
        async ([job]) => {
          if (!job) return;
          try {
            await handle(job.data);
          } catch (error) {
            problem(error, name, job.data.tenant);
            throw error;
          }
        },
      );
      ids.set(name, id);
    }
  }
  return {
    async start(handle) {
      // Another process may be changing the queue's tables at this moment.
      await boss.start({ attempts: 4 });
      // 'short': one queued job per key, so that a hundred wishes for the same card are one job.
      for (const name of NAMES) await setUp(boss, name);
      handler = handle;
      await open(handle);
    },
    hasStarted: () => handler !== null,
    wake(queues) {
      for (const queue of new Set(queues)) {
        const id = ids.get(queue);
        if (id) boss.notifyWorker(id);
      }
    },
    async hold() {
      ids.clear();
      for (const name of NAMES) await boss.offWork(name, { wait: false });
    },
    async goOn() {
      if (handler) await open(handler);
    },
    async stop() {
      ids.clear();
      const stopped = boss.stop({ graceful: true, timeout: FINISH_WITHIN_MS, close: true });
      await within(FINISH_WITHIN_MS + HAND_OVER_WITHIN_MS, stopped);
    },
  };
}

function concurrencyOf({ all, each }: Lanes) {
  if (!each) return { localConcurrency: all };
  // Of a tenant that is not configured there is nothing to do but to say so.
  return { localConcurrency: all, localGroupConcurrency: { default: 1, tiers: each } };
}

/** A queue keeps the settings that it was made with, unless it is told. */
async function setUp(boss: PgBoss, name: QueueName): Promise<void> {
  const settings = { ...RETRIES, ...HEARTBEAT, ...KEEP };
  await boss.createQueue(name, { policy: 'short', ...settings });
  await boss.updateQueue(name, settings);
}
