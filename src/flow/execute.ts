import { advance } from '../core/incident.ts';
import { holdFrom } from '../core/lease.ts';
import { OUTCOMES } from '../core/outcome.ts';
import type { Allowed } from '../core/trust.ts';
import type { Run } from '../ports/runs.ts';
import { heedStopFile } from './brake.ts';
import { leaveAlone } from './cancel.ts';
import { carryOut } from './chunk.ts';
import type { Flow } from './flow.ts';
import { brakeNow } from './held.ts';
import { type Known, knownOf } from './known.ts';
import { lookAgainLater, lookNow } from './late.ts';
import { announce, askForCards, record } from './record.ts';
import { isRescoped } from './rescope.ts';
import { skipShielded } from './shield.ts';
import { allowedFor, mayTouch } from './trust.ts';
import { NOT_WAITING, waitFor } from './wait.ts';

/** Chunks under way at once for one run; Graph's own limits are kept per mailbox by the claim and the mail adapter. */
const LANES = 4;
/** One job works this long at most, then queues itself again: no run starves another. */
const TURN_MS = 20_000;
/** What a killed process held is free after this long at the latest. A living one keeps extending its leases. */
const LEASE_MS = 20_000;
const EXTEND_EVERY_MS = 6_000;
/** A $batch holds 20 requests (Graph JSON batching). */
const CHUNK = 20;
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
    const allowed = await allowedFor(flow, tx, run, incident);
    // Beside the run, not before it: nobody has to wait for what hunting may add to a list that is approved.
    if (allowed && !isRescoped(run)) await tx.jobs.send({ queue: 'rescope', run: run.id });
    return allowed && { run, incident, allowed, known: await knownOf(tx, run) };
  });
  if (!job) return;
  const isCancelled = job.run.cancelledAt !== null;
  // What was cancelled may end while everything stands still: nothing more is done for it.
  if (await isStopped(flow)) return isCancelled ? comeBackOrFinish(flow, job.run) : undefined;
  await skipShielded(flow, job.run);
  const started = Date.parse(flow.clock.now());
  const progress = everySoOften(flow, job.run);
  const timeIsUp = () => Date.parse(flow.clock.now()) - started > TURN_MS;
  const lane = async () => {
    while (!timeIsUp() && (await oneChunk(flow, job))) await progress();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  await comeBackOrFinish(flow, job.run);
}

/** A stopped run stands still where it is; whoever lifts the stop sets it going again. */
async function isStopped(flow: Flow): Promise<boolean> {
  return (await heedStopFile(flow)) || (await flow.store.transact((tx) => brakeNow(tx))).stopped;
}

interface Job {
  readonly run: Run;
  readonly allowed: Allowed;
  readonly known: Known;
}

async function oneChunk(flow: Flow, { run, allowed, known }: Job): Promise<boolean> {
  if (await heedStopFile(flow)) return false;
  const asked = flow.elapsed();
  const items = await flow.store.transact(async (tx) => {
    if ((await brakeNow(tx)).stopped || (await tx.incidents.breach(run.incident)) !== null) return [];
    const now = await tx.runs.get(run.id);
    // What was given back untouched since the cancellation.
    if (now && now.cancelledAt !== null) await record(flow, tx, await leaveAlone(tx, now));
    const claimed = await tx.work.claim(run.id, CHUNK, LEASE_MS);
    return (await mayTouch(flow, tx, run, claimed, allowed)) ? claimed : [];
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
    await carryOut(flow, run, known, items, hold);
  } finally {
    clearInterval(heartbeat);
  }
  return true;
}

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
    const wait = await tx.work.nextDueMs(run.id);
    if (wait !== null && (await brakeNow(tx)).stopped) return;
    if (wait !== null) {
      await tx.jobs.send({ queue: 'run', run: run.id }, wait);
      return;
    }
    await finish(flow, tx, run, incident.state);
  });
}

async function finish(flow: Flow, tx: Parameters<typeof record>[1], run: Run, state: Parameters<typeof advance>[0]) {
  const next = advance(state, run.mode === 'dry-run' ? 'rehearsal-finished' : `${run.action}-finished`);
  if (!next) return;
  const { outcomes, total } = await tx.work.counts(run.id);
  const summary = OUTCOMES.filter((outcome) => outcomes[outcome] > 0).map(
    (outcome) => `${outcome} ${outcomes[outcome]}`,
  );
  await tx.runs.finish(run.id, flow.clock.now());
  await lookAgainLater(tx, run);
  await record(flow, tx, [
    {
      type: 'run.finished',
      incident: run.incident,
      planDigest: run.planDigest,
      detail: { action: run.action, run: run.id, copies: total, summary: summary.join(', ') || 'nothing to do' },
    },
  ]);
  if (run.action === 'flag' && run.mode === 'live') await raiseFlags(flow, tx, run);
  const plan = await tx.incidents.plan(run.planDigest);
  // A flagged incident still waits for a purge decision, a contained one for its confirmation.
  const waits = plan && (next === 'flagged' || next === 'contained');
  const waiting = waits ? await waitFor(flow, tx, { id: run.incident, state: next, plan }) : NOT_WAITING;
  await tx.incidents.save(run.incident, { state: next, ...waiting }, flow.clock.now());
  await askForCards(flow, tx, run.incident);
  if (run.mode === 'live' && run.action !== 'flag') await tx.jobs.send({ queue: 'elsewhere', run: run.id });
}

async function raiseFlags(flow: Flow, tx: Parameters<typeof record>[1], run: Run): Promise<void> {
  const incident = await tx.incidents.get(run.incident);
  const flagged = new Map((await tx.work.all(run.id, 'flagged')).map((item) => [item.mailbox, item.address]));
  const owner = run.approvedBy.at(-1) ?? '';
  const reason = `${incident?.alert.verdict ?? 'suspicious'} mail ${run.incident}`;
  const at = flow.clock.now();
  const flags = [...flagged].map(([mailbox, address]) => ({
    mailbox,
    address,
    incident: run.incident,
    reason,
    owner,
    at,
  }));
  await tx.flags.raise(flags);
  const votes = await tx.decisions.list(run.incident);
  const name = votes.findLast(({ person }) => person === owner)?.name ?? owner;
  await record(
    flow,
    tx,
    flags.map((flag) => ({
      type: 'mailbox.flagged',
      incident: run.incident,
      actor: { kind: 'person', id: owner, name },
      planDigest: run.planDigest,
      mailbox: flag.mailbox,
      detail: { address: flag.address, reason, owner },
    })),
  );
}
