import type { Incident } from '../core/incident.ts';
import { type Copy, grownBy, type Plan } from '../core/plan.ts';
import type { Run } from '../ports/runs.ts';
import type { Tx } from '../ports/store.ts';
import { childKey } from './facts.ts';
import type { Flow } from './flow.ts';
import { heardDigest } from './heard.ts';
import { planFor, planNote } from './planning.ts';
import { announce, askForCards, record } from './record.ts';
import { openWith } from './scope.ts';
import { setsOf } from './sets.ts';
import { findingsOf, survey } from './survey.ts';

/**
 * The scope once more, between approval and the first copy. What was approved may shrink; copies that are new get an
 * incident and an approval of their own. Whatever is found, only the stored list is ever executed.
 */
export async function rescope(flow: Flow, run: Run, incident: Incident): Promise<void> {
  if (run.rescopedAt !== null || run.action === 'restore' || run.action === 'contain') return;
  const lists = await flow.store.transact((tx) => listsBehind(tx, run.planDigest));
  const [approved] = lists;
  if (!approved) throw new Error(`the plan of run ${run.id} is not there`);
  const current = flow.policy();
  const sets = await setsOf(flow, current.policy);
  const seen = await survey(flow, incident, approved.asked);
  const findings = findingsOf(flow, seen, incident, sets);
  const unlisted = lists.reduce((copies, list) => grownBy(list, copies), findings.copies);
  const grown = run.mode === 'live' ? await notElsewhere(flow, incident, unlisted) : [];
  const child = grown.length > 0 ? childOf(flow, run, incident) : null;
  const of = { plan: approved, digest: run.planDigest, copies: grown };
  const plan = child && (await planFor(flow, child, { survey: seen, findings, sets, current }, of));
  const digest = plan && flow.hash.digest(plan);

  await flow.store.transact(async (tx) => {
    await tx.incidents.lock(incident.id);
    const now = await tx.runs.get(run.id);
    if (now?.state !== 'running' || now.rescopedAt !== null) return;
    await tx.runs.rescoped(run.id, flow.clock.now());
    await record(flow, tx, [
      {
        type: 'scope.checked',
        incident: incident.id,
        planDigest: run.planDigest,
        requestId: seen.huntRequest,
        detail: { run: run.id, grown: grown.length, shielded: findings.shielded.length, looked: seen.lookups.length },
      },
    ]);
    if (child && plan && digest)
      await open(flow, tx, { run, incident, child, plan, digest, huntRequest: seen.huntRequest });
  });
}

/** The approved list, and those that it grew out of: their copies are asked for there, and may be in place still. */
async function listsBehind(tx: Tx, digest: string): Promise<readonly Plan[]> {
  const plan = await tx.incidents.plan(digest);
  if (!plan) return [];
  return [plan, ...(plan.grownFrom === null ? [] : await listsBehind(tx, plan.grownFrom))];
}

/** A run that went on after an earlier one has its new copies in the incident that was made then. */
async function notElsewhere(flow: Flow, incident: Incident, grown: readonly Copy[]): Promise<readonly Copy[]> {
  const known = await flow.store.transact((tx) => tx.incidents.child(childKey(incident.id, incident.planDigest ?? '')));
  return known ? [] : grown;
}

function childOf(flow: Flow, run: Run, incident: Incident): Incident {
  const at = flow.clock.now();
  return {
    ...incident,
    id: flow.clock.incidentId(),
    dedupeKey: childKey(incident.id, run.planDigest),
    alerts: 1,
    state: 'received',
    revision: 1,
    planDigest: null,
    askedAt: null,
    deadline: null,
    nudges: 0,
    nudgeAt: null,
    parent: incident.id,
    runId: null,
    elsewhere: [],
    breach: null,
    previous: null,
    closedBy: null,
    reason: null,
    createdAt: at,
    updatedAt: at,
  };
}

interface Opening {
  readonly run: Run;
  readonly incident: Incident;
  readonly child: Incident;
  readonly plan: Plan;
  readonly digest: string;
  readonly huntRequest: string | null;
}

async function open(flow: Flow, tx: Tx, { run, incident, child, plan, digest, huntRequest }: Opening): Promise<void> {
  const { created } = await tx.incidents.createOrRepeat(child);
  if (!created) return;
  const heard = await heardDigest(flow, tx, child.id);
  for (const room of flow.rooms) await tx.cards.ensure(child.id, room.platform, flow.clock.id());
  await record(flow, tx, [
    {
      type: 'plan.grown',
      incident: incident.id,
      planDigest: run.planDigest,
      detail: { run: run.id, copies: plan.copies.length, child: child.id, childDigest: digest, childHeard: heard },
    },
    planNote(plan, digest, huntRequest),
  ]);
  await openWith(flow, tx, { id: child.id, state: 'open' }, plan, digest);
  await announce(flow, tx, incident.id);
  await askForCards(flow, tx, child.id);
}
