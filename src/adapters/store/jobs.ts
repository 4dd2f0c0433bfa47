import type { Transaction } from 'kysely';
import { fromKysely, type PgBoss } from 'pg-boss';
import type { Job, Jobs } from '../../ports/store.ts';
import type { Tables } from './schema.ts';

export type QueueName = Job['queue'];
export type TenantJob = Job & { readonly tenant: string };

/**
 * Workers per queue. More would not be faster: Graph's limits and the outbox's pace decide, and the embedded
 * database has one connection.
 */
const QUEUES: Readonly<Record<QueueName, { workers: number }>> = {
  // These wait for Graph most of the time: one incident with a slow mailbox must not keep a fresh one waiting.
  scope: { workers: 8 },
  run: { workers: 3 },
  rescope: { workers: 2 },
  look: { workers: 2 },
  elsewhere: { workers: 1 },
  deliver: { workers: 4 },
  expire: { workers: 1 },
  remind: { workers: 1 },
  nudge: { workers: 1 },
};

const NAMES = Object.keys(QUEUES) as QueueName[];

/** Enough for a long outage of Graph or a chat platform: the sweep re-creates what is still needed after that. */
const RETRIES = { retryLimit: 20, retryDelay: 2, retryBackoff: true, retryDelayMax: 120 } as const;

/** Finished jobs go quickly: the ledger is the record, and the embedded database has to stay small. */
const KEEP = { deleteAfterSeconds: 600, retentionSeconds: 14 * 86_400 } as const;

/** `sent` is told of each queue that got a job in this transaction, so that its workers can be woken after commit. */
export function jobsOf(trx: Transaction<Tables>, tenant: string, boss: PgBoss, sent: (queue: QueueName) => void): Jobs {
  return {
    async send(job, afterMs = 0) {
      await boss.send(
        job.queue,
        { ...job, tenant },
        {
          db: fromKysely(trx),
          singletonKey: singletonKey(tenant, job),
          ...(afterMs > 0 ? { startAfter: new Date(Date.now() + afterMs) } : {}),
        },
      );
      if (afterMs <= 0) sent(job.queue);
    },
  };
}

function singletonKey(tenant: string, job: Job): string {
  switch (job.queue) {
    case 'scope':
    case 'expire':
    case 'remind':
      return `${tenant} ${job.incident}`;
    case 'run':
    case 'rescope':
    case 'elsewhere':
      return `${tenant} ${job.run}`;
    case 'deliver':
      return `${tenant} ${job.incident} ${job.platform}`;
    case 'look':
      return `${tenant} ${job.incident} ${job.because} ${job.nth}`;
    case 'nudge':
      return `${tenant} ${job.incident} ${job.platform} ${job.step}`;
  }
}

export interface Workers {
  /** Lets idle workers look at once instead of at their next poll. */
  wake(queues: Iterable<QueueName>): void;
  stop(): Promise<void>;
}

/**
 * Starts the queue and its workers. A handler that throws is tried again later with growing pauses; it must be
 * idempotent, because delivery is at least once.
 */
export async function startWorkers(
  boss: PgBoss,
  handle: (job: TenantJob) => Promise<void>,
  problem: (error: unknown, queue: string, tenant: string | null) => void,
): Promise<Workers> {
  boss.on('error', (error) => problem(error, 'pg-boss', null));
  boss.on('warning', (warning) => problem(warning, 'pg-boss', null));
  await boss.start();
  const ids = new Map<QueueName, string>();
  for (const name of NAMES) {
    // 'short': one queued job per key, so that a hundred wishes for the same card are one job.
    await boss.createQueue(name, { policy: 'short', ...RETRIES, ...KEEP });
    const id = await boss.work<TenantJob>(
      name,
      { batchSize: 1, localConcurrency: QUEUES[name].workers, pollingIntervalSeconds: 0.5 },
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
  return {
    wake(queues) {
      for (const queue of new Set(queues)) {
        const id = ids.get(queue);
        if (id) boss.notifyWorker(id);
      }
    },
    stop: () => boss.stop({ graceful: true, timeout: 20_000, close: true }),
  };
}
