import { type LookReason, leavesTrouble, troubleWaitMs } from '../core/looked.ts';
import type { Plan } from '../core/plan.ts';
import type { Tx } from '../ports/store.ts';
import type { Flow } from './flow.ts';

/** When a mail is looked for again. Each look is a job of its own: one that fails for good takes no other with it. */

const MINUTE_MS = 60_000;

export async function askForLooks(
  flow: Pick<Flow, 'lookAgainAfter'>,
  tx: Pick<Tx, 'jobs'>,
  plan: Plan,
  huntWaitMs: number | null,
): Promise<void> {
  if (plan.mode !== 'live') return;
  for (const [nth, minutes] of flow.lookAgainAfter.entries())
    await tx.jobs.send({ queue: 'look', incident: plan.incident, because: 'lag', nth }, minutes * MINUTE_MS);
  if (plan.finders.some((finder) => leavesTrouble({ finder, failed: plan.failed.length })))
    await askSoon(tx, plan.incident, 0, huntWaitMs);
}

/** Something gave no answer: once more, later and later. */
export async function askSoon(
  tx: Pick<Tx, 'jobs'>,
  incident: string,
  nth: number,
  huntWaitMs: number | null,
): Promise<void> {
  const waitMs = troubleWaitMs(nth, huntWaitMs);
  if (waitMs !== null) await tx.jobs.send({ queue: 'look', incident, because: 'trouble', nth }, waitMs);
}

/** Which look of its kind comes next where something gave no answer. */
export function nextNth({ because, nth }: { readonly because: LookReason; readonly nth: number }): number {
  return because === 'trouble' ? nth + 1 : 0;
}
