import { seal } from '../../src/adapters/store/ledger.ts';
import { readEntry } from '../../src/core/record/codec.ts';
import { type Entry, GENESIS, type Heading, type Recorded, type SealedEntry } from '../../src/core/record/ledger.ts';
import type { DetailOf, EntryType } from '../../src/core/record/payloads.ts';

/** Entries of the record for tests, as they are written today and as they were written before there were versions. */

const HEADING: Heading = {
  tenant: '',
  at: '2026-11-20T08:00:00.000Z',
  incident: null,
  actor: { kind: 'service', id: 'clawback', name: 'Clawback' },
  platform: null,
  planDigest: null,
  mailbox: null,
  message: null,
  requestId: null,
  outcome: null,
};

/** Before there were versions, lists stood joined in one text, and what an entry does not say is left out of it. */
export type Flat = Readonly<Record<string, string | number | boolean | null | undefined>>;
export type Old = Partial<Heading> & { readonly seq?: number; readonly prev?: string; readonly detail?: Flat };

/** Read as it is read today. */
export function oldEntry<T extends EntryType>(type: T, said: Old): Recorded<T> {
  const whole = { ...HEADING, seq: 1, prev: '', detail: {}, ...said, type };
  return readBack({ bytes: JSON.stringify(whole) }) as Recorded<T>;
}

/** A chain as it was written then. */
export function sealOld(entries: readonly (Old & { readonly type: EntryType })[]): SealedEntry[] {
  let prev = GENESIS;
  return entries.map((said, index) => {
    const seq = index + 1;
    const bytes = seal.canonical({ ...HEADING, detail: {}, ...said, seq, prev });
    prev = seal.leafHash(bytes);
    return { seq, incident: said.incident ?? null, type: said.type, bytes, hash: prev };
  });
}

/** As it is written today; what is not said of it is nothing. */
export function entryOf<T extends EntryType>(
  type: T,
  detail: Partial<DetailOf<T>> = {},
  heading: Partial<Heading> = {},
): Entry<T> {
  const nothing: DetailOf<T> = oldEntry(type, {}).detail;
  const whole: Heading & { type: T; detail: DetailOf<T> } = {
    ...HEADING,
    ...heading,
    type,
    detail: { ...nothing, ...detail },
  };
  return whole as unknown as Entry<T>;
}

/** Throws where it was changed, or is of a newer version. */
export function readBack(row: Pick<SealedEntry, 'bytes' | 'opened'>): Recorded {
  const read = readEntry(row, seal);
  if (read.is !== 'read') throw new Error(`not an entry that is read here (${read.is}): ${row.bytes}`);
  return read.entry;
}

/** Nothing, for one that is not believed. */
export function believed(row: Pick<SealedEntry, 'bytes' | 'opened'>): readonly Recorded[] {
  const read = readEntry(row, seal);
  return read.is === 'read' ? [read.entry] : [];
}
