import { beginsAtOnce, definitionOf, isApprovedRemoval, isUndo } from '../../core/action/action.ts';
import { OUTCOMES } from '../../core/action/outcome.ts';
import { ClawbackError } from '../../core/error.ts';
import { follows, type Situation, situationOf, stateOf } from '../../core/incident/incident.ts';
import { holdFrom } from '../../core/lease.ts';
import type { Allowed } from '../../core/record/trust-work.ts';
import { LONGEST_CONTAINMENT_MS } from '../../core/rest.ts';
import type { Run, WorkItem } from '../../ports/runs.ts';
import type { IncidentChange, Tx } from '../../ports/store.ts';
import { heedStopFile } from '../decide/brake.ts';
import { leaveAlone } from '../decide/cancel.ts';
import type { Flow } from '../flow.ts';
import { copyNote, leaveUntouched } from '../record/copy-note.ts';
import { coveredSince, decidedSince, keptFor } from '../record/covered.ts';
import { type Telling, telling } from '../record/delayed.ts';
import { endReached } from '../record/ended.ts';
import { brakeNow } from '../record/held.ts';
import { announce, askForCards, record } from '../record/record.ts';
import { allowedFor, isOfNewerVersion, mayTouch } from '../record/trust.ts';
import { NOT_WAITING, waitFor } from '../record/wait.ts';
import { carryOutChunk } from './chunk.ts';
import { FOR_MS } from './doubts.ts';
import { raiseFlags } from './flags.ts';
import { type Known, knownOf } from './known.ts';
import { lookAgainLater, lookNow } from './late.ts';
import { isRescoped, lookBeside } from './rescope.ts';
import { skipShielded } from './shield.ts';

/**
 * Chunks under way at once for one run. Of a large one together a little more than the mail adapter ever has under way, so that
 * it never waits for the store; of a small one few enough that a stop still finds something to stop. Graph's own limits are kept
 * per mailbox by the claim and by that adapter.
 */
const FEWEST_LANES = 4;
const MOST_LANES = 9;
/** One job works this long at most, then queues itself again: no run starves another. */
const TURN_MS = 20_000;
/** What a killed process held is free after this long at the latest. A living one keeps extending its leases. */
const LEASE_MS = 20_000;
const EXTEND_EVERY_MS = 6_000;
/** A $batch holds 20 requests (Graph JSON batching); a large run takes several at a time, which is less to write down. */
const SMALLEST_CHUNK = 20;
/** A stop is heeded between two chunks, so that they must not be large. */
const LARGEST_CHUNK = 80;
const PROGRESS_EVERY_MS = 1_500;

/**
 * Works on one approved run until nothing is due. Safe to call twice, from two processes, and after any crash: items
 * are claimed under a fence, intents are durable before effects, and what is said of a copy was read from it.
 */
export async function execute(flow: Flow, runId: string): Promise<void> {
  const job = await flow.store.transact(async (tx) => {
    const run = await tx.runs.get(runId);
    const incident = run && (await tx.incidents.get(run.incident));
    if (run?.state === 'finished') await lookNow(tx, run);
    if (run?.state !== 'running' || !incident) return null;
    // It waits for a process that can: as long as this throws, it stays in the queue, and the log says why.
    if (await isOfNewerVersion(tx, run))
      throw new ClawbackError('unavailable', `run ${run.id} is work of a newer version of Clawback: left for that one`);
    const allowed = await allowedFor(flow, tx, run, incident);
    // Beside the run, not before it: nobody has to wait for what finders may add to a list that is approved.
    if (allowed && !isRescoped(run)) await tx.jobs.send({ queue: 'rescope', run: run.id });
    return allowed && { run, incident, allowed, known: await knownOf(tx, run) };
  });
  if (!job) return;
  const isCancelled = job.run.cancelledAt !== null;
  // What was cancelled may end while everything stands still: nothing more is done for it.
  if (await isStopped(flow)) return isCancelled ? comeBackOrFinish(flow, job.run) : undefined;
  // Nothing more is done for it: it ends also while nobody can say who is protected.
  if (!isCancelled) await skipShielded(flow, job.run);
  const started = Date.parse(flow.clock.now());
  const progress = everySoOften(flow, job.run);
  const told = telling(flow, job.run.incident, 'working');
  const timeIsUp = () => Date.parse(flow.clock.now()) - started > TURN_MS;
  const lane = async () => {
    while (!timeIsUp() && (await oneChunk(flow, job, told))) await progress();
  };
  await Promise.all(Array.from({ length: lanesOf(job.run) }, lane));
  await comeBackOrFinish(flow, job.run);
}

