import { addressKey } from '../../core/address.ts';
import { type Asker, askersOf, joined, type Retracted, type TakenAlert, tellsMoreIds } from '../../core/find/alert.ts';
import type { ToldAlert } from '../../core/find/alert-reader.ts';
import type { Evidence } from '../../core/find/evidence.ts';
import { filingKeys } from '../../core/find/key.ts';
import type { Delivery, Source } from '../../core/find/source.ts';
import { AT_FIRST, advance, type Incident, isClosed, situationOf } from '../../core/incident/incident.ts';
import { homeOf } from '../../core/incident/repeat.ts';
import type { DetailOf } from '../../core/record/payloads.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding, Flow, Receipt } from '../flow.ts';
import { comeForward, openCards, rankAnew, riseWhereDue } from '../record/cards.ts';
import { askToTell, spokenOfKey } from '../record/ended.ts';
import { digestOfHeard, heardDigest } from '../record/heard.ts';
import { joinedInto } from '../record/joined.ts';
import { announce, askForCards, askRooms, type Note, record } from '../record/record.ts';
import { isHeardAsRecorded } from '../record/trust.ts';
import { NOT_WAITING } from '../record/wait.ts';
import { isWorseWave, type Placed, placeInCampaign } from './campaign.ts';
import { lookNow } from './look-times.ts';
import { heldForTakingBack, takeBack, type Voided } from './taken-back.ts';

/**
 * Takes one verified alert in. When this returns, alert, ledger entry and job are durable. The same mail reported
 * again joins its incident; the same delivery again changes nothing and gets the first answer again, so that a sender
 * that lost the answer may send until it has one.
 */
export async function receive(flow: Deciding, told: ToldAlert, delivery: Delivery): Promise<Receipt> {
  const receipt = await flow.store.transact((tx) => takeIn(flow, tx, told, delivery));
  tellTaken(flow, receipt);
  return receipt;
}

/** Once it is durable. */
export function tellTaken(flow: Pick<Flow, 'observe'>, receipt: Receipt): void {
  if (receipt.kind === 'accepted') flow.observe({ what: 'alert', created: receipt.created });
}

/** The same within a transaction of the caller's. */
export async function takeIn(
  flow: Deciding,
  tx: Tx,
  told: ToldAlert,
  { source, id, body }: Delivery,
): Promise<Receipt> {
  const key = { source: source.name, id };
  const at = flow.clock.now();
  const { row, ...own } = told;
  const alert = stamped(own, source, at);
  const claim = await tx.incidents.claimDelivery(key, body, at);
  if (!claim.fresh)
    return claim.sameBody ? { kind: 'replayed', ...claim.first } : { kind: 'reused', incident: claim.first.incident };

  const { incident, created } = await filed(flow, tx, alert, at);
  const placed = created ? await placeInCampaign(flow, tx, incident) : null;
  const isWorse = await isWorseWave(tx, incident, alert);
  const isEcho = !created && (await isOwnWordBack(tx, incident, alert));
  const word = isEcho ? { ...alert, retracted: undefined } : alert;
  const takenBack = await takenBackIn(tx, { incident, created }, word);
  await tx.incidents.bindDelivery(key, { incident: incident.id, created });
  const heard = await learn(flow, tx, { incident, created }, word);
  const type = created ? 'alert.received' : 'alert.repeated';
  const more = { delivery: id, previous: created ? incident.previous : null, heard };
  // Before the record is held: everybody waits for that.
  await putDown(flow, tx, { incident, created }, alert);
  if (row) await tx.vendorRows.keep(incident.id, { ...row, source: source.name, delivery: id, at });
  await record(flow, tx, [alertNote(type, incident.id, alert, more), ...(placed?.notes ?? [])]);
  if (placed) await openCards(flow, tx, incident, placed.lead);
  // Its end was told before this one asked; whoever was told is not told again.
  else if (isClosed(incident.state)) await askToTell(flow, tx, incident.id);
  if (takenBack) await takeBack(flow, tx, takenBack.voided, takenBack.word);
  // What has just got a card of its own, or a place in the list of what waits, has no other to tell of it.
  if (placed?.lead === null) await askRooms(flow, tx);
  else await askForCards(flow, tx, incident.id);
  await riseAfter(flow, tx, incident.id, source, { placed, isWorse });
  return { kind: 'accepted', incident: incident.id, created };
}

