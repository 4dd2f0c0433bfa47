import { advance } from '../core/incident.ts';
import type { Reply } from '../ports/desk.ts';
import type { Tx } from '../ports/store.ts';
import { MAX_REASON, said } from './approve.ts';
import type { Decided, Ready } from './decide.ts';
import type { Flow } from './flow.ts';
import { announce, personOf, record } from './record.ts';
import { rollBack } from './start.ts';
import { NOT_WAITING } from './wait.ts';

/** One refusal ends it: whatever was approved so far does not start any more. A containment is rolled back. */
export async function reject(flow: Flow, tx: Tx, { press, incident, plan, standing }: Ready): Promise<Decided> {
  const state = advance(incident.state, 'rejected');
  if (!state) return { refusal: { code: 'too-late', state: incident.state } };
  const reason = press.reason?.trim();
  if (reason === undefined) return reasonNeeded(incident, '');
  if (reason === '') return reasonNeeded(incident, 'Please say why this is not malicious.');
  if (reason.length > MAX_REASON) return reasonNeeded(incident, `Please use at most ${MAX_REASON} characters.`);
  const words = reason.toWellFormed().replaceAll('\0', '');
  // Taken before the ledger's head, like everywhere else.
  await tx.brake.lock();
  await record(flow, tx, [
    {
      type: 'decision.rejected',
      incident: incident.id,
      actor: personOf(standing),
      platform: press.by.platform,
      planDigest: incident.planDigest,
      detail: { reason: words, roles: standing.roles.join(' ') },
    },
  ]);
  const closing = { closedBy: standing.name, reason: words };
  if (incident.state === 'contained') {
    await tx.incidents.save(incident.id, closing, flow.clock.now());
    await rollBack(flow, tx, { incident, plan }, { approvedBy: [standing.person], because: 'rejected' });
    return said(`${incident.id} is not malicious, you say: the containment is being rolled back.`);
  }
  await announce(flow, tx, incident.id, { state, ...closing, ...NOT_WAITING });
  return said(`${incident.id} is closed as not malicious. Nothing was touched.`);
}

function reasonNeeded(incident: Ready['incident'], problem: string): Reply {
  return { kind: 'reason-needed', incident: incident.id, digest: incident.planDigest ?? '', verb: 'reject', problem };
}

export async function reopen(flow: Flow, tx: Tx, { press, incident, standing }: Ready): Promise<Decided> {
  const state = advance(incident.state, 'reopened');
  // Copies that a run turned up are looked for again in their own incident's parent.
  if (!state || incident.parent !== null) return { refusal: { code: 'too-late', state: incident.state } };
  await record(flow, tx, [
    {
      type: 'incident.reopened',
      incident: incident.id,
      actor: personOf(standing),
      platform: press.by.platform,
      planDigest: incident.planDigest,
    },
  ]);
  await announce(flow, tx, incident.id, { state, closedBy: null, reason: null, ...NOT_WAITING });
  await tx.jobs.send({ queue: 'scope', incident: incident.id });
  return said(`Looking again for copies of ${incident.id}. The new list needs new approvals.`);
}
