import { RoomError } from '../../core/error.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { shownIn } from '../../core/tell/campaign-view.ts';
import type { CardView, GatheredView } from '../../core/tell/card.ts';
import { MOST_GATHERED, MOST_WAITING, presentGathered, presentWaiting } from '../../core/tell/gather.ts';
import { present } from '../../core/tell/present.ts';
import { type CardResult, type CardRow, WAITING_LIST } from '../../ports/outbox.ts';
import type { CardRef, Platform, Rooms } from '../../ports/rooms.ts';
import type { Tx } from '../../ports/store.ts';
import type { Bookkeeping } from '../flow.ts';
import { announce, type Note, record } from '../record/record.ts';
import { type FactSources, factsOf } from './facts.ts';
import { type Announcing, roomDied, roomIsBack, TROUBLE_AFTER } from './room.ts';

/** Longer than looking for the card and sending it may take, timeouts included: nobody else sends it meanwhile. */
const LEASE_MS = 25_000;
/** A message that hangs keeps the room from others no longer than this. */
const HOLD_MS = 3_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 300_000;
/** How soon a dead room is tried again. */
const DEAD_RETRY_MS = 60_000;
/** How often "it is gone" has to be said where it is known to be said in error. */
const BELIEVED_AFTER = 3;
/** Less than that many failures of one card take: a room that took another card meanwhile is not what is wrong. */
const TROUBLE_TAKES_MS = 25_000;
/** A gathering that grows is not sent anew for each line. */
const GATHERING_RESTS = 5;
/** How often the list of what waits without a card is drawn anew. */
const WAITING_RESTS_MS = 60_000;

/** What is to be sent: always the newest state there is. */
type Message =
  | { readonly kind: 'card'; readonly view: CardView; readonly revision: number; readonly planDigest: string | null }
  | { readonly kind: 'gathering'; readonly view: GatheredView; readonly revision: number };

/** What it takes to draw a card, send it and put down what became of it. */
type Posting = Announcing & FactSources;

class LeaseLost extends Error {}

/**
 * Brings the most urgent card of a room up to its incident's newest state. The card row is the outbox: intent before the
 * post, the message's place after it, and after a lost answer the room is asked whether the card is already there. One
 * message at a time, over all processes, at the pace that the chat allows: a chat that has to say "too many" makes
 * everything wait.
 */
export async function deliver(flow: Posting, platform: Platform): Promise<void> {
  const room = flow.rooms.find((candidate) => candidate.platform === platform);
  if (!room) return;
  const claimed = await flow.store.transact(async (tx) => {
    const manners = { leaseMs: LEASE_MS, holdMs: HOLD_MS, linesPerGathering: MOST_GATHERED };
    const claim = await tx.cards.claim(platform, { ...manners, newPerMinute: room.newPerMinute });
    if (claim.kind === 'wait')
      await tx.jobs.send({ queue: 'deliver', incident: claim.incident, platform }, claim.waitMs);
    if (claim.kind !== 'send') return null;
    const wasDead = (await tx.rooms.dead()).some((dead) => dead.platform === platform);
    return { ...claim, wasDead, message: await messageOf(flow, tx, claim.card) };
  });
  if (!claimed) return;
  const { card, lease, message, wasDead } = claimed;
  const sent = message ? await send(room, card, message) : nothingToSay(card, room);
  const { says, row, why } = sent;
  if (message) flow.observe({ what: 'card', platform, result: says });
  let isOfCard = false;
  try {
    await flow.store.transact(async (tx) => {
      isOfCard = message !== null && (await putDown(flow, tx, card, message, sent));
      if (!(await tx.cards.finish(card.incident, platform, lease, row))) throw new LeaseLost();
      if ((await tx.cards.waiting()).includes(platform))
        await tx.jobs.send({ queue: 'deliver', incident: '', platform }, row.roomRestMs);
    });
  } catch (error) {
    // Somebody else has it by now, and puts down what becomes of it.
    if (!(error instanceof LeaseLost)) throw error;
  }
  if (isOfCard) flow.observe({ what: 'card', platform, result: 'turned away' });
  else if (says === 'dead' || isTrouble(card, row)) await roomDied(flow, platform, why);
  else if (wasDead && says === 'sent' && message) await roomIsBack(flow, platform);
}

async function messageOf(flow: FactSources, tx: Tx, card: CardRow): Promise<Message | null> {
  const facts = await factsOf(flow, tx, card.incident);
  if (facts) {
    const { revision, planDigest, id } = facts.incident;
    // What a press on it may speak about is put down before it is shown.
    const { campaign } = facts;
    if (campaign && campaign.waves.length > 0) await tx.campaigns.show(id, campaign.digest, shownIn(facts));
    return { kind: 'card', view: present(facts), revision, planDigest };
  }
  if (card.incident === WAITING_LIST) return waitingList(flow, tx, card);
  const incidents: Incident[] = [];
  for (const id of await tx.cards.gatheredIn(card.incident, card.platform)) {
    const incident = await tx.incidents.get(id);
    if (incident) incidents.push(incident);
  }
  if (incidents.length === 0) return null;
  return { kind: 'gathering', view: presentGathered(flow.tenant.name, incidents), revision: incidents.length };
}

/** The message that names what waits in the queue without a card: nothing where it was never needed. */
async function waitingList(flow: FactSources, tx: Tx, { platform, ref }: CardRow): Promise<Message | null> {
  const { incidents: ids, total } = await tx.cards.held(platform, MOST_WAITING);
  if (total === 0 && ref === null) return null;
  const incidents = await tx.board.named(ids);
  const inOrder = ids.flatMap((id) => incidents.filter((incident) => incident.id === id));
  return { kind: 'gathering', view: presentWaiting(flow.tenant.name, inOrder, total), revision: total };
}

