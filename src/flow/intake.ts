import { type Alert, dedupeKey, withMoreRecipients } from '../core/alert.ts';
import { advance, type Incident } from '../core/incident.ts';
import type { Flow } from './flow.ts';
import { askForCards, record } from './record.ts';

export type Receipt =
  | { readonly kind: 'accepted'; readonly incident: string; readonly created: boolean }
  | { readonly kind: 'replayed'; readonly incident: string | null };

/**
 * Takes one verified alert in. When this returns, alert, ledger entry and job are durable. The same mail reported
 * again joins its incident; the same delivery again is a replay and changes nothing.
 */
export async function receive(
  flow: Flow,
  alert: Alert,
  delivery: { readonly source: string; readonly id: string },
): Promise<Receipt> {
  const receipt = await flow.store.transact<Receipt>(async (tx) => {
    const at = flow.clock.now();
    const claim = await tx.incidents.claimDelivery(delivery.source, delivery.id, at);
    if (!claim.fresh) return { kind: 'replayed', incident: claim.incident };

    const { incident, created } = await tx.incidents.createOrRepeat(newIncident(flow, alert, at));
    await tx.incidents.bindDelivery(delivery.source, delivery.id, incident.id);
    await record(flow, tx, [
      {
        type: created ? 'alert.received' : 'alert.repeated',
        incident: incident.id,
        actor: { kind: 'source', id: delivery.source, name: alert.source },
        platform: 'intake',
        detail: {
          alert: alert.id,
          verdict: alert.verdict,
          severity: alert.severity,
          sender: alert.message.sender,
          internetMessageId: alert.message.internetMessageId,
          delivery: delivery.id,
          recipients: alert.recipients.length,
        },
      },
    ]);
    const fuller = created ? null : withMoreRecipients(incident.alert, alert);
    if (fuller) await tx.incidents.saveAlert(incident.id, fuller);
    if (created) {
      for (const room of flow.rooms) await tx.cards.ensure(incident.id, room.platform, flow.clock.id());
      await tx.jobs.send({ queue: 'scope', incident: incident.id });
    }
    await askForCards(flow, tx, incident.id);
    return { kind: 'accepted', incident: incident.id, created };
  });
  if (receipt.kind === 'accepted') flow.observe({ what: 'alert', created: receipt.created });
  return receipt;
}

function newIncident(flow: Flow, alert: Alert, at: string): Incident {
  return {
    tenant: flow.tenant.id,
    id: flow.clock.incidentId(),
    dedupeKey: dedupeKey(alert),
    alert,
    alerts: 1,
    state: 'received',
    revision: 1,
    planDigest: null,
    deadline: null,
    runId: null,
    closedBy: null,
    reason: null,
    createdAt: at,
    updatedAt: at,
  };
}

/** Nobody decided in time. Silence is neither consent nor refusal: a state of its own. */
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
    await record(flow, tx, [{ type: 'incident.expired', incident: id, planDigest: incident.planDigest }]);
    await tx.incidents.save(id, { state: next, deadline: null }, flow.clock.now());
    await askForCards(flow, tx, id);
  });
}
