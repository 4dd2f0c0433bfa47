import { mayBeDone } from '../../core/find/measure-list.ts';
import { holdFrom } from '../../core/lease.ts';
import { doneWith, errandOn, intentsSince, type MeasureAccount } from '../../core/record/measures.ts';
import { standOf } from '../../core/record/measures-now.ts';
import type { Tx } from '../../ports/store.ts';
import { heedStopFile } from '../decide/brake.ts';
import { askForPeople } from '../find/people.ts';
import type { Flow } from '../flow.ts';
import { lookAfterFlagsOf } from '../record/flags-about.ts';
import { brakeNow } from '../record/held.ts';
import { knownList, type MadeList } from '../record/measures.ts';
import { announce, askForCards, record } from '../record/record.ts';
import { type Claim, LostClaim, measureStep } from './measure.ts';
import { outcomeNote } from './measure-outcome.ts';

/**
 * Carries out what was approved of a list of measures, and puts back what was approved to be put back: one measure after the
 * other, in one process at a time. Safe to call twice and after any crash: what is under way is read from the record, and
 * whatever an earlier try may have done is looked at before anything is tried again.
 */

const LEASE_MS = 30_000;
const EXTEND_EVERY_MS = 8_000;
/** What was taken back a moment ago still stands in lists that are not asked for by its name. */
const LISTED_BY_MS = 180_000;

