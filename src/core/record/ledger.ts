/** The record: what happened, in order, each entry bound to all before it by a hash. */

export type EntryType =
  | 'alert.received'
  | 'alert.repeated'
  | 'mailbox.read'
  | 'plan.made'
  | 'card.posted'
  | 'card.lost'
  | 'cards.gathered'
  | 'room.lost'
  | 'room.back'
  | 'decision.approved'
  | 'decision.rejected'
  | 'decision.withdrawn'
  | 'press.refused'
  | 'run.started'
  | 'copy.intent'
  | 'copy.untried'
  | 'copy.outcome'
  | 'copy.late'
  | 'copy.recovered'
  | 'run.cancelled'
  | 'run.finished'
  | 'mailbox.flagged'
  | 'incident.expired'
  | 'incident.joined'
  | 'incident.reopened'
  | 'incident.retired'
  | 'group.taken-in'
  | 'scope.checked'
  | 'scope.looked'
  | 'scope.recovered'
  | 'sets.checked'
  | 'plan.grown'
  | 'containment.confirmed'
  | 'containment.lapsed'
  | 'decision.reminded'
  | 'decision.escalated'
  | 'policy.adopted'
  | 'policy.refused'
  | 'brake.stopped'
  | 'brake.lift-voted'
  | 'brake.lifted'
  | 'ticket.issued'
  | 'ticket.signed-in'
  | 'ticket.refused'
  | 'account.linked'
  | 'account.unlinked'
  | 'integrity.broken'
  | 'request.refused'
  | 'stray'
  | 'clock.changed'
  | 'service.started'
  | 'service.stopped';

export interface Actor {
  readonly kind: 'person' | 'service' | 'source' | 'stranger';
  readonly id: string;
  readonly name: string;
}

/** Every field is present in every entry, so that the canonical bytes have one shape. */
export interface Entry {
  readonly tenant: string;
  readonly at: string;
  readonly type: EntryType;
  readonly incident: string | null;
  readonly actor: Actor;
  /** The chat it came from, or graph, intake, web, operator; null for what we did ourselves. */
  readonly platform: string | null;
  readonly planDigest: string | null;
  readonly mailbox: string | null;
  readonly message: string | null;
  readonly requestId: string | null;
  readonly outcome: string | null;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

export interface SealedEntry {
  readonly seq: number;
  /** What the entry is filed under; has to agree with its bytes. */
  readonly incident: string | null;
  /** Where it is filed under its type as well, that one too. */
  readonly type?: string;
  /** Canonical JSON of the entry with `seq` and `prev`; hashed as it is, stored as it is. */
  readonly bytes: string;
  /** Hex SHA-256 over 0x00 and the bytes (RFC 6962 leaf hash, so that a Merkle tree can be built later). */
  readonly hash: string;
}

/** Canonical JSON (RFC 8785) and leaf hash; arguments, because core has no crypto. */
export interface Seal {
  canonical(value: unknown): string;
  leafHash(bytes: string): string;
}

export const GENESIS = '0'.repeat(64);

/** Seals `entries` onto the chain whose last entry is (`lastSeq`, `lastHash`). Sequence numbers start at 1. */
export function sealAll(entries: readonly Entry[], lastSeq: number, lastHash: string, seal: Seal): SealedEntry[] {
  let prev = lastHash;
  return entries.map((entry, index) => {
    const seq = lastSeq + index + 1;
    const bytes = seal.canonical({ ...entry, seq, prev });
    const sealed = { seq, incident: entry.incident, bytes, hash: seal.leafHash(bytes) };
    prev = sealed.hash;
    return sealed;
  });
}

export type ChainFault = { readonly seq: number; readonly problem: string };

export interface ChainState {
  readonly seq: number;
  readonly hash: string;
}

/**
 * Checks the next stretch of a chain. Returns the new end of the chain or the first fault; feed it page by page.
 * A wrong hash, a gap, a swap, a foreign tenant and a broken link are all found here.
 */
export function verifyChain(
  rows: readonly SealedEntry[],
  from: ChainState,
  tenant: string,
  seal: Seal,
): { readonly end: ChainState; readonly fault: ChainFault | null } {
  let end = from;
  for (const row of rows) {
    const problem = problemWith(row, end, tenant, seal);
    if (problem) return { end, fault: { seq: end.seq + 1, problem } };
    end = { seq: row.seq, hash: row.hash };
  }
  return { end, fault: null };
}

function problemWith(row: SealedEntry, before: ChainState, tenant: string, seal: Seal): string | null {
  if (row.seq !== before.seq + 1) return `entry ${before.seq + 1} is missing or out of order (found ${row.seq})`;
  if (seal.leafHash(row.bytes) !== row.hash) return 'the bytes were changed: their hash differs from the stored one';
  let parsed: { seq?: unknown; prev?: unknown; tenant?: unknown; incident?: unknown; type?: unknown };
  try {
    parsed = (JSON.parse(row.bytes) as typeof parsed | null) ?? {};
  } catch {
    return 'the entry is not readable';
  }
  if (parsed.seq !== row.seq) return `the entry calls itself number ${String(parsed.seq)}`;
  if (parsed.tenant !== tenant) return 'the entry belongs to another tenant';
  if ((parsed.incident ?? null) !== row.incident) return 'the entry is filed under another incident than it speaks of';
  if (row.type !== undefined && parsed.type !== row.type) return 'the entry is filed under another type than it is of';
  if (parsed.prev !== before.hash) return 'the entry does not follow the one before it';
  return null;
}

export type Recorded = Entry & { readonly seq: number; readonly prev: string };

/** Where an entry stands: the hash before it, the bytes after it, and where the chain ends. */
export interface Neighbours {
  readonly before: string | null;
  readonly after: string | null;
  readonly head: ChainState;
}

/**
 * One entry, believed without walking the whole chain: it fits its hash, what it is filed under, and the entries on both
 * sides. Null for one that does not: somebody changed it, or put it there.
 */
export function entryAmong(row: SealedEntry, around: Neighbours, tenant: string, seal: Seal): Recorded | null {
  const before = { seq: row.seq - 1, hash: around.before ?? (row.seq === 1 ? GENESIS : '') };
  if (problemWith(row, before, tenant, seal) !== null) return null;
  const isFollowed =
    around.after === null
      ? around.head.seq === row.seq && around.head.hash === row.hash
      : around.after.includes(`"prev":"${row.hash}"`);
  return isFollowed ? (JSON.parse(row.bytes) as Recorded) : null;
}
