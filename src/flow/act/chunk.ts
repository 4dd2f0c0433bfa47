import { beginsAtOnce, definitionOf, isUndo } from '../../core/action/action.ts';
import { type ActionTask, giveUp, judge, judgeAbsent } from '../../core/action/procedure.ts';
import { targetKey } from '../../core/find/plan.ts';
import type { Term } from '../../core/lease.ts';
import { hasWaited, restMs } from '../../core/rest.ts';
import type { Effect } from '../../ports/effects.ts';
import type { Reading } from '../../ports/reader.ts';
import type { Run, WorkItem } from '../../ports/runs.ts';
import { LEFT_ALONE, NOT_ONCE_MORE } from '../decide/cancel.ts';
import { recognise } from '../find/recognise.ts';
import type { Flow } from '../flow.ts';
import { copyNote } from '../record/copy-note.ts';
import { brakeNow } from '../record/held.ts';
import { record } from '../record/record.ts';
import type { Known } from './known.ts';
import { settle } from './settle.ts';
import type { Acting, Verdict } from './verdict.ts';

/** After this many claims an item ends with what was last seen: one that kills its worker must not come back for ever. */
const MAX_ATTEMPTS = 8;
/** How often the effect itself is tried before we believe that it does not hold. */
const MAX_EFFECTS = 3;
const SHORT_REST_MS = 1_500;

/**
 * One claimed chunk, in the order that makes a crash harmless: read; write the intent down; act; read again; write
 * the outcome down. Every network call lies between two transactions, and no write leaves after `term`.
 */
export async function carryOutChunk(
  flow: Flow,
  run: Run,
  known: Known,
  items: readonly WorkItem[],
  term: Term,
): Promise<void> {
  const first = (await readAndJudge(flow, run, known, items, 'before')).map((verdict) =>
    verdict.is === 'acting' && run.mode === 'dry-run' ? rehearsed(verdict) : verdict,
  );
  const { acting, left } = await intend(
    flow,
    run,
    first.filter((verdict) => verdict.is === 'acting'),
  );
  const effects = new Map(
    (await askMailboxes(flow, run, acting, term)).map((effect) => [targetKey(effect.target), effect]),
  );

  const isUnsent = ({ item }: Acting) => effects.get(targetKey(item))?.status === 'unsent';
  const asked = acting.filter((verdict) => !isUnsent(verdict));
  const held = asked.map(({ item, seen }) => ({ ...item, before: item.before ?? seen }));
  const second = await readAndJudge(flow, run, known, held, 'after', effects);
  const last = second.map((verdict, n) => {
    const { item } = asked[n] ?? verdict;
    const effect = effects.get(targetKey(item));
    const turnedAway = isTooLong(flow, run, item) ? null : turnedAwayEffect(item, effect, verdict);
    return turnedAway ?? (verdict.is === 'acting' ? notHolding(run, verdict, effects) : verdict);
  });
  const unsent = acting.filter(isUnsent).map(unsentEffect);
  const ends = [...first.filter((verdict) => verdict.is !== 'acting'), ...left, ...unsent, ...last];
  await settle(flow, run, ends, effects);
}

/** As far as a dry run goes: what would be done now is not done. */
function rehearsed({ item }: Acting): Verdict {
  return { is: 'ended', item, outcome: 'rehearsed', detail: 'dry run: seen in its place, not touched', requestId: '' };
}

async function readAndJudge(
  flow: Flow,
  run: Run,
  known: Known,
  items: readonly WorkItem[],
  when: 'before' | 'after',
  effects: ReadonlyMap<string, Effect> = new Map(),
): Promise<Verdict[]> {
  if (items.length === 0) return [];
  const readings = await flow.reader.read(items, { deletedFolders: isUndo(run.action) });
  const verdicts: Verdict[] = [];
  for (const [index, item] of items.entries()) {
    const reading = readings[index];
    if (!reading) throw new Error('the mail adapter answered fewer readings than it was asked for');
    const earlier = item.intentAt !== null && when === 'before';
    const effect = effects.get(targetKey(item));
    const undone = effect !== undefined && wasNotDone(effect);
    const task = {
      action: run.action,
      intended: earlier || when === 'after',
      late: earlier || known.mayBeBack.has(targetKey(item)),
      undone,
      before: item.before,
    };
    const verdict =
      reading.status === 'absent'
        ? await lookForAnotherId(flow, task, item, known, reading)
        : verdictOn(task, item, reading, known);
    verdicts.push(isWaiting(verdict) && isTooLong(flow, run, item) ? neverReached(item, reading) : verdict);
  }
  return verdicts;
}

