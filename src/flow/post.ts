import { RoomError } from '../core/error.ts';
import { present } from '../core/present.ts';
import type { CardRef, Platform, Rooms } from '../ports/rooms.ts';
import type { CardResult, CardRow } from '../ports/store.ts';
import { factsOf } from './facts.ts';
import type { Flow } from './flow.ts';
import { record } from './record.ts';

/** Longer than looking for the card and sending it may take, timeouts included: nobody else sends it meanwhile. */
const LEASE_MS = 25_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 300_000;

/**
 * Brings one card up to the incident's newest state. The card row is the outbox: intent before the post, the
 * message's place after it, and after a lost answer the room is asked whether the card is already there.
 */
export async function deliver(flow: Flow, incident: string, platform: Platform): Promise<void> {
  const room = flow.rooms.find((candidate) => candidate.platform === platform);
  if (!room) return;
  const claimed = await flow.store.transact(async (tx) => {
    const claim = await tx.cards.claim(incident, platform, LEASE_MS);
    if (claim.kind === 'wait') await tx.jobs.send({ queue: 'deliver', incident, platform }, claim.waitMs);
    return claim.kind === 'send' ? { ...claim, facts: await factsOf(flow, tx, incident) } : null;
  });
  if (!claimed?.facts) return;
  const { card, lease, facts } = claimed;
  const result = await send(room, card, present(facts), facts.incident.revision);
  flow.observe({ what: 'card', platform, result: result.says });

  await flow.store.transact(async (tx) => {
    const kept = await tx.cards.finish(incident, platform, lease, result.row);
    if (!kept) return;
    if (result.row.ref && !card.ref) {
      await record(flow, tx, [
        {
          type: 'card.posted',
          incident,
          platform,
          planDigest: facts.incident.planDigest,
          detail: { ...result.row.ref },
        },
      ]);
    }
    if (result.says === 'gone') {
      await record(flow, tx, [{ type: 'card.lost', incident, platform, outcome: 'gone', detail: { ...card.ref } }]);
    }
    const now = await tx.incidents.get(incident);
    if (now && now.revision > result.row.sentRevision) {
      await tx.jobs.send({ queue: 'deliver', incident, platform }, result.row.restMs);
    }
  });
}

type Sent = { readonly says: 'sent' | RoomError['kind']; readonly row: CardResult };

async function send(room: Rooms, card: CardRow, view: Parameters<Rooms['post']>[0], revision: number): Promise<Sent> {
  try {
    const ref = await placeOf(room, card, view);
    return { says: 'sent', row: { ref, sentRevision: revision, posting: false, attempts: 0, restMs: room.paceMs } };
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    return { says: error.kind, row: afterFailure(card, error) };
  }
}

async function placeOf(room: Rooms, card: CardRow, view: Parameters<Rooms['post']>[0]): Promise<CardRef> {
  let ref = card.ref;
  if (!ref && card.posting) {
    const found = await room.find(card.key);
    // 'unknowable': posting again is the lesser evil; the older card is dead, because its place is not on record.
    ref = found === 'unknowable' ? null : found;
  }
  if (!ref) return room.post(view, card.key);
  await room.update(ref, view);
  return ref;
}

function afterFailure(card: CardRow, error: RoomError): CardResult {
  const attempts = card.attempts + 1;
  const backoff = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts, 10));
  return {
    // A deleted card is posted anew: a pending decision must not become invisible.
    ref: error.kind === 'gone' ? null : card.ref,
    sentRevision: card.sentRevision,
    posting: card.ref === null && (error.kind === 'lost' || (card.posting && error.kind === 'throttled')),
    attempts,
    restMs: error.kind === 'throttled' ? error.retryAfterMs : backoff,
  };
}