interface Sent {
  readonly says: 'sent' | RoomError['kind'];
  readonly row: CardResult;
  /** The chat's own word, where it refused. */
  readonly why: string;
}

/** What it was about is not there any more. */
function nothingToSay({ ref, sentRevision, posting, attempts }: CardRow, { paceMs }: Rooms): Sent {
  return {
    says: 'sent',
    row: { ref, sentRevision, posting, attempts, again: false, restMs: paceMs, roomRestMs: 0 },
    why: '',
  };
}

async function send(room: Rooms, card: CardRow, message: Message): Promise<Sent> {
  try {
    const ref = await placeOf(room, card, message);
    const restMs = restOf(room, card, message);
    const rests = { restMs, roomRestMs: room.roomPaceMs };
    const done = { ref, sentRevision: message.revision, posting: false, attempts: 0, again: false, ...rests };
    return { says: 'sent', row: done, why: '' };
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    const kind = error.kind === 'doubtful' && card.attempts + 1 >= BELIEVED_AFTER ? 'fixed' : error.kind;
    return { says: kind, row: afterFailure(card, kind, error.retryAfterMs, room), why: error.message };
  }
}

function restOf({ paceMs }: Rooms, { incident }: CardRow, { kind }: Message): number {
  if (incident === WAITING_LIST) return WAITING_RESTS_MS;
  return paceMs * (kind === 'gathering' ? GATHERING_RESTS : 1);
}

async function placeOf(room: Rooms, card: CardRow, message: Message): Promise<CardRef> {
  let ref = card.ref;
  if (!ref && card.posting) {
    const found = await room.find(card.key);
    // 'unknowable': posting again is the lesser evil; the older card is dead, because its place is not on record.
    ref = found === 'unknowable' ? null : found;
  }
  if (!ref) return message.kind === 'card' ? room.post(message.view, card.key) : room.gather(message.view, card.key);
  await (message.kind === 'card' ? room.update(ref, message.view) : room.regather(ref, message.view));
  return ref;
}

function afterFailure(card: CardRow, kind: RoomError['kind'], retryAfterMs: number, room: Rooms): CardResult {
  const isThrottled = kind === 'throttled';
  const isDead = kind === 'dead';
  // Whoever asks us to wait will take it.
  const attempts = isDead || isThrottled ? card.attempts : card.attempts + 1;
  const backoff = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts, 10));
  const restMs = isThrottled ? retryAfterMs : isDead ? 0 : backoff;
  return {
    // A pending decision must not become invisible: what is deleted, or shows for ever what was, is posted anew. Its old
    // place is dead, because it is not the one on record any more.
    ref: kind === 'gone' || kind === 'fixed' ? null : card.ref,
    sentRevision: card.sentRevision,
    posting: card.ref === null && (kind === 'lost' || (card.posting && (isThrottled || isDead))),
    attempts,
    again: true,
    restMs,
    roomRestMs: isThrottled ? Math.max(retryAfterMs, room.roomPaceMs) : isDead ? DEAD_RETRY_MS : room.roomPaceMs,
  };
}

/** It has failed as often now as does not pass by itself. */
function isTrouble(card: CardRow, row: CardResult): boolean {
  return card.attempts < TROUBLE_AFTER && row.attempts >= TROUBLE_AFTER;
}

/**
 * Puts down what became of a message. Answers whether it is this one that is turned away by a room that takes others: that
 * is told on the card in the other chat, until this one is taken after all.
 */
async function putDown(flow: Bookkeeping, tx: Tx, card: CardRow, message: Message, sent: Sent): Promise<boolean> {
  const { incident, platform, ref } = card;
  const { says, row, why } = sent;
  const isOfCard =
    isTrouble(card, row) && (says === 'unfit' || (await tx.cards.othersTaken(incident, platform, TROUBLE_TAKES_MS)));
  const isTakenAgain = card.attempts >= TROUBLE_AFTER && says === 'sent';
  const isNews = message.kind === 'card' && (isOfCard || isTakenAgain);
  // Whoever has news of an incident holds it first, then the record, and its cards last.
  if (isNews) await tx.incidents.lock(incident);
  const notes = notesOf(card, message, says, row);
  if (isOfCard) {
    const about = message.kind === 'card' ? incident : null;
    const detail = { why: why.slice(0, 300), place: ref && placeIn(ref) };
    notes.push({ type: 'card.lost', incident: about, platform, outcome: 'refused', detail });
  }
  if (notes.length > 0) await record(flow, tx, notes);
  if (isNews) await announce(flow, tx, incident);
  return isOfCard;
}

function notesOf(card: CardRow, message: Message, says: Sent['says'], { ref }: CardResult): Note[] {
  const { incident, platform } = card;
  if (message.kind === 'gathering') {
    if (says !== 'sent' || !ref || (incident === WAITING_LIST && card.ref)) return [];
    const incidents = message.view.lines.map((line) => line.incident);
    return [{ type: 'cards.gathered', platform, detail: { count: message.revision, incidents, ...placeIn(ref) } }];
  }
  if (says === 'sent' && ref && !card.ref)
    return [{ type: 'card.posted', incident, platform, planDigest: message.planDigest, detail: placeIn(ref) }];
  if (says === 'gone' || says === 'fixed')
    return [
      {
        type: 'card.lost',
        incident,
        platform,
        outcome: says,
        detail: { why: null, place: card.ref && placeIn(card.ref) },
      },
    ];
  return [];
}

const placeIn = ({ channel, message, via }: CardRef) => ({ channel, message, via });
