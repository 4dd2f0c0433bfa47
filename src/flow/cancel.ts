import { policyActionOf } from '../core/incident.ts';
import { count } from '../core/text.ts';
import type { Reply } from '../ports/desk.ts';
import type { Run } from '../ports/runs.ts';
import type { Tx } from '../ports/store.ts';
import { idsOf } from './close.ts';
import { type Agreed, said } from './decision.ts';
import type { Flow } from './flow.ts';
import { announce, type Note, personOf, record } from './record.ts';

/** Ending an approved run early: what was begun is finished and looked after, the rest is left alone. */

export const LEFT_ALONE = 'cancelled before anything was done to it: left alone';

export async function cancel(flow: Flow, tx: Tx, agreed: Agreed): Promise<Reply> {
  const { press, facts, standing, people, seats, notes } = agreed;
  const { incident, runs } = facts;
  const run = await tx.runs.get(runs.at(-1)?.id ?? '');
  if (run?.state !== 'running') throw new Error(`nothing is under way for ${incident.id}`);
  await tx.runs.cancelled(run.id, flow.clock.now());
  const left = await leaveAlone(tx, run);
  await record(flow, tx, [
    ...notes,
    {
      type: 'run.cancelled',
      incident: incident.id,
      actor: personOf(standing),
      platform: press.by.platform,
      planDigest: run.planDigest,
      detail: { run: run.id, action: policyActionOf(run.action), left: left.length, seats, approvedBy: idsOf(people) },
    },
    ...left,
  ]);
  await announce(flow, tx, incident.id);
  await tx.jobs.send({ queue: 'run', run: run.id });
  return said(`Cancelled. ${count(left.length, 'copy is', 'copies are')} left alone; what was begun is finished.`);
}

/**
 * Ends whatever nobody holds and nothing was intended for, and answers what to write down about it. A chunk under way
 * sees to its own copies before it acts.
 */
export async function leaveAlone(tx: Pick<Tx, 'work'>, run: Run): Promise<readonly Note[]> {
  const left = await tx.work.skip(run.id, 'all', 'cancelled', LEFT_ALONE);
  return left.map((item) => ({
    type: 'copy.outcome',
    incident: run.incident,
    platform: 'graph',
    planDigest: run.planDigest,
    mailbox: item.mailbox,
    message: item.message,
    outcome: 'cancelled',
    detail: { address: item.address, action: run.action, note: LEFT_ALONE },
  }));
}