/** A stopped run stands still where it is; whoever lifts the stop sets it going again. */
async function isStopped(flow: Flow): Promise<boolean> {
  return (await heedStopFile(flow)) || (await flow.store.transact((tx) => brakeNow(tx))).stopped;
}

function lanesOf({ mailboxes }: Run): number {
  return Math.min(MOST_LANES, Math.max(FEWEST_LANES, Math.ceil(mailboxes / LARGEST_CHUNK)));
}

/** So that each lane has two of them to do at least, and a stop comes between. */
function chunkOf(run: Run): number {
  return Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, Math.ceil(run.mailboxes / (2 * lanesOf(run)))));
}

interface Job {
  readonly run: Run;
  readonly allowed: Allowed;
  readonly known: Known;
}

async function oneChunk(flow: Flow, { run, allowed, known }: Job, told: Telling): Promise<boolean> {
  if (!flow.mayBegin() || (await heedStopFile(flow))) return false;
  const asked = flow.elapsed();
  const items = await flow.store.transact(async (tx) => {
    if ((await brakeNow(tx)).stopped || (await tx.incidents.breach(run.incident)) !== null) return [];
    const now = await tx.runs.get(run.id);
    // What was given back untouched since the cancellation.
    if (now && now.cancelledAt !== null) await record(flow, tx, await leaveAlone(tx, now));
    const claimed = await tx.work.claim(run.id, chunkOf(run), LEASE_MS);
    return (await mayTouch(flow, tx, run, claimed, allowed)) ? leaveDecided(flow, tx, run, claimed) : [];
  });
  if (items.length === 0) return false;
  const hold = holdFrom(asked, LEASE_MS, flow.elapsed);
  const extend = async () => {
    const again = flow.elapsed();
    const kept = await flow.store.transact((tx) => tx.work.extend(run.id, items, LEASE_MS));
    if (kept.length === items.length) hold.extendFrom(again);
  };
  // A failed extension is no harm by itself: nothing leaves after the lease, and the fence decides who may finish.
  const heartbeat = setInterval(() => void extend().catch(() => undefined), EXTEND_EVERY_MS);
  try {
    await told(() => carryOutChunk(flow, run, known, items, hold));
  } finally {
    clearInterval(heartbeat);
  }
  return true;
}

/** What people have decided about a copy since is looked at under the claim, where this run gives way to that. */
async function leaveDecided(flow: Flow, tx: Tx, run: Run, claimed: readonly WorkItem[]): Promise<readonly WorkItem[]> {
  const decided = await decidedSince(tx, run, claimed);
  // Stopped or resting meanwhile: a purge once more is not begun hours after the approval that it rests on.
  const isOver =
    run.cause === 'late' &&
    isApprovedRemoval(run.action) &&
    Date.parse(flow.clock.now()) - Date.parse(run.startedAt) >= FOR_MS;
  const left = claimed.filter(({ seq, intentAt }) => decided.has(seq) || (isOver && intentAt === null));
  if (left.length === 0) return claimed;
  const noteOn = ({ seq }: WorkItem) => (decided.has(seq) ? DECIDED_SINCE : TOO_LATE);
  const end = { done: true, outcome: 'cancelled', requestId: '' } as const;
  await tx.work.finish(
    run.id,
    left.map((item) => ({ seq: item.seq, fence: item.fence, ...end, detail: noteOn(item) })),
  );
  await record(
    flow,
    tx,
    left.map((item) => {
      const detail = { action: run.action, note: noteOn(item), was: null };
      return copyNote(run, item, { type: 'copy.outcome', outcome: 'cancelled', detail });
    }),
  );
  return claimed.filter((item) => !left.includes(item));
}

const TOO_LATE = 'not begun within the quarter of an hour that a purge once more has: left alone';
const DECIDED_SINCE = 'another incident has decided about it since: left alone';

/** Cards follow the work without flooding the outbox: the pace towards each room is the outbox's own affair. */
function everySoOften(flow: Flow, run: Run): () => Promise<void> {
  let last = Date.parse(flow.clock.now());
  return async () => {
    const now = Date.parse(flow.clock.now());
    if (now - last < PROGRESS_EVERY_MS) return;
    last = now;
    await flow.store.transact((tx) => announce(flow, tx, run.incident));
  };
}

