import { beginsAtOnce, definitionOf, isUndo, isUndoable, takesOut } from '../../core/action/action.ts';
import type { Outcome } from '../../core/action/outcome.ts';
import { targetKey } from '../../core/find/plan.ts';
import { canRequest, type Incident, type Situated, situationOf } from '../../core/incident/incident.ts';
import { BACK, LEFT_OUT, NOT_REMOVED } from '../../core/tell/run-facts.ts';
import type { NewWorkItem, Run } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';

/** What an undo is about: copies that are out because of us. */

/** Rolling a containment back gives back what that took out: what people approved before it they undo by another decision. */
export async function copiesToUndo(tx: Tx, incident: Pick<Incident, 'id'> & Situated): Promise<readonly NewWorkItem[]> {
  const { id, planDigest } = incident;
  const out = await removedCopies(tx, id);
  if (situationOf(incident) !== 'contained') return out;
  const contained = new Set<string>();
  for (const run of await tx.runs.ofIncident(id))
    if (beginsAtOnce(run.action) && run.planDigest === planDigest)
      for (const item of await tx.work.all(run.id, 'removed')) contained.add(targetKey(item));
  return out.filter((item) => contained.has(targetKey(item)));
}

/** What purges took out and no restore has brought back, nor was deleted for good since, each with its state from before the purge. */
async function removedCopies(tx: Tx, incident: string): Promise<NewWorkItem[]> {
  const out = new Map<string, NewWorkItem>();
  for (const run of await tx.runs.ofIncident(incident)) {
    for (const item of await withOutcome(tx, run, takenOutBy(run))) out.set(targetKey(item), item);
    for (const item of await withOutcome(tx, run, broughtBackBy(run))) out.delete(targetKey(item));
  }
  return [...out.values()];
}

/** Outcomes after which a copy is out of its owner's sight. What a `late` run is about was out again before it. */
function takenOutBy({ action, cause }: Run): readonly Outcome[] {
  if (cause === 'late' && isUndo(action)) return LEFT_OUT;
  return isUndoable(action) ? [definitionOf(action).done] : [];
}

/** What a `late` purge is about was back before it: it is out again only where that was seen. */
function broughtBackBy({ action, cause }: Run): readonly Outcome[] {
  if (isUndo(action)) return BACK;
  if (takesOut(action) && !isUndoable(action)) return [definitionOf(action).done];
  return cause === 'late' ? NOT_REMOVED : [];
}

async function withOutcome(tx: Tx, { id }: Run, outcomes: readonly Outcome[]): Promise<readonly NewWorkItem[]> {
  const found: NewWorkItem[] = [];
  for (const outcome of outcomes) found.push(...(await tx.work.all(id, outcome)));
  return found;
}

/**
 * How many they are, where the counts of the runs do not tell: what its owner recovered was taken out more than once, and is
 * put back once.
 */
export async function leftToUndo(tx: Tx, incident: Incident, runs: readonly Run[]): Promise<number | null> {
  const removals = runs.filter(({ action, cause, mode }) => takesOut(action) && cause !== 'late' && mode === 'live');
  return removals.length > 1 && canRequest(situationOf(incident), 'restore')
    ? (await copiesToUndo(tx, incident)).length
    : null;
}
