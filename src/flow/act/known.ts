import { isUndo } from '../../core/action/action.ts';
import type { SeenForms } from '../../core/action/copy.ts';
import type { MessageKey } from '../../core/find/key.ts';
import { targetKey } from '../../core/find/plan.ts';
import { LONGEST_REQUEST_MS } from '../../core/lease.ts';
import { LEFT_OUT } from '../../core/tell/run-facts.ts';
import type { Run } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';
import { listsAround } from '../record/lists.ts';

/** By what a run recognises its copies when it reads them again: as its plan saw them. */
export interface Known {
  readonly key: MessageKey;
  readonly takenIn: readonly string[];
  readonly forms: SeenForms;
  /** Every copy of the list and of those around it, as `targetKey` writes it, with when it was received. */
  readonly listed: ReadonlyMap<string, string | null>;
  /** Copies that an earlier undo may have put back when it had been told that it did not. */
  readonly mayBeBack: ReadonlySet<string>;
}

/** An undo gives back what earlier lists of the incident removed as well. Throws when the plan is not there. */
export async function knownOf(tx: Tx, run: Run): Promise<Known> {
  const plan = await tx.incidents.plan(run.planDigest);
  if (!plan) throw new Error(`the plan of run ${run.id} is not there`);
  const { key, takenIn, forms } = plan;
  const incident = await tx.incidents.get(run.incident);
  const around = (incident && (await listsAround(tx, incident, run.planDigest))?.all) ?? [];
  const listed = new Map(
    [...around, plan].flatMap(({ copies }) => copies.map((one) => [targetKey(one), one.receivedAt])),
  );
  if (!isUndo(run.action)) return { key, takenIn, forms, listed, mayBeBack: new Set() };
  const runs = await tx.runs.ofIncident(run.incident);
  const digests = new Set(runs.map(({ planDigest }) => planDigest));
  const plans = [plan];
  for (const digest of digests) {
    const earlier = digest === run.planDigest ? null : await tx.incidents.plan(digest);
    if (earlier) plans.push(earlier);
  }
  const any = (list: keyof SeenForms) => [...new Set(plans.flatMap(({ forms }) => forms[list]))];
  // A list from before senders were kept takes any; so does a union with one.
  const senders = plans.some(({ forms }) => forms.senders.length === 0) ? [] : any('senders');
  return {
    key,
    takenIn,
    forms: { internetMessageIds: any('internetMessageIds'), senders },
    listed,
    mayBeBack: await inTheAir(tx, run, runs),
  };
}

/** Nothing comes so long after its end that this undo began later and would not know of it. */
async function inTheAir(tx: Tx, { id, startedAt }: Run, runs: readonly Run[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const run of runs) {
    const isJustOver = run.finishedAt !== null && msBetween(run.finishedAt, startedAt) <= LONGEST_REQUEST_MS;
    if (!isUndo(run.action) || run.id === id || !isJustOver) continue;
    for (const item of await tx.work.ownDoubts(run.id))
      if (item.outcome !== null && LEFT_OUT.includes(item.outcome)) found.add(targetKey(item));
  }
  return found;
}

const msBetween = (from: string, to: string) => Date.parse(to) - Date.parse(from);
