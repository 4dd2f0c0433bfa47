import { definitionOf, isUndo } from '../../core/action/action.ts';
import { giveUp } from '../../core/action/procedure.ts';
import { isWherePut } from '../../core/action/put.ts';
import { targetKey } from '../../core/find/plan.ts';
import type { Term } from '../../core/lease.ts';
import type { Effect } from '../../ports/effects.ts';
import type { Run, WorkItem } from '../../ports/runs.ts';
import { LEFT_ALONE, NOT_ONCE_MORE } from '../decide/cancel.ts';
import type { Flow } from '../flow.ts';
import { copyNote } from '../record/copy-note.ts';
import { brakeNow } from '../record/held.ts';
import { record } from '../record/record.ts';
import { afterAct, beforeAct, isUnread, nameOf, orderedIn, whileOrdered } from './by-defender.ts';
import { homeIn, type Known, putOf } from './known.ts';
import { ASKED_TO_WAIT, isTooLong, lookAtCopies, MAX_ATTEMPTS, SHORT_REST_MS, waitOf } from './look-at-copies.ts';
import { settle } from './settle.ts';
import type { Acting, Verdict } from './verdict.ts';

/** How often the effect itself is tried before we believe that it does not hold. */
const MAX_EFFECTS = 3;

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
  const before = await lookAtCopies(flow, run, known, items, 'before');
  const first = before.verdicts.map((verdict) => {
    if (verdict.is !== 'acting') return whileOrdered(flow, known, verdict);
    return run.mode === 'dry-run' ? rehearsed(verdict) : beforeAct(flow, run, known, verdict);
  });
  const { acting, left } = await intend(
    flow,
    run,
    known,
    first.filter((verdict) => verdict.is === 'acting'),
  );
  const effects = new Map(
    (await askMailboxes(flow, run, known, acting, term)).map((effect) => [targetKey(effect.target), effect]),
  );

  const isUnsent = ({ item }: Acting) => effects.get(targetKey(item))?.status === 'unsent';
  const asked = acting.filter((verdict) => !isUnsent(verdict));
  const held = asked.map(({ item, seen }) => ({ ...item, before: item.before ?? seen }));
  const after = await lookAtCopies(flow, run, known, held, 'after', effects);
  const last = after.verdicts.map((verdict, n) => {
    const { item } = asked[n] ?? verdict;
    const effect = effects.get(targetKey(item));
    const turnedAway = isTooLong(flow, run, item) ? null : turnedAwayEffect(item, effect, verdict);
    if (turnedAway) return turnedAway;
    if (verdict.is !== 'acting') return (isUnread(verdict) ? afterAct(flow, known, verdict, effect) : null) ?? verdict;
    return afterAct(flow, known, verdict, effect) ?? notHolding(run, known, verdict, effects);
  });
  const unsent = acting.filter(isUnsent).map(unsentEffect);
  const ends = [...first.filter((verdict) => verdict.is !== 'acting'), ...left, ...unsent, ...last];
  await settle(flow, run, ends, effects, before.beside);
}

/** As far as a dry run goes: what would be done now is not done. */
function rehearsed({ item }: Acting): Verdict {
  return { is: 'ended', item, outcome: 'rehearsed', detail: 'dry run: seen in its place, not touched', requestId: '' };
}

interface Intended {
  readonly acting: readonly Acting[];
  /** What is not begun any more, or not once more, because the run was cancelled meanwhile. */
  readonly left: readonly Verdict[];
}

/** Durable before any write leaves; items whose lease was lost meanwhile belong to somebody else. */
async function intend(flow: Flow, run: Run, known: Known, seen: readonly Acting[]): Promise<Intended> {
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
    const goesOn = (verdict: Acting) => !isCancelled || isHalfBack(run, known, verdict);
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
function isHalfBack({ action }: Run, known: Known, { item, seen }: Acting): boolean {
  return isUndo(action) && item.intentAt !== null && !isWherePut(seen, putOf(known, item));
}

function cancelled({ item }: Acting): Verdict {
  const detail = item.intentAt === null ? LEFT_ALONE : NOT_ONCE_MORE;
  return { is: 'ended', item, outcome: 'cancelled', detail, requestId: '' };
}

function askMailboxes(
  flow: Flow,
  run: Run,
  known: Known,
  acting: readonly Acting[],
  term: Term,
): Promise<readonly Effect[]> {
  const items = acting.map(({ item }) => ({ ...item, ...orderedIn(run, known, item) }));
  if (items.length === 0) return Promise.resolve([]);
  const { effect } = definitionOf(run.action);
  const orders = <T extends object>(wanted: (one: Acting) => T) =>
    acting.map((one) => ({
      ...wanted(one),
      ...orderedIn(run, known, one.item),
      mailbox: one.item.mailbox,
      message: one.item.message,
    }));
  switch (effect.of) {
    case 'softDelete':
      return flow.effects.softDelete(items, term);
    case 'hardDelete':
      return flow.effects.hardDelete(items, term);
    case 'toJunk':
      return flow.effects.toJunk(items, term);
    case 'mark':
      return flow.effects.mark(
        orders(({ seen }) => effect.wanted(seen)),
        term,
      );
    case 'putBack':
      return flow.effects.putBack(
        orders(({ item, seen }) =>
          effect.wanted(seen, { before: item.before, put: putOf(known, item), ...homeIn(known, item) }),
        ),
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
function notHolding(run: Run, known: Known, { item, seen }: Acting, effects: ReadonlyMap<string, Effect>): Verdict {
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
  // What Defender has refused it refuses again, and nothing stands to be waited for.
  const isFinal = isDenied || asksToWait || nameOf(known, item) !== null;
  if (item.attempts < MAX_EFFECTS && !isFinal) return { is: 'resting', item, waitMs: SHORT_REST_MS, throttled: false };
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
