import { type Alert, askersOf, dedupeKey, type TakenAlert, withMoreRecipients } from '../core/alert.ts';
import type { Incident } from '../core/incident.ts';
import type { Delivery, Source } from '../core/source.ts';
import type { Tx } from '../ports/store.ts';
import type { Flow } from './flow.ts';
import { askForCards, record } from './record.ts';

export type Receipt =
  | { readonly kind: 'accepted'; readonly incident: string; readonly created: boolean }
  /** It came before: this is what it was told then. */
  | { readonly kind: 'replayed'; readonly incident: string | null; readonly created: boolean }
  /** Its id came before, with another body. */
  | { readonly kind: 'reused'; readonly incident: string | null };

/**
 * Takes one verified alert in. When this returns, alert, ledger entry and job are durable. The same mail reported
 * again joins its incident; the same delivery again changes nothing and gets the first answer again, so that a sender
 * that lost the answer may send until it has one.
 */
export async function receive(flow: Flow, told: Alert, delivery: Delivery): Promise<Receipt> {
  const { source, id, body } = delivery;
  const key = { source: source.name, id };
  const receipt = await flow.store.transact<Receipt>(async (tx) => {
    const at = flow.clock.now();
    const alert = stamped(told, source);
    const claim = await tx.incidents.claimDelivery(key, body, at);
    if (!claim.fresh)
      return claim.sameBody ? { kind: 'replayed', ...claim.first } : { kind: 'reused', incident: claim.first.incident };

    const { incident, created } = await tx.incidents.createOrRepeat(newIncident(flow, alert, at));
    await tx.incidents.bindDelivery(key, { incident: incident.id, created });
    await record(flow, tx, [
      {
        type: created ? 'alert.received' : 'alert.repeated',
        incident: incident.id,
        actor: { kind: 'source', id: source.name, name: source.name },
        platform: 'intake',
        detail: {
          source: source.name,
          says: alert.source,
          alert: alert.id,
          verdict: alert.verdict,
          severity: alert.severity,
          sender: alert.message.sender,
          internetMessageId: alert.message.internetMessageId,
          delivery: id,
          recipients: alert.recipients.length,
          confidence: alert.confidence,
        },
      },
    ]);
    if (!created) await learn(tx, incident, alert);
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

/** With what the receiver knows of its source; whatever the alert says of that itself is only text. */
function stamped(alert: Alert, source: Source): TakenAlert {
  const { claims } = source;
  return {
    ...alert,
    confidence: alert.confidence === null ? null : Math.min(alert.confidence, claims.confidence),
    from: source,
    received: claims.recipients ? alert.recipients : [],
    leftOut: 0,
    unreadablePeople: false,
    said: [{ source: source.name, verdict: alert.verdict, severity: alert.severity }],
  };
}

/** What a repeated alert adds: recipients to look into, and people who must not decide. */
async function learn(tx: Tx, incident: Incident, alert: TakenAlert): Promise<void> {
  const fuller = withMoreRecipients(incident.alert, alert);
  const askers = askersOf(incident.askers, alert);
  if (fuller || askers.length > incident.askers.length)
    await tx.incidents.saveAlert(incident.id, fuller ?? incident.alert, askers);
}

function newIncident(flow: Flow, alert: TakenAlert, at: string): Incident {
  return {
    tenant: flow.tenant.id,
    id: flow.clock.incidentId(),
    dedupeKey: dedupeKey(alert),
    alert,
    alerts: 1,
    state: 'received',
    revision: 1,
    planDigest: null,
    askedAt: null,
    deadline: null,
    nudges: 0,
    nudgeAt: null,
    parent: null,
    askers: askersOf([], alert),
    takenIn: [],
    elsewhere: [],
    breach: null,
    previous: null,
    runId: null,
    closedBy: null,
    reason: null,
    createdAt: at,
    updatedAt: at,
  };
}
