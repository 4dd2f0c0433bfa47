import type { Segment, SegmentHead } from '../../ports/requests.ts';
import type { Store } from '../../ports/store.ts';
import type { Bookkeeping } from '../flow.ts';
import { brakeNow } from './held.ts';
import { record } from './record.ts';

/** Puts what was written down of requests where everybody finds it, and its digest into the record: both or neither. */

const DAY_MS = 86_400_000;

/** `how`: written to its end by this process, or left by one that is gone. Answers whether it was new. */
export async function sealRequests(
  flow: Bookkeeping,
  segment: Segment,
  how: 'whole' | 'left behind',
): Promise<boolean> {
  return flow.store.transact(async (tx) => {
    const isNew = await tx.segments.keep(segment);
    if (!isNew) return false;
    const { id, requests, from, until, digest, lost } = segment;
    await record(flow, tx, [
      { type: 'requests.sealed', outcome: how, detail: { segment: id, requests, from, until, digest, lost } },
    ]);
    return true;
  });
}

/** Their digests stay in the record. */
export async function forgetRequests(flow: Bookkeeping, days: number): Promise<void> {
  const before = new Date(Date.parse(flow.clock.now()) - days * DAY_MS).toISOString();
  await flow.store.transact(async (tx) => {
    // While everything is stopped, people are looking at what happened.
    if ((await brakeNow(tx)).stopped) return;
    const segments = await tx.segments.forget(before);
    if (segments > 0) await record(flow, tx, [{ type: 'requests.forgotten', detail: { before, segments } }]);
  });
}

/** What the record says of a segment. */
export interface Sealed {
  readonly segment: string;
  readonly digest: string;
  readonly requests: number;
  readonly until: string;
  /** Number of the entry. */
  readonly entry: number;
}

export interface SealedRequests {
  readonly sealed: readonly Sealed[];
  /** What ended before it was deleted, as the record says; empty where nothing was. */
  readonly forgottenBefore: string;
}

/** What is left of the record of them, for whoever holds the segments against it. */
export async function sealedRequests(store: Store): Promise<SealedRequests> {
  const found = await store.transact((tx) =>
    tx.ledger.find({ incident: null, types: ['requests.sealed', 'requests.forgotten'] }),
  );
  const sealed: Sealed[] = [];
  let forgottenBefore = '';
  for (const { seq, entry } of found) {
    if (entry?.type === 'requests.sealed') {
      const { segment, digest, requests, until } = entry.detail;
      sealed.push({ segment, digest, requests, until, entry: seq });
    } else if (entry && entry.detail.before > forgottenBefore) forgottenBefore = entry.detail.before;
  }
  return { sealed, forgottenBefore };
}

const SEGMENTS_AT_ONCE = 4;

/** The next segments after that one, by the time of their first line. */
export async function requestSegments(store: Store, after: Pick<SegmentHead, 'id' | 'from'> | null) {
  return store.transact(async (tx): Promise<readonly Segment[]> => {
    const segments: Segment[] = [];
    for (const head of await tx.segments.list(after, SEGMENTS_AT_ONCE)) {
      const text = await tx.segments.text(head.id);
      if (text !== null) segments.push({ ...head, text });
    }
    return segments;
  });
}