function verdictOn(task: ActionTask, item: WorkItem, reading: Reading, known: Known): Verdict {
  const { requestId } = reading;
  switch (reading.status) {
    case 'ok': {
      const judged = judge(task, reading.state, known.forms);
      return judged === 'act'
        ? { is: 'acting', item, seen: reading.state }
        : { is: 'ended', item, requestId, ...judged };
    }
    case 'absent':
      return { is: 'ended', item, requestId, ...judgeAbsent(task, reading.beyond) };
    case 'denied':
      return { is: 'ended', item, requestId, outcome: 'notAllowed', detail: reading.detail };
    case 'missing':
      return { is: 'ended', item, requestId, outcome: 'noMailbox', detail: reading.detail };
    case 'unreachable':
      return { is: 'ended', item, requestId, outcome: 'unreachable', detail: reading.detail };
    case 'throttled':
      return reading.stuck && item.attempts >= MAX_ATTEMPTS
        ? { is: 'ended', item, requestId, outcome: 'unreachable', detail: ASKED_TO_WAIT }
        : { is: 'resting', item, waitMs: waitOf(item, reading), throttled: true, stuck: reading.stuck ?? false };
    case 'failed':
      return restOrFail(item, reading.detail, requestId);
  }
}

/** The service says that it did nothing of it, or not all. */
function wasNotDone({ status }: Effect): boolean {
  return status === 'refused' || status === 'throttled' || status === 'unsent';
}

const ASKED_TO_WAIT = 'the mailbox only ever asked to wait';
const isWaiting = (verdict: Verdict) => verdict.is === 'resting' && verdict.throttled;

/** Each claim raises the fence by one. */
const claimsOf = ({ fence }: WorkItem) => Number(fence);

function waitOf(item: WorkItem, { waitMs }: { readonly waitMs: number }): number {
  return restMs(claimsOf(item), waitMs);
}

function isTooLong(flow: Flow, { action, startedAt, cancelledAt }: Run, item: WorkItem): boolean {
  const since = (at: string) => Date.parse(flow.clock.now()) - Date.parse(at);
  const cancelledMs = cancelledAt === null ? null : since(cancelledAt);
  return hasWaited({ isAwaited: beginsAtOnce(action), runMs: since(startedAt), cancelledMs }, claimsOf(item));
}

function neverReached(item: WorkItem, { requestId }: Reading): Verdict {
  return { is: 'ended', item, outcome: 'unreachable', detail: ASKED_TO_WAIT, requestId, mailboxEnds: true };
}

function restOrFail(item: WorkItem, detail: string, requestId: string): Verdict {
  if (item.attempts >= MAX_ATTEMPTS) return { is: 'ended', item, outcome: 'failed', detail, requestId };
  return { is: 'resting', item, waitMs: SHORT_REST_MS * item.attempts, throttled: false };
}

/** A copy that its owner moved to the archive mailbox gets a new id: it is not in the approved list, so it stays. */
async function lookForAnotherId(
  flow: Flow,
  task: ActionTask,
  item: WorkItem,
  known: Known,
  reading: Reading,
): Promise<Verdict> {
  const gone = verdictOn(task, item, reading, known);
  // What was deleted for good is not to be found again: another delivery of it lies there.
  if (isUndo(task.action) || (gone.is === 'ended' && gone.outcome === 'destroyed')) return gone;
  const [lookup] = await flow.reader.locate([item.address], { internetMessageIds: known.forms.internetMessageIds });
  const here = { id: item.mailbox, address: item.address };
  const found = lookup?.messages.map((message) => ({ mailbox: here, message })) ?? [];
  const { copies } = recognise(flow.hash, known.key, found, known.takenIn);
  // Others of these lists have verdicts of their own, and what came at another time is another delivery.
  const received = known.listed.get(targetKey(item)) ?? null;
  const isSame = (at: string | null) => at === null || received === null || at === received;
  const elsewhere = copies.some(
    ({ message: { message, receivedAt } }) => !known.listed.has(targetKey({ ...item, message })) && isSame(receivedAt),
  );
  if (!lookup || !elsewhere) return gone;
  return {
    is: 'ended',
    item,
    outcome: 'movedByUser',
    detail: 'a copy with another id is in this mailbox; it was not in the approved list',
    requestId: lookup.requestId,
  };
}

interface Intended {
  readonly acting: readonly Acting[];
  /** What is not begun any more, or not once more, because the run was cancelled meanwhile. */
  readonly left: readonly Verdict[];
}

