import { isApprovedRemoval, isUndo, putBy } from '../../core/action/action.ts';
import { isWherePut } from '../../core/action/put.ts';
import type { Reading } from '../../ports/reader.ts';
import type { Run, WorkItem } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';
import { startRun } from '../decide/start.ts';
import type { Flow } from '../flow.ts';
import { copyNote } from '../record/copy-note.ts';
import { heldBrake } from '../record/held.ts';
import { announce, record } from '../record/record.ts';
import { isTampered } from '../record/trust.ts';
import { lateEntries } from '../tell/facts.ts';
import { correct, correctionOf } from './came-true.ts';
import { doubtsIn, keyOf, type Looked } from './doubts.ts';
import { putOf } from './known.ts';
import { looksForJunk } from './look-at-copies.ts';

/**
 * Looks at copies about which something may have come late. What was said of a copy is corrected by what is seen. Where a
 * request undid what people approved last, that is carried out once more for its copies: nothing else is.
 */

/** Safe to call again: what is as it was told is left alone. */
export async function lookAfterLate(flow: Flow, runId: string): Promise<void> {
  const incidents = await flow.store.transact(async (tx) => {
    const found = new Set<string>();
    for (const id of [runId, ...(await tx.work.runsInDoubt(runId))]) {
      const run = await tx.runs.get(id);
      if (run) found.add(run.incident);
    }
    return found;
  });
  for (const id of incidents) await putRight(flow, id, runId);
}

/** How soon a copy that could not be read is read again; once that was told as not known, less often, for a day. */
const AGAIN_MS = 10_000;
const RARELY_MS = 10 * 60_000;
const FOR_A_DAY_MS = 86_400_000;
/** How soon it is looked whether the run has ended that something has to wait for. */
const WAITING_MS = 30_000;

async function putRight(flow: Flow, id: string, cause: string): Promise<void> {
  const doubts = await flow.store.transact(async (tx) => {
    const found = await doubtsIn(tx, id);
    // What is being put back or taken out at this moment is looked at when that has ended.
    if (found.length === 0 || (await tx.incidents.get(id))?.state !== 'running') return found;
    await tx.jobs.send({ queue: 'late', run: cause }, WAITING_MS);
    return [];
  });
  const junk = doubts.some(({ run, known }) => looksForJunk(run.action, known));
  const readings = await readPatiently(
    flow,
    doubts.map(({ item }) => item),
    junk,
  );
  const looked = doubts.flatMap((doubt, n) => {
    const reading = readings[n];
    return reading ? [{ ...doubt, reading }] : [];
  });
  const corrections = looked.flatMap((one) => correctionOf(one) ?? []);
  if (corrections.length > 0) await flow.store.transact((tx) => correct(flow, tx, id, corrections));
  const undone = looked.filter(isUndone);
  if (undone.length > 0) await flow.store.transact((tx) => onceMore(flow, tx, id, undone));
  await flow.store.transact((tx) => tellTheRest(flow, tx, id, cause, looked));
}

const isUnclear = ({ status }: Reading) => status !== 'ok' && status !== 'absent' && status !== 'missing';

/** Out again after an undo, or back after what took it away. */
function isUndone({ is, run, item, known, reading }: Looked): boolean {
  if (reading.status !== 'ok' || (is !== 'put back' && is !== 'removed')) return false;
  const put = is === 'put back' ? putOf(known, item) : (putBy(run.action) ?? 'bin');
  // Of what lay in Junk Email, its owner may have deleted it: no request did.
  const isBack = put === 'junk' ? reading.state.junk === 'outside' : !reading.state.inRecoverableItems;
  return is === 'removed' ? isBack : isWherePut(reading.state, put);
}

/** A few of many are often told to wait: only these are asked about again. */
async function readPatiently(flow: Flow, items: readonly WorkItem[], junk: boolean): Promise<readonly Reading[]> {
  const read = (some: readonly WorkItem[]) => flow.reader.read(some, { deletedFolders: true, junk });
  const readings = [...(await read(items))];
  for (let again = 0; again < 2; again += 1) {
    const open = readings.flatMap((reading, at) => (isUnclear(reading) ? [at] : []));
    const more = await read(open.flatMap((at) => items[at] ?? []));
    for (const [n, reading] of more.entries()) readings[open[n] ?? -1] = reading;
  }
  return readings;
}

