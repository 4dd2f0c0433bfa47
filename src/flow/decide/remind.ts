import type { Escalation } from '../../core/ask/policy.ts';
import { type Incident, situationOf } from '../../core/incident/incident.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { announce, record } from '../record/record.ts';
import { escalationOf, nudgeTime } from '../record/wait.ts';

/** Calling people while a decision is waited for. Which step is due stands in the row, so a restart changes nothing. */

/** Takes the step that is due: written down first, told to the rooms afterwards. */
export async function remind(flow: Deciding, id: string): Promise<void> {
  await flow.store.transact(async (tx) => {
    const incident = await tx.incidents.lock(id);
    // Only what waits for a decision has a step that is due.
    if (!incident?.nudgeAt) return;
    // Nobody is called for what cannot be decided any more, even if its own timer has not fired yet.
    if (incident.deadline !== null && flow.clock.now() >= incident.deadline) return;
    const left = untilThen(flow, incident.nudgeAt);
    if (left > 0) return tx.jobs.send({ queue: 'remind', incident: id }, left);
    const plan = await tx.incidents.plan(incident.planDigest ?? '');
    const [step, next] = escalationOf(plan, situationOf(incident)).slice(incident.nudges);
    if (step) await takeStep(flow, tx, incident, step);
    const nudgeAt = nudgeTime(incident.askedAt, next);
    await announce(flow, tx, id, { nudges: incident.nudges + 1, nudgeAt });
    if (nudgeAt) await tx.jobs.send({ queue: 'remind', incident: id }, Math.max(0, untilThen(flow, nudgeAt)));
  });
}

function untilThen(flow: Deciding, at: string): number {
  return Date.parse(at) - Date.parse(flow.clock.now());
}

async function takeStep(flow: Deciding, tx: Tx, { id, planDigest, nudges }: Incident, step: Escalation): Promise<void> {
  await record(flow, tx, [
    step.remind
      ? { type: 'decision.reminded', incident: id, planDigest, detail: { role: step.remind } }
      : { type: 'decision.escalated', incident: id, planDigest, detail: { seats: step.ask ?? [] } },
  ]);
  for (const { platform } of flow.rooms) await tx.jobs.send({ queue: 'nudge', incident: id, platform, step: nudges });
}
