import type { DetailOf, EntryType } from './payloads.ts';
import { closeEntry, openEntry } from './personal.ts';
import type { Salt, Seal } from './seal.ts';

/** The record: what happened, in order, each entry bound to all before it by a hash. */

/** Of what is written now. Entries from before there were versions bear none: `lift.ts` reads them. */
export const VERSION = 2;

export interface Actor {
  readonly kind: 'person' | 'service' | 'source' | 'stranger';
  readonly id: string;
  readonly name: string;
}

/** What every entry has beside what its type holds. Every field is present, so that the canonical bytes have one shape. */
export interface Heading {
  readonly tenant: string;
  readonly at: string;
  readonly incident: string | null;
  readonly actor: Actor;
  /** The chat it came from, or graph, intake, web, operator; null for what we did ourselves. */
  readonly platform: string | null;
  readonly planDigest: string | null;
  readonly mailbox: string | null;
  readonly message: string | null;
  readonly requestId: string | null;
  readonly outcome: string | null;
}

export type Entry<T extends EntryType = EntryType> = {
  [K in T]: Heading & { readonly type: K; readonly detail: DetailOf<K> };
}[T];

/** As it is read back. What was erased of it reads as `ERASED`, and no id, account or name is ever that. */
export type Recorded<T extends EntryType = EntryType> = {
  [K in T]: Entry<K> & { readonly seq: number; readonly prev: string };
}[T];

/** For `filter` and `find`: entries of one of these types, and what they hold is known from then on. */
export function ofType<T extends EntryType>(...types: readonly T[]) {
  return <E extends Entry>(entry: E): entry is Extract<E, { readonly type: T }> =>
    (types as readonly EntryType[]).includes(entry.type);
}

export interface SealedEntry {
  readonly seq: number;
  /** What the entry is filed under; has to agree with its bytes. */
  readonly incident: string | null;
  /** Where it is filed under its type as well, that one too. */
  readonly type?: string;
  /** Canonical JSON of the entry with `v`, `seq` and `prev`; hashed as it is, stored as it is. Personal values are commitments. */
  readonly bytes: string;
  /** Hex SHA-256 over 0x00 and the bytes. */
  readonly hash: string;
  /** What opens its commitments, outside of what is hashed; null or left out where nothing is personal, or all of it erased. */
  readonly opened?: string | null;
}

export const GENESIS = '0'.repeat(64);

/** Seals `entries` onto the chain whose last entry is (`lastSeq`, `lastHash`). Sequence numbers start at 1. */
export function sealAll(
  entries: readonly Entry[],
  lastSeq: number,
  lastHash: string,
  seal: Seal,
  salt: Salt,
): SealedEntry[] {
  let prev = lastHash;
  return entries.map((entry, index) => {
    const seq = lastSeq + index + 1;
    const { closed, opened } = closeEntry(entry, seal, salt);
    const bytes = seal.canonical({ ...closed, v: VERSION, seq, prev });
    const sealed = { seq, incident: entry.incident, bytes, hash: seal.leafHash(bytes), opened };
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

/** What keeps it from standing there; null where nothing does. Without `opened` the chain alone is looked at. */
export function problemWith(row: SealedEntry, before: ChainState, tenant: string, seal: Seal): string | null {
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
  if (row.opened != null && openEntry(parsed, row.opened, seal) === null)
    return 'what opens its personal values does not fit them';
  return null;
}
