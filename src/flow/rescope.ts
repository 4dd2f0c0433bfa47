import type { Incident } from '../core/incident.ts';
import { leavesTrouble } from '../core/looked.ts';
import type { Run } from '../ports/runs.ts';
import type { Tx } from '../ports/store.ts';
import type { Flow } from './flow.ts';
import { growthOf, isStillNew, openChild, unlisted } from './grow.ts';
import { type Lists, listsAround } from './lists.ts';
import { askSoon } from './look-times.ts';
import { record } from './record.ts';
import { setsOf } from './sets.ts';
import { findingsOf, mustKnowSomething, survey, tellFinders } from './survey.ts';

/**
 * The scope once more when a run begins, beside the run: what was approved is begun at once, and copies that are new get an
 * incident and an approval of their own. Whatever is found, only the stored list is ever executed.
 */
export async function rescope(flow: Flow, runId: string): Promise<void> {
  const job = await flow.store.transact((tx) => jobOf(tx, runId));
  if (!job) return;
  const { run, incident, lists } = job;
  const current = flow.policy();
  const sets = await setsOf(flow, current.policy);
  const seen = await survey(flow, incident, { also: lists.own.asked });
  mustKnowSomething(seen);
  const findings = findingsOf(flow, seen, incident, sets);
  const copies = unlisted(lists, findings.copies);
  const growth = await growthOf(flow, incident, lists, { survey: seen, findings, sets, current }, copies);
  tellFinders(flow, seen.finders, findings.copies.length > 0);

  await flow.store.transact(async (tx) => {
    const locked = await tx.incidents.lock(incident.id);
    const now = await tx.runs.get(run.id);
    if (!locked || !now || !mayGrow(now, locked)) return;
    const opens = growth && (await isStillNew(tx, locked, lists, growth)) ? growth : null;
    await tx.runs.rescoped(run.id, flow.clock.now());
    await record(flow, tx, [
      {
        type: 'scope.checked',
        incident: incident.id,
        planDigest: run.planDigest,
        requestId: seen.huntRequest,
        detail: {
          run: run.id,
          grown: opens?.plan.copies.length ?? 0,
          shielded: findings.shielded.length,
          looked: seen.lookups.length,
        },
      },
    ]);
    // What gave no answer just now is asked again soon, beside the looks at set times.
    const failed = seen.lookups.filter(({ result }) => result === 'failed').length;
    if (seen.finders.some((finder) => leavesTrouble({ finder, failed })))
      await askSoon(tx, incident.id, 0, seen.huntWaitMs);
    if (opens) await openChild(flow, tx, locked, lists, opens, { run: run.id, contains: false });
  });
}

/** An undo only gives back, and what is contained at once was looked for a moment ago. */
export function isRescoped({ rescopedAt, cancelledAt, action }: Run): boolean {
  return rescopedAt !== null || cancelledAt !== null || action === 'restore' || action === 'contain';
}

function mayGrow(run: Run, { breach }: Incident): boolean {
  return !isRescoped(run) && breach === null;
}

interface Job {
  readonly run: Run;
  readonly incident: Incident;
  readonly lists: Lists;
}

async function jobOf(tx: Tx, runId: string): Promise<Job | null> {
  const run = await tx.runs.get(runId);
  const incident = run && (await tx.incidents.get(run.incident));
  if (!run || !incident || !mayGrow(run, incident)) return null;
  const lists = await listsAround(tx, incident, run.planDigest);
  if (!lists) throw new Error(`the plan of run ${run.id} is not there`);
  return { run, incident, lists };
}
