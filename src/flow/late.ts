import { BACK } from '../core/case.ts';
import { LONGEST_REQUEST_MS } from '../core/lease.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Effect, Reading } from '../ports/mail.ts';
import type { Run, WorkItem } from '../ports/runs.ts';
import type { Tx } from '../ports/store.ts';
import { copyNote } from './copy-note.ts';
import type { Flow } from './flow.ts';
import { brakeNow } from './held.ts';
import { record } from './record.ts';
import { startRun } from './start.ts';
import { isTampered } from './trust.ts';
import { targetKey } from './verdict.ts';

/**
 * A process that is frozen or cut off may have an effect when nobody waits for it any more. It is written down, and where
 * it took out again what an undo had put back, that undo is carried out once more for these copies: nothing else is.
 */

/** Outcomes after which an effect was seen: the request that had no answer has done what it could. */
const SEEN: ReadonlySet<Outcome | null> = new Set<Outcome>(['removed', 'destroyed', 'flagged', ...BACK]);

/** No answer came to a request, and its effect was not seen: nobody can say that it will not come. */
export function mayStillCome(effect: Effect | undefined, outcome: Outcome | null): boolean {
  return effect?.status === 'lost' && !SEEN.has(outcome);
}

interface Overtaken {
  readonly item: WorkItem;
  /** What was answered, where anything was asked. */
  readonly effect: Effect | undefined;
}

/** Somebody else holds these copies by now: what was asked about them was answered only after that. */
export async function noteLate(flow: Flow, tx: Tx, run: Run, overtaken: readonly Overtaken[]): Promise<void> {
  const late = overtaken.flatMap(({ item, effect }) =>
    effect && effect.status !== 'unsent' ? [{ item, effect }] : [],
  );
  if (late.length === 0) return;
  const seqs = late.map(({ item }) => item.seq);
  await tx.work.doubt(run.id, seqs);
  await record(
    flow,
    tx,
    late.map(({ item, effect }) =>
      copyNote(run, item, {
        type: 'copy.late',
        outcome: 'answered late',
        requestId: effect.requestId,
        detail: { action: run.action, run: run.id, answer: effect.status },
      }),
    ),
  );
  await tx.jobs.send({ queue: 'late', run: run.id });
}

/** After an undo, where something about its copies was still open before it: once more, when nothing can come any more. */
export async function lookAgainLater(tx: Tx, run: Run): Promise<void> {
  if (run.action !== 'restore' || run.mode !== 'live') return;
  if ((await tx.work.inDoubt(run.id)).length > 0)
    await tx.jobs.send({ queue: 'late', run: run.id }, LONGEST_REQUEST_MS);
}

/** Asked for once more after its end: somebody had it in hand until now, and could not even write down what came of it. */
export async function lookNow(tx: Tx, run: Run): Promise<void> {
  if ((await tx.work.inDoubt(run.id)).length > 0) await tx.jobs.send({ queue: 'late', run: run.id });
}

/** Safe to call again: what is as the undo left it is left alone. */
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

/** How soon a copy that could not be read is read again, and for how long after the undo. */
const AGAIN_MS = 10_000;
const FOR_MS = 15 * 60_000;

async function putRight(flow: Flow, id: string, cause: string): Promise<void> {
  const back = await flow.store.transact((tx) => putBackInDoubt(tx, id));
  if (!back) return;
  const readings = await readPatiently(flow, back.items);
  const gone = back.items.flatMap((item, index) => {
    const reading = readings[index];
    return reading?.status === 'ok' && reading.state.inRecoverableItems ? [{ item, reading }] : [];
  });
  const isUnclear = readings.some(unclear);
  if (gone.length > 0) await flow.store.transact((tx) => putBackAgain(flow, tx, back.run, gone));
  else if (isUnclear && Date.parse(flow.clock.now()) - Date.parse(back.run.finishedAt ?? '') < FOR_MS)
    await flow.store.transact((tx) => tx.jobs.send({ queue: 'late', run: cause }, AGAIN_MS));
}

const unclear = ({ status }: Reading) => status !== 'ok' && status !== 'absent' && status !== 'missing';

/** A few of many are often told to wait: only these are asked about again. */
async function readPatiently(flow: Flow, items: readonly WorkItem[]): Promise<readonly Reading[]> {
  const readings = [...(await flow.mail.read(items))];
  for (let again = 0; again < 2; again += 1) {
    const open = readings.flatMap((reading, at) => (unclear(reading) ? [at] : []));
    const more = await flow.mail.read(open.flatMap((at) => items[at] ?? []));
    for (const [n, reading] of more.entries()) readings[open[n] ?? -1] = reading;
  }
  return readings;
}

interface PutBack {
  /** The incident's last run: an undo that has ended. */
  readonly run: Run;
  readonly items: readonly WorkItem[];
}

/** Copies that the incident's undo put back, and that something late may have taken out again. */
async function putBackInDoubt(tx: Tx, id: string): Promise<PutBack | null> {
  const incident = await tx.incidents.get(id);
  const runs = await tx.runs.ofIncident(id);
  const last = runs.at(-1);
  if (incident?.state !== 'restored' || incident.breach !== null || last?.action !== 'restore') return null;
  const items = new Map<string, WorkItem>();
  for (const run of runs)
    if (run.action === 'restore') {
      // What was decided about the mail since, here or in another incident, is no late effect of anything.
      const later = new Set(await tx.work.actedOnLater(run.id));
      for (const item of await tx.work.inDoubt(run.id))
        if (item.outcome && BACK.includes(item.outcome) && !later.has(item.seq)) items.set(targetKey(item), item);
    }
  return items.size === 0 ? null : { run: last, items: [...items.values()] };
}

async function putBackAgain(
  flow: Flow,
  tx: Tx,
  undo: Run,
  gone: readonly { readonly item: WorkItem; readonly reading: Reading }[],
): Promise<void> {
  const incident = await tx.incidents.lock(undo.incident);
  // Whatever was decided since then counts, not what was right before.
  if (incident?.state !== 'restored' || incident.runId !== undo.id || (await isTampered(flow, tx, incident))) return;
  const plan = await tx.incidents.plan(undo.planDigest);
  if (!plan || incident.planDigest !== undo.planDigest) return;
  // Another incident may have been decided about while these were read.
  const still = new Set((await putBackInDoubt(tx, incident.id))?.items.map(targetKey));
  const again = gone.filter(({ item }) => still.has(targetKey(item)));
  if (again.length === 0) return;
  await brakeNow(tx, 'lock');
  await record(
    flow,
    tx,
    again.map(({ item, reading }) =>
      copyNote(undo, item, {
        type: 'copy.late',
        outcome: 'taken out again',
        requestId: reading.requestId,
        detail: { action: undo.action, run: undo.id },
      }),
    ),
  );
  await startRun(flow, tx, {
    incident,
    plan,
    action: 'restore',
    cause: 'late',
    approvedBy: undo.approvedBy,
    because: { why: 'taken out again by a request that came late', of: undo.id },
    items: again.map(({ item }) => item),
  });
}