async function comeBackOrFinish(flow: Flow, run: Run): Promise<void> {
  await flow.store.transact(async (tx) => {
    const incident = await tx.incidents.lock(run.incident);
    const current = await tx.runs.get(run.id);
    if (!incident || incident.breach !== null || current?.state !== 'running') return;
    const wait = await nextDueMs(flow, tx, current);
    if (wait !== null && (await brakeNow(tx)).stopped) return;
    if (wait !== null) {
      await tx.jobs.send({ queue: 'run', run: run.id }, wait);
      // It stands still for longer than the cards' own pace: they show what is done, and what waits.
      if (wait > PROGRESS_EVERY_MS) await tellRest(flow, tx, run.incident, wait);
      return;
    }
    await finish(flow, tx, run, situationOf(incident));
  });
}

async function tellRest(flow: Flow, tx: Tx, incident: string, waitMs: number): Promise<void> {
  const now = flow.clock.now();
  const until = new Date(Date.parse(now) + waitMs).toISOString();
  const known = await tx.delays.of(incident);
  const since = known?.of === 'working' ? known.since : now;
  await tx.delays.put(incident, { of: 'working', why: 'busy', since, until });
  await announce(flow, tx, incident);
}

/** A containment that would rest for long leaves what rests alone: people confirm what there is, or roll it back. */
async function nextDueMs(flow: Flow, tx: Tx, run: Run): Promise<number | null> {
  const wait = await tx.work.nextDueMs(run.id);
  if (!beginsAtOnce(run.action) || wait === null || wait <= LONGEST_CONTAINMENT_MS) return wait;
  const note = 'its mailbox asks to wait for longer than the containment: left alone';
  await record(flow, tx, await leaveUntouched(tx, run, 'all', 'unreachable', note));
  return tx.work.nextDueMs(run.id);
}

async function finish(flow: Flow, tx: Tx, run: Run, situation: Situation) {
  const next = follows(situation, run.mode === 'dry-run' ? 'rehearsal-finished' : `${run.action}-finished`);
  if (!next) return;
  const { outcomes, total } = await tx.work.counts(run.id);
  const summary = OUTCOMES.filter((outcome) => outcomes[outcome] > 0).map((outcome) => {
    return { outcome, copies: outcomes[outcome] };
  });
  await tx.runs.finish(run.id, flow.clock.now());
  await tx.delays.over(run.incident, 'working');
  await lookAgainLater(tx, run);
  await lookBeside(tx, run);
  const isMarked = definitionOf(run.action).does === 'mark' && run.mode === 'live';
  const done = isMarked ? await tx.work.all(run.id, definitionOf(run.action).done) : [];
  const flagged = done.length > 0 ? await raiseFlags(flow, tx, run, done) : [];
  await record(flow, tx, [
    {
      type: 'run.finished',
      incident: run.incident,
      planDigest: run.planDigest,
      detail: { action: run.action, run: run.id, copies: total, summary },
    },
    ...flagged,
  ]);
  const plan = await tx.incidents.plan(run.planDigest);
  // A flagged incident still waits for a purge decision, a contained one for its confirmation.
  const waits = plan && (next === 'flagged' || next === 'contained');
  const waiting = waits ? await waitFor(flow, tx, { id: run.incident, situation: next, plan }) : NOT_WAITING;
  const kept = isUndo(run.action) ? await keptElsewhere(flow, tx, run) : {};
  await tx.incidents.save(run.incident, { state: stateOf(next), ...waiting, ...kept }, flow.clock.now());
  await askForCards(flow, tx, run.incident);
  await endReached(flow, tx, run.incident);
  if (run.mode === 'live' && definitionOf(run.action).does !== 'mark')
    await tx.jobs.send({ queue: 'elsewhere', run: run.id });
}

/** Left by an undo, because people approved the removal in another incident while it ran. */
async function keptElsewhere(flow: Flow, tx: Tx, run: Run): Promise<Partial<IncidentChange>> {
  const left = await tx.work.all(run.id, 'cancelled');
  const kept = left.length > 0 ? keptFor(await coveredSince(tx, run, left), left, flow.clock.now()) : [];
  const incident = kept.length > 0 ? await tx.incidents.get(run.incident) : null;
  return incident ? { elsewhere: [...incident.elsewhere, ...kept] } : {};
}
