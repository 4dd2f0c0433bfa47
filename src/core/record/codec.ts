import { z } from 'zod';
import {
  type ChainState,
  type Entry,
  GENESIS,
  problemWith,
  type Recorded,
  type SealedEntry,
  VERSION,
} from './ledger.ts';
import { lift } from './lift.ts';
import { isEntryType, PAYLOADS } from './payloads.ts';
import { openEntry } from './personal.ts';
import type { Seal } from './seal.ts';

/** From the bytes of an entry to the entry: whichever version wrote it, it reads in today's shape, or says why it does not. */

export type Read =
  | { readonly is: 'read'; readonly entry: Recorded }
  /** Kept and part of the chain, and not to be understood here. */
  | { readonly is: 'newer'; readonly unread: Unread }
  /** Its bytes are no entry, or what opens them does not fit. */
  | { readonly is: 'changed' };

/** What every version writes. */
interface Unread {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly incident: string | null;
}

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const nullable = z.string().nullable();
const Outline = z.object({
  v: z.int().optional(),
  seq: z.int(),
  prev: z.string(),
  at: z.string(),
  type: z.string(),
  incident: nullable,
});
const Heading = z.object({
  tenant: z.string(),
  seq: z.int(),
  prev: z.string(),
  at: z.string(),
  incident: nullable,
  actor: z.object({
    kind: z.enum(['person', 'service', 'source', 'stranger']),
    id: z.string(),
    name: z.string(),
  }),
  platform: nullable,
  planDigest: nullable,
  mailbox: nullable,
  message: nullable,
  requestId: nullable,
  outcome: nullable,
});
const Flat = z.record(z.string(), Scalar);

/** Believed as far as its own bytes go: its place in the chain is looked at by whoever asks. Never throws. */
export function readEntry(row: Pick<SealedEntry, 'bytes' | 'opened'>, seal: Seal): Read {
  const parsed = parse(row.bytes);
  const outline = Outline.safeParse(parsed);
  const whole = openEntry(parsed, row.opened ?? null, seal);
  if (!outline.success || whole === null) return { is: 'changed' };
  const { v, seq, at, type, incident } = outline.data;
  const entry = (v ?? VERSION) <= VERSION && isEntryType(type) ? entryIn(whole as object, type, v) : null;
  return entry ? { is: 'read', entry } : { is: 'newer', unread: { seq, at, type, incident } };
}

function parse(bytes: string): unknown {
  try {
    return JSON.parse(bytes);
  } catch {
    return null;
  }
}

function entryIn(whole: object, type: Entry['type'], v: number | undefined): Recorded | null {
  const heading = Heading.safeParse(whole);
  const detail = 'detail' in whole ? detailIn(whole.detail, type, v, heading.data?.outcome ?? null) : null;
  // Type and detail come from the same line of the map.
  return heading.success && detail !== null ? ({ ...heading.data, type, detail } as Recorded) : null;
}

function detailIn(detail: unknown, type: Entry['type'], v: number | undefined, outcome: string | null): unknown {
  if (v !== undefined) return PAYLOADS[type].safeParse(detail).data ?? null;
  const flat = Flat.safeParse(detail);
  return flat.success ? lift(type, flat.data, outcome) : null;
}

/** Where an entry stands: the hash before it, the bytes after it, and where the chain ends. */
export interface Neighbours {
  readonly before: string | null;
  readonly after: string | null;
  readonly head: ChainState;
}

/**
 * One entry, believed without walking the whole chain: it fits its hash, what it is filed under, what opens it, and the
 * entries on both sides. 'changed' for one that does not: somebody changed it, or put it there.
 */
export function entryAmong(row: SealedEntry, around: Neighbours, tenant: string, seal: Seal): Read {
  const before = { seq: row.seq - 1, hash: around.before ?? (row.seq === 1 ? GENESIS : '') };
  // What opens it is looked at once, where it is read.
  if (problemWith({ ...row, opened: null }, before, tenant, seal) !== null) return { is: 'changed' };
  const isFollowed =
    around.after === null
      ? around.head.seq === row.seq && around.head.hash === row.hash
      : around.after.includes(`"prev":"${row.hash}"`);
  return isFollowed ? readEntry(row, seal) : { is: 'changed' };
}
