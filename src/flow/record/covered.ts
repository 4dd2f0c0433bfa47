import { beginsAtOnce, givesBack, isUndo, takesOut } from '../../core/action/action.ts';
import type { Outcome } from '../../core/action/outcome.ts';
import { type Target, targetKey } from '../../core/find/plan.ts';
import type { Elsewhere } from '../../core/incident/incident.ts';
import type { Held, Run, WorkItem } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';

/** Copies that stay out whatever becomes of one incident, because people approved that in another. */

/** What a purge left alone is not covered by it. */
const NOT_MEANT: readonly (Outcome | null)[] = ['cancelled', 'shielded'];

/**
 * Of these copies of an incident, as `targetKey` writes them: the other incident whose approved removal holds each and was
 * not undone since. `since`: only what was begun after that counts.
 */
export async function coveredElsewhere(
  tx: Tx,
  incident: string,
  copies: readonly Target[],
  since: string,
): Promise<ReadonlyMap<string, string>> {
  const items = Map.groupBy(await tx.work.holders(copies), ({ run }) => run);
  const others = new Set<string>();
  for (const id of items.keys()) {
    const run = await tx.runs.get(id);
    if (run && run.incident !== incident) others.add(run.incident);
  }
  const covered = new Map<string, string>();
  for (const other of others) for (const key of await coveredBy(tx, other, items, since)) covered.set(key, other);
  return covered;
}

async function coveredBy(
  tx: Tx,
  incident: string,
  items: ReadonlyMap<string, readonly Held[]>,
  since: string,
): Promise<ReadonlySet<string>> {
  const covered = new Set<string>();
  const confirmed = await tx.ledger.find({ incident, types: ['containment.confirmed'] });
  for (const run of await tx.runs.ofIncident(incident)) {
    const entry = confirmed.find((found) => found.entry?.planDigest === run.planDigest)?.entry;
    const isRemoval = approvedAt(run, entry?.at ?? '') > since;
    if (!isRemoval && !isUndo(run.action)) continue;
    for (const item of items.get(run.id) ?? []) {
      if (!isRemoval) covered.delete(targetKey(item));
      else if (!NOT_MEANT.includes(item.outcome)) covered.add(targetKey(item));
    }
  }
  return covered;
}

/** When people approved it; empty where nobody did. A containment is approved by its confirmation, whatever came of that later. */
function approvedAt({ action, mode, startedAt }: Run, confirmedAt: string): string {
  if (mode !== 'live') return '';
  if (beginsAtOnce(action)) return confirmedAt;
  return takesOut(action) ? startedAt : '';
}

/** The same of what an undo puts back: what people approved elsewhere before they decided on it is undone by that. */
export async function coveredSince(tx: Tx, undo: Run, copies: readonly Target[]): Promise<ReadonlyMap<string, string>> {
  return coveredElsewhere(tx, undo.incident, copies, await decidedAt(tx, undo));
}

/** When people decided on an undo; what comes back by itself gives way to whatever people ever decided. */
async function decidedAt(tx: Tx, { id, incident, approvedBy, cause, startedAt }: Run): Promise<string> {
  if (approvedBy.length === 0) return '';
  if (cause !== 'late') return startedAt;
  const runs = await tx.runs.ofIncident(incident);
  const earlier = runs.slice(
    0,
    runs.findIndex((run) => run.id === id),
  );
  return earlier.findLast((run) => isUndo(run.action) && run.cause !== 'late')?.startedAt ?? startedAt;
}

/** What the card says of copies that were not put back. */
export function keptFor(
  covered: ReadonlyMap<string, string>,
  copies: readonly Target[],
  at: string,
): readonly Elsewhere[] {
  const by = Map.groupBy(copies, (copy) => covered.get(targetKey(copy)));
  return [...by].flatMap(([incident, left]) =>
    incident === undefined ? [] : [{ incident, action: 'purge', copies: left.length, at, kept: true }],
  );
}

/**
 * Numbers of the claimed copies that this run leaves alone. What is done once more, because something came late, rests on
 * nothing else having been decided; an undo on nobody having approved the removal elsewhere since; and what acts unasked
 * gives way to people who had the mail brought back.
 */
export async function decidedSince(tx: Tx, run: Run, claimed: readonly WorkItem[]): Promise<ReadonlySet<number>> {
  const decided = new Set(run.cause === 'late' ? await tx.work.actedOnSince(run.id, run.startedAt) : []);
  const keys = await keysDecided(tx, run, claimed);
  for (const item of claimed) if (keys.has(targetKey(item))) decided.add(item.seq);
  return decided;
}

async function keysDecided(tx: Tx, run: Run, claimed: readonly WorkItem[]): Promise<{ has(key: string): boolean }> {
  // What people had taken out here stays out, whenever they decided so: that has an undo of its own.
  if (givesBack(run.action)) return coveredElsewhere(tx, run.incident, claimed, '');
  return isUndo(run.action) ? coveredSince(tx, run, claimed) : broughtBackSince(tx, run, claimed);
}

async function broughtBackSince(tx: Tx, run: Run, claimed: readonly WorkItem[]): Promise<ReadonlySet<string>> {
  const untouched = run.cause === 'policy' ? claimed.filter(({ intentAt }) => intentAt === null) : [];
  const items =
    untouched.length > 0
      ? Map.groupBy(await tx.work.holders(untouched), (item) => item.run)
      : new Map<string, readonly Held[]>();
  const back = new Set<string>();
  for (const [id, held] of items) {
    const undo = await tx.runs.get(id);
    const isPeoples = undo && isUndo(undo.action) && undo.approvedBy.length > 0 && undo.startedAt > run.startedAt;
    if (isPeoples && undo.incident !== run.incident) for (const item of held) back.add(targetKey(item));
  }
  return back;
}