/** Durable before any write leaves; items whose lease was lost meanwhile belong to somebody else. */
async function intend(flow: Flow, run: Run, seen: readonly Acting[]): Promise<Intended> {
  if (seen.length === 0) return { acting: [], left: [] };
  return flow.store.transact(async (tx) => {
    const untouched = seen.filter(({ item }) => item.intentAt === null);
    if ((await brakeNow(tx)).stopped) {
      await tx.work.release(
        run.id,
        untouched.map(({ item }) => item),
      );
      return { acting: [], left: [] };
    }
    const isCancelled = (await tx.runs.get(run.id))?.cancelledAt != null;
    const goesOn = (verdict: Acting) => !isCancelled || isHalfBack(run, verdict);
    const acting = seen.filter(goesOn);
    const left = seen.filter((verdict) => !goesOn(verdict)).map(cancelled);
    if (acting.length === 0) return { acting, left };
    const now = flow.clock.now();
    const intents = acting.map(({ item, seen }) => ({ seq: item.seq, fence: item.fence, before: item.before ?? seen }));
    const held = new Set(await tx.work.intend(run.id, intents, now));
    const ours = acting.filter(({ item }) => held.has(item.seq));
    await record(
      flow,
      tx,
      ours.map(({ item }) =>
        copyNote(run, item, { type: 'copy.intent', detail: { action: run.action, attempt: item.attempts } }),
      ),
    );
    return { acting: ours, left };
  });
}

/** In its folder again, and not yet as it was: left like that it would be neither removed nor restored. */
function isHalfBack({ action }: Run, { item, seen }: Acting): boolean {
  return isUndo(action) && item.intentAt !== null && !seen.inRecoverableItems;
}

function cancelled({ item }: Acting): Verdict {
  const detail = item.intentAt === null ? LEFT_ALONE : NOT_ONCE_MORE;
  return { is: 'ended', item, outcome: 'cancelled', detail, requestId: '' };
}

function askMailboxes(flow: Flow, run: Run, acting: readonly Acting[], term: Term): Promise<readonly Effect[]> {
  const items = acting.map(({ item }) => item);
  if (items.length === 0) return Promise.resolve([]);
  const { effect } = definitionOf(run.action);
  const orders = <T extends object>(wanted: (one: Acting) => T) =>
    acting.map((one) => ({ ...wanted(one), mailbox: one.item.mailbox, message: one.item.message }));
  switch (effect.of) {
    case 'softDelete':
      return flow.effects.softDelete(items, term);
    case 'hardDelete':
      return flow.effects.hardDelete(items, term);
    case 'mark':
      return flow.effects.mark(
        orders(({ seen }) => effect.wanted(seen)),
        term,
      );
    case 'putBack':
      return flow.effects.putBack(
        orders(({ item, seen }) => effect.wanted(seen, item.before)),
        term,
      );
  }
}

function unsentEffect({ item }: Acting): Verdict {
  return { is: 'resting', item, waitMs: 0, throttled: false, untried: true };
}

/** Nothing was done, says the service, and nothing else was seen: the next claim looks first. */
function turnedAwayEffect(item: WorkItem, effect: Effect | undefined, seen: Verdict): Verdict | null {
  if (effect?.status !== 'throttled' || seen.is === 'ended') return null;
  if (effect.stuck && item.attempts >= MAX_ATTEMPTS) return null;
  const waitMs = Math.max(waitOf(item, effect), seen.is === 'resting' ? seen.waitMs : 0);
  return { is: 'resting', item, waitMs, throttled: true, stuck: effect.stuck ?? false, untried: true };
}

/** Seen after the act, and still not as it should be. */
function notHolding(run: Run, { item, seen }: Acting, effects: ReadonlyMap<string, Effect>): Verdict {
  const effect = effects.get(targetKey(item));
  // Some mailboxes refuse to delete for good what lies in Recoverable Items: that says nothing of the mailbox.
  const isLocked = definitionOf(run.action).effect.of === 'hardDelete' && seen.inRecoverableItems;
  const isDenied = effect?.status === 'refused' && effect.why === 'denied';
  if (isDenied && !isLocked)
    return { is: 'ended', item, outcome: 'notAllowed', detail: effect.detail, requestId: effect.requestId };
  const asksToWait = effect?.status === 'throttled';
  // Taken on and not there yet: that may take longer than a try that does not hold.
  if (effect?.status === 'accepted' && item.attempts < MAX_ATTEMPTS)
    return { is: 'resting', item, waitMs: SHORT_REST_MS * item.attempts, throttled: false };
  if (item.attempts < MAX_EFFECTS && !isDenied && !asksToWait)
    return { is: 'resting', item, waitMs: SHORT_REST_MS, throttled: false };
  const ending = giveUp({ action: run.action, before: item.before }, seen);
  const said =
    effect && 'detail' in effect ? `; the service said: ${effect.detail}` : asksToWait ? `; ${ASKED_TO_WAIT}` : '';
  return {
    is: 'ended',
    item,
    ...ending,
    detail: `${ending.detail}${said}`,
    requestId: effect?.requestId ?? '',
    mailboxEnds: asksToWait,
  };
}
