import { policyActionOf } from '../../core/action/action.ts';
import type { Reply } from '../../ports/desk.ts';
import type { Run } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { leaveUntouched } from '../record/copy-note.ts';
import { announce, type Note, personOf, record } from '../record/record.ts';
import { idsOf } from './close.ts';
import { type Agreed, said } from './decision.ts';

/**
 * Ending an approved run early: what is being done at this moment is finished and looked after, the rest is left alone. What
 * an earlier try may have done is looked at once more, and not tried again.
 */

export const LEFT_ALONE = 'cancelled before anything was done to it: left alone';
/** Of what a try had no effect on that could be seen. */
export const NOT_ONCE_MORE = 'cancelled: an earlier try had not changed it when it was looked at again; left alone';

export async function cancel(flow: Deciding, tx: Tx, agreed: Agreed): Promise<Reply> {
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
  return said({ code: 'cancelled', incident: incident.id, left: left.length });
}

/** A chunk under way sees to its own copies before it acts. */
export function leaveAlone(tx: Pick<Tx, 'work'>, run: Run): Promise<readonly Note[]> {
  return leaveUntouched(tx, run, 'all', 'cancelled', LEFT_ALONE);
}
