import { situationOf } from '../../core/incident/incident.ts';
import { mayRetire, oldBefore, type Tie } from '../../core/record/retention.ts';
import type { Place } from '../../ports/retention.ts';
import type { Tx } from '../../ports/store.ts';
import type { Bookkeeping, Flow } from '../flow.ts';
import { differencesOf } from './compare.ts';
import { evidenceGone } from './evidence.ts';
import { type Note, record } from './record.ts';
import { type Trace, traceOf } from './retired.ts';

/**
 * Lets go of the rows of old incidents, so that tables do not grow for ever. Each leaves its digests in the record, in the
 * transaction that deletes it. What differs from the record is evidence, and stays.
 */

interface Pace {
  /** Incidents in one transaction, and about so many copies: the embedded database does nothing else meanwhile. */
  readonly atOnce: number;
  readonly copies: number;
  /** Of one turn, so that other chores get theirs. */
  readonly pages: number;
  readonly forMs: number;
}
const UNHURRIED: Pace = { atOnce: 20, copies: 5_000, pages: 5, forMs: 3_000 };

/** What letting go takes: the record, its time and how long it is to be kept. */
type Retiring = Bookkeeping & Pick<Flow, 'policy' | 'elapsed' | 'hash'>;

/** Answers what to call from time to time. Each turn goes on where the last one stopped, and begins anew at the end. */
export function retirement(flow: Retiring, pace: Partial<Pace> = {}): () => Promise<void> {
  const own = { ...UNHURRIED, ...pace };
  let after: Place | null = null;
  return async () => {
    const end = flow.elapsed() + own.forMs;
    for (let n = 0; n < own.pages; n += 1) {
      after = await retirePage(flow, after, { ...own, end });
      if (after === null || flow.elapsed() >= end) return;
    }
  };
}

async function retirePage(flow: Retiring, after: Place | null, pace: Pace & { readonly end: number }) {
  const before = oldBefore(flow.clock.now(), flow.policy().policy.retention.days);
  const found = await flow.store.transact(async (tx) => {
    // While everything is stopped, people are looking at what happened.
    if ((await tx.brake.read()).stopped) return [];
    const places = await tx.retention.due(before, after, pace.atOnce);
    const ties = await tx.retention.ties(places.map(({ id }) => id));
    const weighed: { place: Place; copies: number | null }[] = [];
    for (const place of places) weighed.push({ place, copies: await copiesOfFit(tx, place, before, ties) });
    return weighed;
  });
  const agreeing: Place[] = [];
  let last: Place | null = null;
  let copies = 0;
  for (const one of found) {
    last = one.place;
    if (one.copies !== null && (await differencesOf(flow, last.id)).length === 0) {
      agreeing.push(last);
      copies += one.copies;
    }
    if (copies >= pace.copies || flow.elapsed() >= pace.end) break;
  }
  if (agreeing.length > 0) await flow.store.transact((tx) => letGo(flow, tx, agreeing, before));
  return last;
}

/** How many copies its runs hold; null where it may not go. */
async function copiesOfFit(tx: Tx, { id, updatedAt }: Place, before: string, ties: readonly Tie[]) {
  const incident = await tx.incidents.get(id);
  if (incident?.updatedAt !== updatedAt) return null;
  // Somebody still looks after a mailbox because of it.
  if ((await tx.flagged.ofIncident(id)).some(({ state }) => state !== 'cleared')) return null;
  const runs: { state: string; open: number; total: number }[] = [];
  for (const { id: run, state } of await tx.runs.ofIncident(id)) runs.push({ state, ...(await tx.work.counts(run)) });
  return mayRetire(incident, { before, runs, ties }) ? runs.reduce((sum, { total }) => sum + total, 0) : null;
}

async function letGo(flow: Retiring, tx: Tx, places: readonly Place[], before: string): Promise<void> {
  const notes: Note[] = [];
  // Held in one order by everybody who holds more than one.
  for (const place of places.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    // Held first: whoever ties something new to it has to hold it too, or it is gone for them.
    const incident = await tx.incidents.lock(place.id);
    for (const { id } of await tx.flagged.ofIncident(place.id)) await tx.flagged.lock(id);
    const ties = await tx.retention.ties([place.id]);
    if (!incident || (await copiesOfFit(tx, place, before, ties)) === null) continue;
    const trace: Trace = await traceOf(flow, tx, place.id);
    notes.push(...(await evidenceGone(tx, place.id, 'with its incident', before)));
    notes.push({
      type: 'incident.retired',
      incident: place.id,
      planDigest: incident.planDigest,
      outcome: situationOf(incident),
      detail: { ...trace, alerts: incident.alerts, lastChange: place.updatedAt, before },
    });
    await tx.retention.remove(place.id);
  }
  await record(flow, tx, notes);
}
