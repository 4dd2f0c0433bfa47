import type { SealedPlan } from '../../core/find/manifest.ts';
import type { Plan } from '../../core/find/plan.ts';
import { stateOf } from '../../core/incident/incident.ts';
import type { Tx } from '../../ports/store.ts';
import type { Finding } from '../flow.ts';
import { rankAnew, riseWhereDue } from '../record/cards.ts';
import { announce } from '../record/record.ts';
import { waitFor } from '../record/wait.ts';

/** The plan becomes what is being asked. */
export async function openWith(flow: Finding, tx: Tx, id: string, plan: Plan, sealed: SealedPlan): Promise<void> {
  await tx.incidents.savePlan(sealed);
  const waiting = await waitFor(flow, tx, { id, situation: 'open', plan });
  await announce(flow, tx, id, { state: stateOf('open'), planDigest: sealed.digest, ...waiting });
  await rankAnew(tx, id, plan);
  await riseWhereDue(flow, tx, id);
}