export async function carryOutMeasures(flow: Flow, id: string): Promise<void> {
  await closeWhenLate(flow, id);
  if (!(flow.mayBegin() && !(await isStopped(flow)))) return;
  const by = flow.clock.id();
  const asked = flow.elapsed();
  const claimed = await flow.store.transact(
    async (tx) => (await workOn(flow, tx, id)) && tx.measures.claim(id, by, LEASE_MS),
  );
  if (!claimed) return;
  const hold = holdFrom(asked, LEASE_MS, flow.elapsed);
  const extend = async () => {
    const again = flow.elapsed();
    if (await flow.store.transact((tx) => tx.measures.extend(id, by, LEASE_MS))) hold.extendFrom(again);
  };
  // A failed extension is no harm by itself: nothing leaves after the lease, and the claim decides who may write down.
  const heartbeat = setInterval(() => void extend().catch(() => undefined), EXTEND_EVERY_MS);
  try {
    await inOrder(flow, { id, by, leaseMs: LEASE_MS, hold });
  } catch (error) {
    if (error instanceof LostClaim) return;
    await flow.store.transact((tx) => tx.measures.release(id, by, 0)).catch(() => undefined);
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

async function isStopped(flow: Flow): Promise<boolean> {
  return (await heedStopFile(flow)) || (await flow.store.transact((tx) => brakeNow(tx))).stopped;
}

/** The list, where it is as the record has it and something of it is under way. */
async function workOn(flow: Flow, tx: Tx, id: string): Promise<MadeList | null> {
  const known = await knownList(flow.hash, tx, id);
  if (known.is === 'changed') {
    await tx.measures.open(id, false);
    await askForCards(flow, tx, id);
  }
  if (known.is !== 'made' || (await tx.incidents.breach(known.stored.incident)) !== null) return null;
  return nextOf(known.account, known, new Map(), 0) === null ? null : known;
}

async function inOrder(flow: Flow, claim: Claim): Promise<void> {
  const { id, by } = claim;
  /** Until when, on the steady clock, a measure rests. */
  const rests = new Map<number, number>();
  for (;;) {
    if (!flow.mayBegin() || (await isStopped(flow))) return release(flow, claim, 0);
    const known = await flow.store.transact(async (tx) => {
      const stored = await tx.measures.get(id);
      if (stored) await tx.incidents.lock(stored.incident);
      const made = await workOn(flow, tx, id);
      return made && (await leaveCancelled(flow, tx, made));
    });
    if (!known) return finish(flow, claim);
    const next = nextOf(known.account, known, rests, flow.elapsed());
    if (next === null) return finish(flow, claim);
    if (next.waitMs > 0) return release(flow, claim, next.waitMs);
    const restMs = await measureStep(flow, claim, known, next.n);
    if (restMs !== null) rests.set(next.n, flow.elapsed() + restMs);
    else await flow.store.transact((tx) => tx.measures.extend(id, by, LEASE_MS));
  }
}

/** The first that does not rest, or how long until one does not; null where nothing is under way. */
function nextOf(
  account: MeasureAccount,
  { list }: MadeList,
  rests: ReadonlyMap<number, number>,
  now: number,
): { readonly n: number; readonly waitMs: number } | null {
  const open = mayBeDone(list).filter(({ n }) => errandOn(account, n) !== null);
  const waits = open.map(({ n }) => ({ n, waitMs: Math.max(0, (rests.get(n) ?? 0) - now) }));
  return waits.find(({ waitMs }) => waitMs === 0) ?? waits.sort((a, b) => a.waitMs - b.waitMs)[0] ?? null;
}

/** What nobody has set out to do when people ended it is left alone; what was begun is looked after to its end. */
async function leaveCancelled(flow: Flow, tx: Tx, known: MadeList): Promise<MadeList> {
  const { closed } = known.account;
  if (closed?.outcome !== 'cancelled') return known;
  const left = mayBeDone(known.list).filter(({ n }) => {
    const errand = errandOn(known.account, n);
    return errand && errand.order < closed.seq && intentsSince(known.account, n, errand.order).length === 0;
  });
  if (left.length === 0) return known;
  await record(
    flow,
    tx,
    left.map((measure) => {
      const errand = errandOn(known.account, measure.n)?.errand ?? 'apply';
      return outcomeNote(known.list, measure, { errand, outcome: 'cancelled', after: null, note: '', requestId: null });
    }),
  );
  await redraw(flow, tx, known);
  const now = await knownList(flow.hash, tx, known.list.id);
  return now.is === 'made' ? now : known;
}

async function release(flow: Flow, { id, by }: Claim, restMs: number): Promise<void> {
  await flow.store.transact(async (tx) => {
    await tx.measures.release(id, by, restMs);
    if (restMs > 0) await tx.jobs.send({ queue: 'measures', list: id }, restMs);
  });
}

/** Nothing is under way any more. */
async function finish(flow: Flow, { id, by }: Claim): Promise<void> {
  await flow.store.transact(async (tx) => {
    const stored = await tx.measures.get(id);
    if (stored) await tx.incidents.lock(stored.incident);
    const known = await knownList(flow.hash, tx, id, true);
    if (known.is === 'made' && nextOf(known.account, known, new Map(), 0) !== null) {
      // More was approved meanwhile.
      await tx.measures.release(id, by, 0);
      await tx.jobs.send({ queue: 'measures', list: id });
      return;
    }
    if (!(await tx.measures.extend(id, by, LEASE_MS))) return;
    await tx.measures.release(id, by, 0);
    await tx.measures.open(id, false);
    if (known.is !== 'made') return;
    await redraw(flow, tx, known);
    await lookAfterFlagsOf(
      tx,
      known.list.measures.map(({ person }) => person),
    );
    await lookAfterwards(flow, tx, known);
  });
}

/** The same findings are read again, once something was done about them. */
async function lookAfterwards(flow: Flow, tx: Tx, { list, account }: MadeList): Promise<void> {
  const isDone = list.measures.some(({ n }) => doneWith(account, n, 'apply')?.outcome === 'done');
  const incident = isDone ? await tx.incidents.get(list.incident) : null;
  if (!incident?.planDigest) return;
  for (const afterMs of [0, LISTED_BY_MS])
    await askForPeople(flow, tx, { incident: incident.id, list: incident.planDigest }, 'contained', afterMs);
}

async function redraw(flow: Flow, tx: Tx, { list }: MadeList): Promise<void> {
  await tx.cards.touch(list.id);
  await announce(flow, tx, list.incident);
}

/** Nobody decided in time: it says so from then on. */
async function closeWhenLate(flow: Flow, id: string): Promise<void> {
  await flow.store.transact(async (tx) => {
    const seen = await tx.measures.get(id);
    if (!seen?.list || flow.clock.now() < seen.list.until) return;
    await tx.incidents.lock(seen.incident);
    const known = await knownList(flow.hash, tx, id, true);
    if (known.is !== 'made' || known.account.closed !== null || known.account.begun.length > 0) return;
    const isAsked = standOf(known.list, known.account, flow.clock.now()) === 'expired';
    await tx.measures.open(id, false);
    if (!isAsked) return;
    const detail = { list: id, approvedBy: [] };
    await record(flow, tx, [{ type: 'measures.closed', incident: seen.incident, outcome: 'expired', detail }]);
    await redraw(flow, tx, known);
  });
}
