import type { Job } from '../ports/store.ts';
import { execute } from './execute.ts';
import type { Flow } from './flow.ts';
import { expire } from './intake.ts';
import { deliver } from './post.ts';
import { scope } from './scope.ts';

/** Webhook ids older than this cannot pass the timestamp check any more, whatever the clocks. */
const DELIVERY_MEMORY_MS = 2 * 86_400_000;

/** One job, by its kind. Every stage may be called again after a crash. */
export function work(flow: Flow, job: Job): Promise<void> {
  switch (job.queue) {
    case 'scope':
      return scope(flow, job.incident);
    case 'run':
      return execute(flow, job.run);
    case 'deliver':
      return deliver(flow, job.incident, job.platform);
    case 'expire':
      return expire(flow, job.incident);
  }
}

/**
 * The net under the queue: looks at what the state says is still to be done and makes sure that it will be. Runs at
 * start and every few seconds; a job that is queued already is not queued twice.
 */
export async function sweep(flow: Flow): Promise<void> {
  const unfinished = await flow.store.transact(async (tx) => {
    for (const run of await tx.runs.open()) await tx.jobs.send({ queue: 'run', run: run.id });
    for (const card of await tx.cards.behind()) await tx.jobs.send({ queue: 'deliver', ...card });
    await tx.incidents.forgetDeliveries(new Date(Date.parse(flow.clock.now()) - DELIVERY_MEMORY_MS).toISOString());
    const incidents = await tx.incidents.unfinished(flow.clock.now());
    for (const { id, state } of incidents)
      if (state === 'received') await tx.jobs.send({ queue: 'scope', incident: id });
    return incidents;
  });
  // Not through the queue: the timer that was set for this deadline may still be queued for later, by another clock.
  for (const { id, state } of unfinished) if (state !== 'received') await expire(flow, id);
}
