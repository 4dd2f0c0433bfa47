import { LIST_MEMORY_MS } from '../core/find/automation.ts';
import { isListId } from '../core/find/measure-list.ts';
import type { Job } from '../ports/jobs.ts';
import type { Tx } from '../ports/store.ts';
import { execute } from './act/execute.ts';
import { carryOutMeasures } from './act/measures.ts';
import { lookAfterLate } from './act/put-right.ts';
import { rescope } from './act/rescope.ts';
import { heedStopFile } from './decide/brake.ts';
import { expire } from './decide/expire.ts';
import { lookAfterFlag } from './decide/flag-steps.ts';
import { nudgeMeasures } from './decide/measure-nudge.ts';
import { remindOfMeasures } from './decide/measure-reminders.ts';
import { nudge } from './decide/nudge.ts';
import { remind } from './decide/remind.ts';
import { askAutomation, listAutomation } from './find/automation.ts';
import { gatherEvidence } from './find/evidence.ts';
import { helpSearch } from './find/kept-search.ts';
import { listMeasures } from './find/measures.ts';
import { lookAtPeople } from './find/people.ts';
import { askSources, pull } from './find/pull.ts';
import { scope } from './find/scope.ts';
import { lookAgain } from './find/second-look.ts';
import { seek } from './find/seek.ts';
import type { Flow } from './flow.ts';
import { comeOut } from './record/cards.ts';
import { tellBack } from './tell/back.ts';
import { tellElsewhere } from './tell/elsewhere.ts';
import { deliver } from './tell/post.ts';
import { tellReporters } from './tell/reporter.ts';

/** Webhook ids older than this cannot pass the timestamp check any more, whatever the clocks. */
const DELIVERY_MEMORY_MS = 2 * 86_400_000;
/** What somebody searched for is theirs to go on with for so long: then it is old, and names people. */
const DAY_MS = 86_400_000;
const INQUIRY_MEMORY_MS = DAY_MS;

/** One job, by its kind. Every stage may be called again after a crash. */
export function work(flow: Flow, job: Job): Promise<void> {
  switch (job.queue) {
    case 'scope':
      return scope(flow, job.incident);
    case 'search':
      return helpSearch(flow, job);
    case 'inquire':
      return seek(flow, job.inquiry);
    case 'run':
      return execute(flow, job.run);
    case 'measures':
      return measures(flow, job.list);
    case 'rescope':
      return rescope(flow, job.run);
    case 'look':
      return lookAgain(flow, job);
    case 'evidence':
      return gatherEvidence(flow, job);
    case 'people':
      return lookAtPeople(flow, job);
    case 'elsewhere':
      return tellElsewhere(flow, job.run);
    case 'late':
      return lookAfterLate(flow, job.run);
    case 'back':
      return tellBack(flow, job);
    case 'reporter':
      return tellReporters(flow, job);
    case 'flag':
      return lookAfterFlag(flow, job.flag);
    case 'pull':
      return pull(flow, job.source);
    case 'automation':
      return listAutomation(flow).then(() => undefined);
    case 'deliver':
      return deliver(flow, job.platform);
    case 'expire':
      return expire(flow, job.incident);
    case 'remind':
      return remind(flow, job.incident);
    case 'nudge':
      return isListId(job.incident)
        ? nudgeMeasures(flow, job)
        : nudge(flow, job.incident, job.platform, job.step, job.afterQuiet);
  }
}

/** What of it there is to do is seen from the record. */
async function measures(flow: Flow, list: string): Promise<void> {
  await listMeasures(flow, list);
  await carryOutMeasures(flow, list);
  await remindOfMeasures(flow, list);
}

/** As many flags are looked at in one turn. */
const FLAGS_AT_ONCE = 100;

/** What has not moved for this long is taken for left behind. Looking into many mailboxes is silent for longer. */
const QUIET_MS = { run: 30_000, scope: 180_000 } as const;

