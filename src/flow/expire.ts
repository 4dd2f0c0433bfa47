import { advance } from '../core/incident.ts';
import type { Flow } from './flow.ts';
import { askForCards, record } from './record.ts';
import { rollBack } from './start.ts';
import { isTampered } from './trust.ts';
import { NOT_WAITING } from './wait.ts';

/** Nobody decided in time. Silence is neither consent nor refusal: a state of its own, and a containment is rolled back. */
export async function expire(flow: Flow, id: string): Promise<void> {
  await flow.store.transact(async (tx) => {
    const incident = await tx.incidents.lock(id);
    const next = incident && advance(incident.state, 'expired');
    if (!incident || !next || incident.deadline === null) return;
    const left = Date.parse(incident.deadline) - Date.parse(flow.clock.now());
    if (left > 0) {
      await tx.jobs.send({ queue: 'expire', incident: id }, left);
      return;
    }
    if (await isTampered(flow, tx, incident)) return;
    if (incident.state === 'contained') {
      await tx.brake.lock();
      await record(flow, tx, [{ type: 'containment.lapsed', incident: id, planDigest: incident.planDigest }]);
      const plan = incident.planDigest ? await tx.incidents.plan(incident.planDigest) : null;
      await rollBack(flow, tx, { incident, plan });
      return;
    }
    await record(flow, tx, [{ type: 'incident.expired', incident: id, planDigest: incident.planDigest }]);
    await tx.incidents.save(id, { state: next, ...NOT_WAITING }, flow.clock.now());
    await askForCards(flow, tx, id);
  });
}