/** What stays unclear is looked at again, and told once nothing more comes of that. */
async function tellTheRest(flow: Flow, tx: Tx, id: string, cause: string, looked: readonly Looked[]): Promise<void> {
  const incident = await tx.incidents.lock(id);
  if (!incident || incident.breach !== null) return;
  const isOver = ({ until }: Looked) => Date.parse(flow.clock.now()) >= until;
  const unclear = looked.filter(({ reading }) => isUnclear(reading));
  const isForgotten = ({ until }: Looked) => Date.parse(flow.clock.now()) >= until + FOR_A_DAY_MS;
  if (!unclear.every(isOver)) await tx.jobs.send({ queue: 'late', run: cause }, AGAIN_MS);
  else if (!unclear.every(isForgotten)) await tx.jobs.send({ queue: 'late', run: cause }, RARELY_MS);
  if (await noteOnce(flow, tx, unclear.filter(isOver), 'not known'))
    flow.observe({ what: 'late', result: 'not known' });
  const told = (await lateEntries(tx, id)).filter((entry) => entry.outcome === 'not known');
  const wasUnclear = ({ item }: Looked) =>
    told.some(({ mailbox, message }) => mailbox === item.mailbox && message === item.message);
  const clear = looked.filter((one) => !isUnclear(one.reading) && wasUnclear(one));
  await noteOnce(flow, tx, clear, 'seen since');
  const last = (await lateEntries(tx, id)).at(-1);
  if (last && last.at >= incident.updatedAt) await announce(flow, tx, id);
}

/** Answers whether there was anything that the record does not have yet. */
async function noteOnce(
  flow: Flow,
  tx: Tx,
  looked: readonly Looked[],
  outcome: 'not known' | 'put back again' | 'seen since',
): Promise<boolean> {
  const [first] = looked;
  if (!first) return false;
  const known = await lateEntries(tx, first.run.incident);
  const isNew = ({ run, item }: Looked) =>
    !known.some((entry) => {
      const isAbout = entry.mailbox === item.mailbox && entry.message === item.message;
      return isAbout && entry.outcome === outcome && entry.at >= run.startedAt;
    });
  const fresh = looked.filter(isNew);
  await record(
    flow,
    tx,
    fresh.map(({ run, item, reading: { requestId } }) => {
      const detail = { action: run.action, run: run.id, answer: null, ended: false, left: true };
      return copyNote(run, item, { type: 'copy.late', outcome, requestId, detail });
    }),
  );
  return fresh.length > 0;
}

/** Whatever was decided since then counts, not what was right before: what nobody's word stands for is told and left. */
async function onceMore(flow: Flow, tx: Tx, id: string, undone: readonly Looked[]): Promise<void> {
  const incident = await tx.incidents.lock(id);
  if (!incident || (await isTampered(flow, tx, incident))) return;
  // While these were read people may have decided, here or in another incident, or another process may have begun.
  const still = new Map((await doubtsIn(tx, id)).map((doubt) => [keyOf(doubt), doubt.run.id]));
  const again = undone.filter((one) => still.get(keyOf(one)) === one.run.id);
  const [first] = again;
  const plan = first && (await tx.incidents.plan(first.run.planDigest));
  if (!plan) return;
  const { run } = first;
  const { action } = run;
  if (!isUndo(action) && !isStillMeant(flow, run, again)) {
    await noteOnce(flow, tx, again, 'put back again');
    return;
  }
  const brake = await heldBrake(tx);
  const outcome = isUndo(action) ? 'taken out again' : 'put back again';
  const detail = { action, run: run.id, answer: null, ended: false, left: false };
  await record(
    flow,
    tx,
    again.map(({ item, reading: { requestId } }) =>
      copyNote(run, item, { type: 'copy.late', outcome, requestId, detail }),
    ),
  );
  await startRun(flow, tx, {
    incident,
    plan,
    action,
    cause: 'late',
    brake,
    approvedBy: run.approvedBy,
    because: { why: `${outcome} by a request that came late`, of: run.id },
    items: again.map(({ item }) => item),
  });
}

/** A purge that people approved, did not end early, and did not look away from since. */
function isStillMeant(flow: Flow, { action, cancelledAt }: Run, undone: readonly Looked[]): boolean {
  const isInTime = undone.every(({ until }) => Date.parse(flow.clock.now()) < until);
  return isApprovedRemoval(action) && cancelledAt === null && isInTime;
}