/**
 * The net under the queue: looks at what the state says is still to be done and makes sure that it will be. Runs at
 * start, when nothing here can be under way yet, and every few seconds, when only what has gone quiet is picked up.
 */
export async function sweep(flow: Flow, when: 'at start' | 'later'): Promise<void> {
  await heedStopFile(flow);
  const now = flow.clock.now();
  const quietSince = (stage: keyof typeof QUIET_MS) =>
    new Date(Date.parse(now) - (when === 'at start' ? 0 : QUIET_MS[stage])).toISOString();
  const unfinished = await flow.store.transact(async (tx) => {
    await goOnWithRuns(tx, when, (since) => since <= quietSince('run'));
    await bringOutWaves(flow, tx, now);
    for (const platform of await tx.cards.waiting()) await tx.jobs.send({ queue: 'deliver', incident: '', platform });
    for (const list of await tx.measures.waiting(now)) await tx.jobs.send({ queue: 'measures', list });
    for (const flag of await tx.flagged.due(now, FLAGS_AT_ONCE)) await tx.jobs.send({ queue: 'flag', flag });
    for (const inquiry of await tx.inquiries.open()) await tx.jobs.send({ queue: 'inquire', inquiry });
    const incidents = await tx.incidents.unfinished(now, quietSince('scope'));
    for (const { id, state } of incidents)
      if (state === 'received') await tx.jobs.send({ queue: 'scope', incident: id });
    return incidents;
  });
  await askSources(flow);
  await askAutomation(flow);
  // Not through the queue: the timer that was set for this deadline may still be queued for later, by another clock.
  let trouble: Error | null = null;
  for (const { id, state } of unfinished) {
    if (state === 'received') continue;
    try {
      await remind(flow, id);
      await expire(flow, id);
    } catch (error) {
      // One that this version cannot read, say, must not keep the others waiting.
      trouble ??= error instanceof Error ? error : new Error(String(error));
    }
  }
  if (trouble) throw trouble;
}

/** A press for all waves closes them one after the other. */
const DECIDED_MS = 60_000;

/** The card of a campaign whose first mail is over, or differs from the record, is looked at by nobody any more: the others come out. */
async function bringOutWaves(flow: Flow, tx: Tx, now: string): Promise<void> {
  const untold = await tx.cards.untold(new Date(Date.parse(now) - DECIDED_MS).toISOString());
  for (const id of untold) await comeOut(flow, tx, id);
  if (untold.length === 0) return;
  for (const { platform } of flow.rooms) await tx.jobs.send({ queue: 'deliver', incident: '', platform });
}

async function goOnWithRuns(tx: Tx, when: 'at start' | 'later', isQuiet: (since: string) => boolean): Promise<void> {
  for (const run of await tx.runs.open()) {
    const incident = await tx.incidents.get(run.incident);
    if (incident?.breach !== null || !isQuiet(incident.updatedAt)) continue;
    // Mailboxes that have to rest are no reason to look at a run again and again.
    const wait = when === 'at start' ? 0 : ((await tx.work.nextDueMs(run.id)) ?? 0);
    await tx.jobs.send({ queue: 'run', run: run.id }, Math.max(0, wait));
  }
}

/** Lets go of what no check will ever ask for again. */
export async function tidy(flow: Flow): Promise<void> {
  const before = new Date(Date.parse(flow.clock.now()) - DELIVERY_MEMORY_MS).toISOString();
  await flow.store.transact(async (tx) => {
    await tx.incidents.forgetDeliveries(before);
    await tx.replays.forget(before);
    await tx.tickets.forget(before);
    const { days } = flow.policy().policy.retention;
    await tx.flagged.forget(new Date(Date.parse(flow.clock.now()) - days * DAY_MS).toISOString());
    await tx.automation.forget(new Date(Date.parse(flow.clock.now()) - LIST_MEMORY_MS).toISOString());
    await tx.inquiries.forget(new Date(Date.parse(flow.clock.now()) - INQUIRY_MEMORY_MS).toISOString());
  });
}
