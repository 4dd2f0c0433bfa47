import {
  type Action,
  beginsAtOnce,
  definitionOf,
  isUndo,
  isUndoable,
  putBy,
  takesOut,
} from '../../core/action/action.ts';
import { type Outcome, SEEN_BACK } from '../../core/action/outcome.ts';
import type { Put } from '../../core/action/put.ts';
import { targetKey } from '../../core/find/plan.ts';
import { canRequest, type Incident, type Situated, situationOf } from '../../core/incident/incident.ts';
import { LEFT_OUT, NOT_REMOVED } from '../../core/tell/run-facts.ts';
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

/** What was taken out or set aside and no restore has brought back, each with its state from before that. */
async function removedCopies(tx: Tx, incident: string): Promise<NewWorkItem[]> {
  const ways = await waysAfter(tx, await tx.runs.ofIncident(incident));
  return [...ways.values()].flatMap(({ steps }) => steps.at(-1)?.item ?? []);
}

/** A copy that is not where its owner had it, and where it was put. */
interface Out {
  readonly item: NewWorkItem;
  readonly put: Put;
}

/** Of one copy: what has put it where it is, the last of them last, and what was undone since. */
interface Way {
  readonly steps: readonly Out[];
  readonly undone: Out | null;
}
const NOWHERE: Way = { steps: [], undone: null };

/**
 * By `targetKey`, what these runs of an incident did to its copies, oldest first. What was taken out of Junk Email, where an
 * earlier one had put it, is back there after an undo, and another undo takes it from there.
 */
async function waysAfter(tx: Tx, runs: readonly Run[]): Promise<ReadonlyMap<string, Way>> {
  const ways = new Map<string, Way>();
  const wayOf = (item: NewWorkItem) => ways.get(targetKey(item)) ?? NOWHERE;
  for (const run of runs) {
    for (const item of await withOutcome(tx, run, takenOutBy(run)))
      ways.set(targetKey(item), out(wayOf(item), item, run));
    for (const item of await withOutcome(tx, run, broughtBackBy(run)))
      ways.set(targetKey(item), back(wayOf(item), run));
  }
  return ways;
}

/** Copies that an undo takes from Junk Email. One that is done once more takes them from where the first one did. */
export async function takenFromJunk(tx: Tx, { id, cause }: Run, runs: readonly Run[]): Promise<ReadonlySet<string>> {
  const earlier = runs.slice(
    0,
    runs.findIndex((run) => run.id === id),
  );
  const isFrom = ({ steps, undone }: Way) => ((cause === 'late' ? undone : null) ?? steps.at(-1))?.put === 'junk';
  return new Set([...(await waysAfter(tx, earlier))].flatMap(([key, way]) => (isFrom(way) ? key : [])));
}

function out({ steps, undone }: Way, item: NewWorkItem, { action }: Run): Way {
  const put = putBy(action) ?? undone?.put ?? 'bin';
  // What its owner recovered meanwhile was taken out more than once, and is put back once.
  const below = put === 'bin' && item.before?.junk === 'inside' ? steps.filter((step) => step.put === 'junk') : [];
  return { steps: [...below, { item, put }], undone: null };
}

function back({ steps, undone }: Way, { action, cause }: Run): Way {
  const last = steps.at(-1) ?? null;
  // Once more, by an undo that was counted.
  if (isUndo(action) && cause === 'late' && undone !== null) return { steps, undone };
  return isUndo(action) || cause === 'late' ? { steps: steps.slice(0, -1), undone: last } : NOWHERE;
}

/** Outcomes after which a copy is out of its owner's sight. What a `late` run is about was out again before it. */
function takenOutBy({ action, cause }: Run): readonly Outcome[] {
  if (cause === 'late' && isUndo(action)) return LEFT_OUT;
  return isUndoable(action) ? [definitionOf(action).done] : [];
}

/** What a `late` purge is about was back before it: it is out again only where that was seen. */
function broughtBackBy({ action, cause }: Run): readonly Outcome[] {
  if (isUndo(action)) return SEEN_BACK;
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
  const isRemoval = (action: Action) => takesOut(action) || isUndoable(action);
  const removals = runs.filter(({ action, cause, mode }) => isRemoval(action) && cause !== 'late' && mode === 'live');
  return removals.length > 1 && canRequest(situationOf(incident), 'restore')
    ? (await copiesToUndo(tx, incident)).length
    : null;
}
