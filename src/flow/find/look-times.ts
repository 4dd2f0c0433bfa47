import type { Plan } from '../../core/find/plan.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { type LookReason, leavesTrouble, troubleWaitMs } from '../../core/record/looked.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';

/** When a mail is looked for again. Each look is a job of its own: one that fails for good takes no other with it. */

const MINUTE_MS = 60_000;

export async function askForLooks(
  flow: Pick<Flow, 'lookAgainAfter'>,
  tx: Pick<Tx, 'jobs'>,
  plan: Plan,
  digest: string,
  finderWaitMs: number | null,
): Promise<void> {
  if (plan.mode !== 'live') return;
  for (const [nth, minutes] of flow.lookAgainAfter.entries())
    await tx.jobs.send(
      { queue: 'look', incident: plan.incident, because: 'lag', nth, list: digest },
      minutes * MINUTE_MS,
    );
  if (leavesTrouble({ finders: plan.finders, failed: plan.failed.length }))
    await askSoon(tx, { id: plan.incident, planDigest: digest }, 0, finderWaitMs);
}

/** Something gave no answer: once more, later and later, for as long as `isAskedSoon` says. */
export async function askSoon(
  tx: Pick<Tx, 'jobs'>,
  { id, planDigest }: Pick<Incident, 'id' | 'planDigest'>,
  nth: number,
  finderWaitMs: number | null,
): Promise<void> {
  const look = { queue: 'look', incident: id, because: 'trouble', nth, list: planDigest ?? '' } as const;
  await tx.jobs.send(look, Math.max(troubleWaitMs(nth), finderWaitMs ?? 0));
}

/** An alert told something of the mail that no search knew. */
export async function lookNow(
  tx: Pick<Tx, 'jobs'>,
  { id, planDigest, alerts }: Pick<Incident, 'id' | 'planDigest' | 'alerts'>,
): Promise<void> {
  await tx.jobs.send({ queue: 'look', incident: id, because: 'alert', nth: alerts, list: planDigest ?? '' });
}

/** Which look of its kind comes next where something gave no answer. */
export function nextNth({ because, nth }: { readonly because: LookReason; readonly nth: number }): number {
  return because === 'trouble' ? nth + 1 : 0;
}
