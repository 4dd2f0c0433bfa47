import type { Job } from '../ports/store.ts';
import { execute } from './execute.ts';
import type { Flow } from './flow.ts';
import { expire } from './intake.ts';
import { deliver } from './post.ts';
import { scope } from './scope.ts';

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
 * The net under the queue: looks at what the state says is still to be done and makes sure that a job for it exists.
 * Runs at start and every minute; a job that is queued already is not queued twice.
 */
export async function sweep(flow: Flow): Promise<void> {
  await flow.store.transact(async (tx) => {
    for (const incident of await tx.incidents.unfinished(flow.clock.now())) {
      await tx.jobs.send({ queue: incident.state === 'received' ? 'scope' : 'expire', incident: incident.id });
    }
    for (const run of await tx.runs.open()) await tx.jobs.send({ queue: 'run', run: run.id });
    for (const card of await tx.cards.behind()) await tx.jobs.send({ queue: 'deliver', ...card });
  });
}
