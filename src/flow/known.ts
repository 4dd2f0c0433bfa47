import type { MessageKey } from '../core/key.ts';
import type { SeenForms } from '../core/plan.ts';
import type { Run } from '../ports/runs.ts';
import type { Tx } from '../ports/store.ts';

/** By what a run recognises its copies when it reads them again: as its plan saw them. */
export interface Known {
  readonly key: MessageKey;
  readonly takenIn: readonly string[];
  readonly forms: SeenForms;
}

/** An undo gives back what earlier lists of the incident removed as well. Throws when the plan is not there. */
export async function knownOf(tx: Tx, run: Run): Promise<Known> {
  const plan = await tx.incidents.plan(run.planDigest);
  if (!plan) throw new Error(`the plan of run ${run.id} is not there`);
  if (run.action !== 'restore') return plan;
  const digests = new Set((await tx.runs.ofIncident(run.incident)).map(({ planDigest }) => planDigest));
  const plans = [plan];
  for (const digest of digests) {
    const earlier = digest === run.planDigest ? null : await tx.incidents.plan(digest);
    if (earlier) plans.push(earlier);
  }
  const { key, takenIn } = plan;
  const any = (list: keyof SeenForms) => [...new Set(plans.flatMap(({ forms }) => forms[list]))];
  // A list from before senders were kept takes any; so does a union with one.
  const senders = plans.some(({ forms }) => forms.senders.length === 0) ? [] : any('senders');
  return { key, takenIn, forms: { internetMessageIds: any('internetMessageIds'), senders } };
}
