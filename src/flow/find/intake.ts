import { type Asker, askersOf, joined, type TakenAlert, tellsMoreIds } from '../../core/find/alert.ts';
import type { ToldAlert } from '../../core/find/alert-reader.ts';
import { filingKeys } from '../../core/find/key.ts';
import type { Delivery, Source } from '../../core/find/source.ts';
import { AT_FIRST, type Incident } from '../../core/incident/incident.ts';
import { homeOf } from '../../core/incident/repeat.ts';
import type { Tx } from '../../ports/store.ts';
import type { Finding, Flow } from '../flow.ts';
import { heardDigest } from '../record/heard.ts';
import { joinedInto } from '../record/joined.ts';
import { askForCards, type Note, record } from '../record/record.ts';
import { isHeardAsRecorded } from '../record/trust.ts';
import { lookNow } from './look-times.ts';

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
export async function receive(flow: Finding, told: ToldAlert, delivery: Delivery): Promise<Receipt> {
  const receipt = await flow.store.transact((tx) => takeIn(flow, tx, told, delivery));
  tellTaken(flow, receipt);
  return receipt;
}

/** Once it is durable. */
export function tellTaken(flow: Pick<Flow, 'observe'>, receipt: Receipt): void {
  if (receipt.kind === 'accepted') flow.observe({ what: 'alert', created: receipt.created });
}

/** The same within a transaction of the caller's. */
export async function takeIn(flow: Finding, tx: Tx, told: ToldAlert, { source, id, body }: Delivery): Promise<Receipt> {
  const key = { source: source.name, id };
  const at = flow.clock.now();
  const alert = stamped(told, source);
  const claim = await tx.incidents.claimDelivery(key, body, at);
  if (!claim.fresh)
    return claim.sameBody ? { kind: 'replayed', ...claim.first } : { kind: 'reused', incident: claim.first.incident };

  const { incident, created } = await filed(flow, tx, alert, at);
  await tx.incidents.bindDelivery(key, { incident: incident.id, created });
  const heard = await learn(flow, tx, { incident, created }, alert);
  const type = created ? 'alert.received' : 'alert.repeated';
  const more = { delivery: id, previous: created ? incident.previous : null, heard };
  await record(flow, tx, [alertNote(type, incident.id, alert, more)]);
  await tx.incidents.file(incident.id, filingKeys(alert));
  if (created) await lookFor(flow, tx, incident.id);
  await askForCards(flow, tx, incident.id);
  return { kind: 'accepted', incident: incident.id, created };
}

/** `delivery`: what the sender calls its sending; of an incident that was joined to this one, its id. */
export function alertNote(
  type: 'alert.received' | 'alert.repeated',
  incident: string,
  alert: TakenAlert,
  more: { readonly delivery: string; readonly previous: string | null; readonly heard: string | null },
): Note {
  const { name } = alert.from;
  return {
    type,
    incident,
    actor: { kind: 'source', id: name, name },
    platform: 'intake',
    detail: {
      source: name,
      says: alert.source,
      alert: alert.id,
      verdict: alert.verdict,
      severity: alert.severity,
      sender: alert.message.sender,
      internetMessageId: alert.message.internetMessageId,
      recipients: alert.recipients.length,
      confidence: alert.confidence,
      ...more,
    },
  };
}

/** A card in each room, and the search for copies. */
async function lookFor(flow: Finding, tx: Tx, incident: string): Promise<void> {
  for (const room of flow.rooms) await tx.cards.ensure(incident, room.platform, flow.clock.id());
  await tx.jobs.send({ queue: 'scope', incident });
}

/** With what the receiver knows of its source; whatever the alert says of that itself is only text. */
function stamped(alert: ToldAlert, source: Source): TakenAlert {
  const { claims } = source;
  const networkId = alert.message.networkMessageId?.toLowerCase();
  return {
    ...alert,
    confidence: alert.confidence === null ? null : Math.min(alert.confidence, claims.confidence),
    from: source,
    networkIds: claims.ids && networkId !== undefined ? [networkId] : [],
    received: claims.recipients ? alert.recipients : [],
    leftOut: alert.leftOut ?? 0,
    unreadablePeople: alert.unreadablePeople ?? false,
    said: [{ source: source.name, verdict: alert.verdict, severity: alert.severity }],
  };
}

type Filed = { readonly incident: Incident; readonly created: boolean };

/** The incident of this mail: the one that is there, or a new one. */
async function filed(flow: Finding, tx: Tx, alert: TakenAlert, at: string) {
  const keys = filingKeys(alert);
  const all = (await tx.incidents.filedUnder(keys)).filter(({ parent }) => parent === null);
  const known: Incident[] = [];
  for (const one of all) if ((await joinedInto(tx, one)) === null) known.push(one);
  const home = homeOf(known, alert, await tx.incidents.keysOf(known.map(({ id }) => id)));
  const fresh = newIncident(flow, alert, at);
  if ('joins' in home)
    return inIts(tx, await tx.incidents.createOrRepeat({ ...fresh, dedupeKey: home.joins.dedupeKey }), fresh);
  const follows = home.follows ?? all[0] ?? null;
  // One key for all that is news after the same incident: told twice at once, it is still opened once.
  const dedupeKey = follows ? `${keys[0]} after ${follows.id}` : keys[0];
  return inIts(tx, await tx.incidents.createOrRepeat({ ...fresh, dedupeKey, previous: follows?.id ?? null }), fresh);
}

/** What was joined to another incident at this very moment goes on there, and so does what is said of it. */
async function inIts(tx: Tx, filed: Filed, fresh: Incident): Promise<Filed> {
  const into = filed.created ? null : await joinedInto(tx, filed.incident);
  const home = into === null ? null : await tx.incidents.get(into);
  return home ? tx.incidents.createOrRepeat({ ...fresh, dedupeKey: home.dedupeKey }) : filed;
}

/**
 * What a repeated alert adds: where to look, whom it reached, who must not decide, and what it calls the mail. Answers the
 * digest of all that was heard by now; null where what is stored is not what was heard before.
 */
export async function learn(
  flow: Finding,
  tx: Tx,
  { incident, created }: Filed,
  alert: TakenAlert,
  alsoAsked: readonly Asker[] = [],
): Promise<string | null> {
  if (created) return heardDigest(flow, tx, incident.id);
  const isIntact = await isHeardAsRecorded(flow, tx, incident);
  const fuller = joined(incident.alert, alert);
  const askers = askersOf([...incident.askers, ...alsoAsked], alert);
  if (fuller || askers.length > incident.askers.length)
    await tx.incidents.saveAlert(incident.id, fuller ?? incident.alert, askers);
  if (tellsMoreIds(incident.alert, alert)) await lookSoon(tx, incident);
  return isIntact ? heardDigest(flow, tx, incident.id) : null;
}

/** A list without copies may hold some once more is known of the mail; what has copies is looked after at its own times. */
async function lookSoon(tx: Tx, incident: Incident): Promise<void> {
  const { state, planDigest } = incident;
  const plan = state === 'open' && planDigest !== null ? await tx.incidents.plan(planDigest) : null;
  if (plan?.copies.length === 0) await lookNow(tx, incident);
}

function newIncident(flow: Finding, alert: TakenAlert, at: string): Incident {
  return {
    ...AT_FIRST,
    tenant: flow.tenant.id,
    id: flow.clock.incidentId(),
    dedupeKey: filingKeys(alert)[0],
    alert,
    parent: null,
    askers: askersOf([], alert),
    takenIn: [],
    createdAt: at,
    updatedAt: at,
  };
}
