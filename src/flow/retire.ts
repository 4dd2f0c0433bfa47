import { mayRetire, oldBefore, type Tie } from '../core/retention.ts';
import type { Place } from '../ports/retention.ts';
import type { Tx } from '../ports/store.ts';
import { differencesOf } from './compare.ts';
import type { Flow } from './flow.ts';
import { type Note, record } from './record.ts';
import { type Trace, traceOf } from './retired.ts';

/**
 * Lets go of the rows of old incidents, so that tables do not grow for ever. Each leaves its digests in the record, in the
 * transaction that deletes it. What differs from the record is evidence, and stays.
 */

interface Pace {
  /** Incidents in one transaction: the embedded database does nothing else meanwhile. */
  readonly atOnce: number;
  /** Of one turn, so that other chores get theirs. */
  readonly pages: number;
}
const UNHURRIED: Pace = { atOnce: 20, pages: 5 };

/** Answers what to call from time to time. Each turn goes on where the last one stopped, and begins anew at the end. */
export function retirement(flow: Flow, { atOnce, pages }: Pace = UNHURRIED): () => Promise<void> {
  let after: Place | null = null;
  return async () => {
    for (let n = 0; n < pages; n += 1) {
      after = await retirePage(flow, after, atOnce);
      if (after === null) return;
    }
  };
}

async function retirePage(flow: Flow, after: Place | null, atOnce: number): Promise<Place | null> {
  const before = oldBefore(flow.clock.now(), flow.policy().policy.retention.days);
  const found = await flow.store.transact(async (tx) => {
    // While everything is stopped, people are looking at what happened.
    if ((await tx.brake.read()).stopped) return null;
    const places = await tx.retention.due(before, after, atOnce);
    const ties = await tx.retention.ties(places.map(({ id }) => id));
    const fit: Place[] = [];
    for (const place of places) if (await isFit(tx, place, before, ties)) fit.push(place);
    return { fit, last: places.at(-1) ?? null };
  });
  if (found === null) return null;
  const agreeing: Place[] = [];
  for (const place of found.fit) if ((await differencesOf(flow, place.id)).length === 0) agreeing.push(place);
  if (agreeing.length > 0) await flow.store.transact((tx) => letGo(flow, tx, agreeing, before));
  return found.last;
}

async function isFit(tx: Tx, { id, updatedAt }: Place, before: string, ties: readonly Tie[]): Promise<boolean> {
  const incident = await tx.incidents.lock(id);
  if (incident?.updatedAt !== updatedAt) return false;
  const runs: { state: string; open: number }[] = [];
  for (const run of await tx.runs.ofIncident(id))
    runs.push({ state: run.state, open: (await tx.work.counts(run.id)).open });
  return mayRetire(incident, { before, runs, ties });
}

async function letGo(flow: Flow, tx: Tx, places: readonly Place[], before: string): Promise<void> {
  const notes: Note[] = [];
  // Held in one order by everybody who holds more than one.
  for (const place of places.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    // Held first: nothing new is tied to it from here on by whoever holds it too.
    await tx.incidents.lock(place.id);
    const ties = await tx.retention.ties([place.id]);
    if (!(await isFit(tx, place, before, ties))) continue;
    const incident = await tx.incidents.get(place.id);
    const trace: Trace = await traceOf(flow, tx, place.id);
    notes.push({
      type: 'incident.retired',
      incident: place.id,
      planDigest: incident?.planDigest ?? null,
      outcome: incident?.state ?? null,
      detail: { ...trace, alerts: incident?.alerts ?? 0, lastChange: place.updatedAt, before },
    });
    await tx.retention.remove(place.id);
  }
  await record(flow, tx, notes);
}
