import type { SealedPlan } from '../../core/find/manifest.ts';
import type { Plan } from '../../core/find/plan.ts';
import { type Incident, stateOf } from '../../core/incident/incident.ts';
import { rankOf } from '../../core/tell/rank.ts';
import type { Tx } from '../../ports/store.ts';
import type { Finding } from '../flow.ts';
import { riseWhereDue } from '../record/cards.ts';
import { askForCards } from '../record/record.ts';
import { waitFor } from '../record/wait.ts';

/** The plan becomes what is being asked. */
export async function openWith(
  flow: Finding,
  tx: Tx,
  incident: Incident,
  plan: Plan,
  sealed: SealedPlan,
): Promise<void> {
  await putDown(flow, tx, incident, plan, sealed);
  await askAbout(flow, tx, incident.id, plan.vip > 0);
}

export async function putDown(
  flow: Finding,
  tx: Tx,
  incident: Incident,
  plan: Plan,
  sealed: SealedPlan,
): Promise<void> {
  await tx.incidents.savePlan(sealed);
  await tx.board.rank(incident.id, rankOf({ ...incident, plan }));
  const waiting = await waitFor(flow, tx, { id: incident.id, situation: 'open', plan });
  const change = { state: stateOf('open'), planDigest: sealed.digest, ...waiting };
  await tx.incidents.save(incident.id, change, flow.clock.now());
}

/** `more`: a list makes more of it than it was when it came in only by a VIP, or where it turns out to be of a campaign. */
export async function askAbout(flow: Finding, tx: Tx, id: string, more: boolean): Promise<void> {
  await askForCards(flow, tx, id);
  if (more) await riseWhereDue(flow, tx, id);
}
