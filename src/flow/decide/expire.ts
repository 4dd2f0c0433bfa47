import { isUndo, UNDO } from '../../core/action/action.ts';
import { isAction } from '../../core/ask/ask.ts';
import { advance, type Incident, situationOf } from '../../core/incident/incident.ts';
import { hasTicked, nextTickMs } from '../../core/tell/ticks.ts';
import type { Held } from '../../ports/held.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { announce, askForCards, record } from '../record/record.ts';
import { isTampered } from '../record/trust.ts';
import { NOT_WAITING } from '../record/wait.ts';
import { tellOrigins } from '../tell/elsewhere.ts';
import { rollBack } from './start.ts';

/** Nobody decided in time. Silence is neither consent nor refusal: a state of its own, and a containment is rolled back. */
export async function expire(flow: Deciding, id: string): Promise<void> {
  if (await flow.store.transact((tx) => lapse(flow, tx, id))) await tellOrigins(flow, id);
}

/** Answers whether nobody is asked any more; also again, where the process ended before it was told. */
async function lapse(flow: Deciding, tx: Tx, id: string): Promise<boolean> {
  const incident = await tx.incidents.lock(id);
  if (incident && situationOf(incident) === 'expired') return true;
  if (!incident) return false;
  const next = advance(situationOf(incident), 'expired');
  if (!next || incident.deadline === null) {
    await drawAged(flow, tx, incident);
    return false;
  }
  const left = Date.parse(incident.deadline) - Date.parse(flow.clock.now());
  if (left > 0) {
    const drawn = Date.parse(incident.deadline) - Date.parse(incident.updatedAt);
    if (hasTicked(drawn, left)) await announce(flow, tx, id);
    await tx.jobs.send({ queue: 'expire', incident: id }, nextTickMs(left));
    return false;
  }
  if (await isTampered(flow, tx, incident)) return false;
  if (situationOf(incident) === 'contained') {
    const brake = await tx.brake.lock();
    await record(flow, tx, [{ type: 'containment.lapsed', incident: id, planDigest: incident.planDigest }]);
    const plan = incident.planDigest ? await tx.incidents.plan(incident.planDigest) : null;
    await rollBack(flow, tx, { incident, plan }, brake);
    return false;
  }
  await record(flow, tx, [{ type: 'incident.expired', incident: id, planDigest: incident.planDigest }]);
  await tx.incidents.save(id, { state: next, ...NOT_WAITING }, flow.clock.now());
  await askForCards(flow, tx, id);
  return true;
}

const MINUTE_MS = 60_000;
/** When it has aged, not just before. */
const A_MOMENT_MS = 1_000;

/** An undo has no deadline, but its votes age: the card is drawn anew when one does. Whatever came sooner asks for the next. */
async function drawAged(flow: Deciding, tx: Tx, { id, planDigest }: Held<Incident>): Promise<void> {
  const votes = (await tx.decisions.list(id)).filter(({ action }) => isAction(action) && isUndo(action));
  if (votes.length === 0) return;
  await announce(flow, tx, id);
  const terms = (await tx.incidents.glance(planDigest ?? ''))?.plan?.terms[UNDO];
  if (terms?.is !== 'asked') return;
  const now = Date.parse(flow.clock.now());
  const left = votes.map(({ at }) => Date.parse(at) + terms.expiryMinutes * MINUTE_MS - now).filter((ms) => ms > 0);
  if (left.length > 0) await tx.jobs.send({ queue: 'expire', incident: id }, Math.min(...left) + A_MOMENT_MS);
}
