import type { CaseFacts, RunFacts } from '../core/case.ts';
import type { Incident } from '../core/incident.ts';
import type { Recorded } from '../core/ledger.ts';
import { type Looked, lookedIn } from '../core/looked.ts';
import type { Plan } from '../core/plan.ts';
import { MOST_TROUBLED, NAMED } from '../core/remarks.ts';
import type { Tx } from '../ports/store.ts';
import type { Flow } from './flow.ts';
import { brakeNow } from './held.ts';

const HOUR_MS = 3_600_000;

/** Everything a card or a person may want to know of one incident, read in one transaction. */
export async function factsOf(flow: Flow, tx: Tx, id: string): Promise<CaseFacts | null> {
  const found = await tx.incidents.get(id);
  if (!found) return null;
  const incident = await withItsOrigin(tx, found);
  const plan = await planOf(tx, incident);
  const runs: RunFacts[] = [];
  for (const run of await tx.runs.ofIncident(id)) runs.push({ ...run, ...(await tx.work.counts(run.id)) });
  const last = runs.pop();
  if (last) runs.push({ ...last, ...(await troubledIn(tx, last)) });
  const now = Date.parse(flow.clock.now());
  const later = await tx.ledger.find({ incident: id, types: ['plan.grown', 'scope.looked'] });
  return {
    tenantName: flow.tenant.name,
    incident,
    plan,
    // A plan from before there were policies has none on record.
    policy: (plan && (await tx.policies.get(plan.policy))) ?? flow.policy().policy,
    votes: await tx.decisions.list(id),
    runs,
    lastHour: await tx.runs.usage(new Date(now - HOUR_MS).toISOString()),
    brake: await brakeNow(tx),
    children: later.flatMap(({ entry }) => grownIn(entry, incident.planDigest)),
    looked: later.reduce<Looked | null>((last, { entry }) => (entry && lookedIn(entry)) ?? last, null),
    deadRooms: (await tx.rooms.dead()).map(({ platform }) => platform),
    waited: incident.askedAt === null ? 0 : (now - Date.parse(incident.askedAt)) / 60_000,
  };
}

async function troubledIn(tx: Tx, { id, outcomes }: RunFacts): Promise<Pick<RunFacts, 'troubled'>> {
  const named = NAMED.filter((outcome) => outcomes[outcome] > 0);
  return named.length === 0 ? {} : { troubled: await tx.work.troubled(id, named, MOST_TROUBLED) };
}

/** What was tampered with is not drawn on a card either. */
async function planOf(tx: Tx, { planDigest, breach }: Incident): Promise<Plan | null> {
  if (planDigest === null) return null;
  if (breach === null) return tx.incidents.plan(planDigest);
  const stored = await tx.incidents.storedPlan(planDigest);
  return stored?.intact ? stored.plan : null;
}

/** The incident that grew out of this list. */
function grownIn(entry: Recorded | null, planDigest: string | null): readonly string[] {
  const child = entry?.type === 'plan.grown' && entry.planDigest === planDigest ? entry.detail['child'] : null;
  return typeof child === 'string' ? [child] : [];
}

/** Under which copies that a plan did not hold make an incident of their own: found twice at once, it is opened once. */
export function childKey(incident: string, planDigest: string, earlier: number): string {
  return `more than ${incident} ${planDigest}${earlier > 0 ? ` ${earlier + 1}` : ''}`;
}

/**
 * With everybody whom alerts name: these join the incident that the first of them made, and whoever is part of that one
 * has no say in what grew out of it either.
 */
export async function withItsOrigin(tx: Tx, incident: Incident): Promise<Incident> {
  const parent = incident.parent === null ? null : await tx.incidents.get(incident.parent);
  if (!parent) return incident;
  const { askers, alert } = await withItsOrigin(tx, parent);
  const both = (name: 'recipients' | 'received') => [...new Set([...incident.alert[name], ...alert[name]])];
  const named = { recipients: both('recipients'), received: both('received') };
  return { ...incident, askers: [...incident.askers, ...askers], alert: { ...incident.alert, ...named } };
}
