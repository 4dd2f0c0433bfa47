import type { CaseFacts, RunFacts } from '../core/case.ts';
import type { Tx } from '../ports/store.ts';
import type { Flow } from './flow.ts';

/** Everything a card or a person may want to know of one incident, read in one transaction. */
export async function factsOf(flow: Flow, tx: Tx, id: string): Promise<CaseFacts | null> {
  const incident = await tx.incidents.get(id);
  if (!incident) return null;
  const plan = incident.planDigest ? await tx.incidents.plan(incident.planDigest) : null;
  const runs: RunFacts[] = [];
  for (const run of await tx.runs.ofIncident(id)) runs.push({ ...run, ...(await tx.work.counts(run.id)) });
  const votes = await tx.decisions.list(id);
  return { tenantName: flow.tenant.name, incident, plan, votes, runs, policy: flow.policy };
}
