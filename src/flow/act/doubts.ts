import { type Action, beginsAtOnce, definitionOf, isUndo, isUndoable } from '../../core/action/action.ts';
import { type Outcome, SEEN_BACK } from '../../core/action/outcome.ts';
import { targetKey } from '../../core/find/plan.ts';
import { endOf, type Situation, situationOf } from '../../core/incident/incident.ts';
import { TROUBLE } from '../../core/tell/run-facts.ts';
import type { Reading } from '../../ports/reader.ts';
import type { Run, WorkItem } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';
import { coveredSince } from '../record/covered.ts';
import { lateEntries } from '../tell/facts.ts';
import { type Known, knownOf } from './known.ts';

/** Which copies of an incident may not be any more as they were told, because a request may have come late. */

/** For how long anything is put right that came late. */
export const FOR_MS = 15 * 60_000;

/**
 * `told in vain`: that it was done may have come true since. `put back`, `removed`: something late may have undone what
 * people decided last. `taken out`: the same of an undo after which something else was decided, or is being asked.
 */
export interface Doubt {
  readonly is: 'told in vain' | 'put back' | 'removed' | 'taken out';
  /** Whose word stands: the run of the copy, or the incident's last one. */
  readonly run: Run;
  readonly known: Known;
  readonly item: WorkItem;
  /** Until then it is looked at again, and put right; milliseconds since 1970. */
  readonly until: number;
}
export type Looked = Doubt & { readonly reading: Reading };

export const keyOf = ({ is, item }: Doubt) => `${is} ${item.run} ${item.seq}`;

/** Copies of the incident that may not be any more as they were told. */
export async function doubtsIn(tx: Tx, id: string): Promise<readonly Doubt[]> {
  const incident = await tx.incidents.get(id);
  if (!incident || incident.breach !== null) return [];
  const runs = (await tx.runs.ofIncident(id)).filter(({ mode }) => mode === 'live');
  const answered = (await lateEntries(tx, id)).findLast(({ outcome }) => outcome === 'answered late');
  const from = Date.parse(answered?.at ?? '') || 0;
  const found = new Map<string, Doubt>();
  for (const run of runs) {
    if (run.state !== 'finished') continue;
    for (const doubt of await doubtsOf(tx, run, standing(runs, situationOf(incident))))
      found.set(targetKey(doubt.item), {
        ...doubt,
        until: Math.max(from, Date.parse(doubt.run.finishedAt ?? '')) + FOR_MS,
      });
  }
  return [...found.values()];
}

interface Standing {
  /** The incident's last run, which nothing has been decided after. */
  readonly last: Run;
  /** All that have done the same since the opposite was done. */
  readonly runs: ReadonlySet<string>;
}

/** What people decided last about the mail and what was carried out: where something has to be put right, towards this. */
function standing(runs: readonly Run[], situation: Situation): Standing | null {
  const last = runs.at(-1);
  if (!last || !standsIn(last.action).includes(situation)) return null;
  const isBack = isUndo(last.action);
  const since = isBack ? 0 : runs.findLastIndex(({ action }) => isUndo(action)) + 1;
  const same = runs.slice(since).filter(({ action }) => (isBack ? isUndo(action) : isUndoable(action)));
  return { last, runs: new Set(same.map(({ id }) => id)) };
}

/** In which situations what an action did is what people want, where it can be done again. A containment may be confirmed since. */
function standsIn(action: Action): readonly Situation[] {
  if (!isUndo(action) && !isUndoable(action)) return [];
  const end = endOf(action);
  return beginsAtOnce(action) ? [end, 'purged'] : [end];
}

async function doubtsOf(tx: Tx, run: Run, stands: Standing | null): Promise<readonly Omit<Doubt, 'until'>[]> {
  const vain = (await tx.work.ownDoubts(run.id)).filter(isToldInVain);
  const isStanding = stands?.runs.has(run.id) === true;
  const done = isStanding || isUndo(run.action) ? await perhapsUndone(tx, run) : [];
  if (vain.length + done.length === 0) return [];
  // What was decided about the mail since, here or in another incident, is no late effect of anything.
  const later = new Set(await tx.work.actedOnLater(run.id));
  const known = await knownOf(tx, run);
  const is = !isUndo(run.action) ? 'removed' : isStanding ? 'put back' : 'taken out';
  // Out is where people want it by now, whoever took it there.
  const meant = is === 'put back' && stands ? await coveredSince(tx, stands.last, done) : new Map<string, string>();
  return [
    ...vain.map((item) => ({ is: 'told in vain', run, known, item }) as const),
    ...done
      .filter((item) => !meant.has(targetKey(item)))
      .map((item) => ({ is, run: isStanding && stands ? stands.last : run, known, item }) as const),
  ].filter(({ item }) => !later.has(item.seq));
}

/** What was put back is taken out by a removal, and what was removed comes back by an undo: else it was its owner. */
async function perhapsUndone(tx: Tx, run: Run): Promise<readonly WorkItem[]> {
  const isRestore = isUndo(run.action);
  const by = new Set<number>();
  for (const { seq, run: other } of await tx.work.doubtedBy(run.id)) {
    const action = (await tx.runs.get(other))?.action;
    if ((action !== undefined && isUndo(action)) !== isRestore) by.add(seq);
  }
  const left: readonly Outcome[] = isRestore ? SEEN_BACK : [definitionOf(run.action).done];
  return (await tx.work.inDoubt(run.id)).filter(
    ({ seq, outcome }) => outcome !== null && left.includes(outcome) && by.has(seq),
  );
}

const isToldInVain = ({ intentAt, outcome }: WorkItem) =>
  intentAt !== null && outcome !== null && TROUBLE.includes(outcome);
