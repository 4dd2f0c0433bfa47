import { type Outcome, SEEN_BACK } from '../../core/action/outcome.ts';
import { targetKey } from '../../core/find/plan.ts';
import { type Elsewhere, type Incident, situationOf } from '../../core/incident/incident.ts';
import type { Run } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';
import type { Bookkeeping } from '../flow.ts';
import { originsOf } from '../record/lists.ts';
import { announce } from '../record/record.ts';

/** State is per copy, not per card: what one incident moved is told on every card that speaks of the same copies. */

/** Outcomes after which a copy is not where another card says that it is. */
const MOVED: readonly Outcome[] = ['removed', 'destroyed', 'junked', ...SEEN_BACK];
/** Cards remember so many runs of others, the newest. */
const MOST = 5;
/** Lists that wait for a decision and have no run yet; more than ever wait at once. */
const MOST_WAITING = 500;

/** Safe to call again, also when more of its copies were seen moved: one run is told once on each card. */
export async function tellElsewhere(flow: Bookkeeping, runId: string): Promise<void> {
  const told = await flow.store.transact(async (tx) => {
    const run = await tx.runs.get(runId);
    return run && { run, incidents: await concerned(tx, run) };
  });
  if (!told) return;
  await tellOrigins(flow, told.run.incident);
  for (const [id, copies] of told.incidents)
    await flow.store.transact(async (tx) => {
      const incident = await tx.incidents.lock(id);
      // What cannot be read is not written over.
      if (incident?.unread) return;
      const news = movedBy(told.run, copies);
      const before = incident?.elsewhere.find((known) => isSame(known, news));
      if (!incident || before?.copies === copies) return;
      const elsewhere = before
        ? incident.elsewhere.map((known) => (known === before ? news : known))
        : [...incident.elsewhere, news].slice(-MOST);
      await announce(flow, tx, id, { elsewhere });
    });
  for (const id of told.incidents.keys()) await tellOrigins(flow, id);
}

/**
 * Another look at the copies of a list that grew out of others is asked for on the first one's card. Each on its own: a look
 * holds that one before those that grew out of it.
 */
export async function tellOrigins(flow: Bookkeeping, id: string): Promise<void> {
  const origins = await flow.store.transact(async (tx) => {
    const incident = await tx.incidents.get(id);
    return incident ? originsOf(tx, incident) : [];
  });
  for (const origin of origins) await flow.store.transact((tx) => announce(flow, tx, origin));
}

function movedBy({ incident, action, finishedAt, startedAt }: Run, copies: number): Elsewhere {
  return { incident, action, copies, at: finishedAt ?? startedAt };
}

function isSame(a: Elsewhere, b: Elsewhere): boolean {
  return a.incident === b.incident && a.action === b.action && a.at === b.at;
}

/** Incidents other than the run's own, with how many of the copies that it moved are theirs as well. */
async function concerned(tx: Tx, run: Run): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  const note = (incident: string, copies: number) => {
    if (incident !== run.incident && copies > 0) found.set(incident, Math.max(copies, found.get(incident) ?? 0));
  };
  for (const shared of await tx.work.sharedWith(run.id, MOVED)) {
    const other = await tx.runs.get(shared.run);
    if (other) note(other.incident, shared.copies);
  }
  const moved = new Set<string>();
  for (const outcome of MOVED) for (const item of await tx.work.all(run.id, outcome)) moved.add(targetKey(item));
  for (const incident of await tx.incidents.list(MOST_WAITING)) note(incident.id, await heldBy(tx, incident, moved));
  return found;
}

async function heldBy(tx: Tx, incident: Incident, moved: ReadonlySet<string>): Promise<number> {
  const { planDigest } = incident;
  const stands = situationOf(incident);
  const waits = stands === 'open' || stands === 'flagged';
  const plan = waits && planDigest && moved.size > 0 ? await tx.incidents.plan(planDigest) : null;
  return plan?.copies.filter((copy) => moved.has(targetKey(copy))).length ?? 0;
}