/** Where it is found and where it stands, and the search for copies. */
async function putDown(flow: Deciding, tx: Tx, { incident, created }: Filed, alert: TakenAlert): Promise<void> {
  await tx.incidents.file(incident.id, [...filingKeys(alert), ...toldKeys(flow, alert)]);
  const stands = created ? incident : await tx.incidents.get(incident.id);
  if (stands) await rankAnew(tx, stands);
  if (created) await tx.jobs.send({ queue: 'scope', incident: incident.id });
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

/**
 * What we have told a source it says again: that people called the mail harmless is no word of its own. One alert may speak
 * of several mails, and is told the end of the last one.
 */
async function isOwnWordBack(tx: Tx, incident: Incident, { from, id, retracted }: TakenAlert): Promise<boolean> {
  if (!retracted) return false;
  const others = await tx.incidents.filedUnder([spokenOfKey(from.name, id)]);
  for (const { id: about } of [incident, ...others]) {
    const said = await tx.ledger.find({ incident: about, types: ['loop.intended'], detail: ['source', from.name] });
    const isTold = ({ source, alert, end }: DetailOf<'loop.intended'>) =>
      source === from.name && end === 'harmless' && (about === incident.id || alert === id);
    if (said.some(({ entry }) => entry && isTold(entry.detail))) return true;
  }
  return false;
}

/** Where its source is told how its alerts ended, by what it calls this one. */
function toldKeys({ told = [] }: Pick<Flow, 'told'>, { from, id }: TakenAlert): readonly string[] {
  return told.some(({ source }) => source === from.name) ? [spokenOfKey(from.name, id)] : [];
}

/** What a source takes back that it had said here, and had not taken back before, with what is held for it. */
async function takenBackIn(
  tx: Tx,
  { incident: { id, alert: known }, created }: Filed,
  { retracted = [] }: TakenAlert,
): Promise<{ readonly word: Retracted; readonly voided: Voided } | null> {
  const [word] = retracted;
  if (created || !word || !known.said.some(({ source }) => source === word.source)) return null;
  if (known.retracted?.some(({ source }) => source === word.source)) return null;
  const voided = await heldForTakingBack(tx, id);
  return voided && { word, voided };
}

interface Heard {
  readonly placed: Placed | null;
  readonly isWorse: boolean;
}

/** One that stands by itself was judged a moment ago, when it was opened. */
async function riseAfter(flow: Deciding, tx: Tx, id: string, source: Source, heard: Heard): Promise<void> {
  const { placed, isWorse } = heard;
  if (placed?.lead !== null) await riseWhereDue(flow, tx, id, source.kind === 'report' ? null : 'detector');
  if (isWorse) await comeForward(flow, tx, id, source);
}

/** With what the receiver knows of its source; whatever the alert says of that itself is only text. */
function stamped({ exercise, delivered, seen, evidence, ...alert }: ToldAlert, source: Source, at: string): TakenAlert {
  const { claims } = source;
  const networkId = alert.message.networkMessageId?.toLowerCase();
  return {
    ...alert,
    ...(evidence ? { evidence: source.kind === 'detector' ? evidence : unclicked(evidence) } : {}),
    confidence: alert.confidence === null ? null : Math.min(alert.confidence, claims.confidence),
    from: source,
    networkIds: claims.ids ? [...(seen?.networkIds ?? (networkId === undefined ? [] : [networkId]))] : [],
    ...(seen ? { frozen: seen.frozen } : {}),
    received: claims.recipients ? deliveredTo(alert.recipients, delivered) : [],
    leftOut: alert.leftOut ?? 0,
    unreadablePeople: alert.unreadablePeople ?? false,
    said: [{ source: source.name, verdict: alert.verdict, severity: alert.severity }],
    ...(exercise && networkId !== undefined ? { exercises: [networkId] } : {}),
    ...retractionIn(alert, source, at),
  };
}

/** Whoever reports a mail does not know who else pressed its link. */
function unclicked({ clicks: _, ...evidence }: Evidence): Evidence {
  return evidence;
}

/** Only what a vendor knows by delivery: a mail that names people in its To or Cc takes no vote from them. */
function deliveredTo(recipients: readonly string[], delivered: readonly string[] | undefined): string[] {
  const known = delivered && new Set(delivered.map(addressKey));
  return recipients.filter((address) => known?.has(addressKey(address)) ?? true);
}

function retractionIn({ vendorAction }: ToldAlert, { name }: Source, at: string): Pick<TakenAlert, 'retracted'> {
  if (vendorAction?.state !== 'withdrawn') return {};
  return { retracted: [{ source: name, says: vendorAction.says, at: vendorAction.at ?? at }] };
}

type Filed = { readonly incident: Incident; readonly created: boolean };

/** The incident of this mail: the one that is there, or a new one. */
async function filed(flow: Deciding, tx: Tx, alert: TakenAlert, at: string) {
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
  flow: Deciding,
  tx: Tx,
  { incident, created }: Filed,
  alert: TakenAlert,
  alsoAsked: readonly Asker[] = [],
): Promise<string | null> {
  if (created) return digestOfHeard(flow, incident);
  const isIntact = await isHeardAsRecorded(flow, tx, incident);
  const fuller = joined(incident.alert, alert);
  const askers = askersOf([...incident.askers, ...alsoAsked], alert);
  if (fuller || askers.length > incident.askers.length)
    await tx.incidents.saveAlert(incident.id, fuller ?? incident.alert, askers);
  if (tellsMoreIds(incident.alert, alert)) await lookSoon(tx, incident);
  await lookAnewAtExercise(flow, tx, incident);
  return isIntact ? heardDigest(flow, tx, incident.id) : null;
}

/** A list without copies may hold some once more is known of the mail; what has copies is looked after at its own times. */
async function lookSoon(tx: Tx, incident: Incident): Promise<void> {
  const { state, planDigest } = incident;
  const plan = state === 'open' && planDigest !== null ? await tx.incidents.plan(planDigest) : null;
  if (plan?.copies.length === 0) await lookNow(tx, incident);
}

/**
 * An exercise is closed by itself, and an attack that looks like it may come later: once somebody reports it again, all its
 * copies are looked at anew.
 */
async function lookAnewAtExercise(flow: Deciding, tx: Tx, { id, planDigest }: Incident): Promise<void> {
  const held = await tx.incidents.lock(id);
  const state = held && situationOf(held) === 'expired' ? advance('expired', 'reopened') : null;
  if (!state || planDigest === null || held?.breach !== null) return;
  const found = await tx.ledger.find({ incident: id, types: ['exercise.recognised'], newest: true });
  const was = found.at(-1)?.entry;
  if (was?.planDigest !== planDigest || !was.detail.whole) return;
  const why = 'an exercise that was reported again is looked at anew';
  await record(flow, tx, [
    { type: 'incident.reopened', incident: id, planDigest, detail: { seats: [], approvedBy: [], why } },
  ]);
  await announce(flow, tx, id, { state, closedBy: null, reason: null, ...NOT_WAITING });
  await tx.jobs.send({ queue: 'scope', incident: id });
}

function newIncident(flow: Deciding, alert: TakenAlert, at: string): Incident {
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
