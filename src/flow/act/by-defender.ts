import { awaiting, restByDefender } from '../../core/action/engine.ts';
import type { Outcome } from '../../core/action/outcome.ts';
import { giveUp } from '../../core/action/procedure.ts';
import { targetKey } from '../../core/find/plan.ts';
import { shortTime } from '../../core/text.ts';
import type { Effect, Ordered } from '../../ports/effects.ts';
import type { Run, WorkItem } from '../../ports/runs.ts';
import type { Flow } from '../flow.ts';
import type { Known } from './known.ts';
import type { Acting, Verdict } from './verdict.ts';

/**
 * Copies of a run that go through Defender: it takes on what it is asked, and does it when it does. It is asked once, looked
 * after until a deadline, and asked once more only after that look: then what was seen is told, whatever was accepted.
 */

/** Until a newer configuration says otherwise: lists that are carried out may be from a time when it was on. */
const USUAL_READ_BACK_MS = 30 * 60_000;
/** Of a run that people ended early: what is under way at Defender is looked after for this long. */
const AFTER_CANCEL_MS = 2 * 60_000;

/** The order by which people find it in Defender's action center. */
export function orderedIn(run: Run, known: Known, item: WorkItem): Pick<Ordered, 'via'> {
  const name = nameOf(known, item);
  return name ? { via: { ...name, order: `Clawback ${run.incident} ${run.id}` } } : {};
}

export function nameOf({ through }: Known, item: WorkItem) {
  const name = through.get(targetKey(item));
  return name === undefined || name === 'nobody' ? null : name;
}

/** Before anything is asked of it: what a request that may have left has not done yet is waited for, not asked for again. */
export function beforeAct(flow: Flow, run: Run, known: Known, verdict: Acting): Verdict {
  const { item } = verdict;
  if (known.through.get(targetKey(item)) === 'nobody') return nobody(item);
  if (nameOf(known, item) === null || item.intentAt === null) return verdict;
  const now = Date.parse(flow.clock.now());
  const readBackMs = flow.engine?.readBackMs ?? USUAL_READ_BACK_MS;
  const isCancelled = run.cancelledAt !== null && now - Date.parse(run.cancelledAt) >= AFTER_CANCEL_MS;
  // This claim counts as one, and has asked nothing yet.
  const next = awaiting(item.attempts - 1, now - Date.parse(item.intentAt), readBackMs);
  if (isCancelled || next === 'enough') return unconfirmed(run, verdict, flow.clock.now());
  if (next === 'once more' && run.cancelledAt === null) return verdict;
  return { is: 'resting', item, waitMs: restByDefender(readBackMs), throttled: false, looked: true };
}

/** What its state cannot be read from, whoever was asked: nothing of what was seen, only that it was not. */
const UNREAD: ReadonlySet<Outcome> = new Set(['failed', 'notAllowed', 'noMailbox', 'unreachable']);

/**
 * After a look that told nothing of a copy: what was ordered is under way all the same, and is looked for until its deadline. A
 * service that cannot be read for a while says nothing of an order.
 */
export function whileOrdered(flow: Flow, known: Known, verdict: Verdict): Verdict {
  const { item } = verdict;
  if (nameOf(known, item) === null || item.intentAt === null || !isUnread(verdict)) return verdict;
  const now = flow.clock.now();
  const readBackMs = flow.engine?.readBackMs ?? USUAL_READ_BACK_MS;
  if (awaiting(1, Date.parse(now) - Date.parse(item.intentAt), readBackMs) === 'wait')
    return { is: 'resting', item, waitMs: restByDefender(readBackMs), throttled: false, looked: true };
  if (verdict.is !== 'ended') return verdict;
  return { ...verdict, detail: `${verdict.detail}; ${askedInVain(item, now)}` };
}

export function isUnread(verdict: Verdict): boolean {
  if (verdict.is === 'resting') return !verdict.throttled;
  return verdict.is === 'ended' && verdict.seen === undefined && UNREAD.has(verdict.outcome);
}

function askedInVain({ intentAt }: WorkItem, now: string): string {
  return `asked of Defender ${shortTime(intentAt ?? now)}, not seen done ${shortTime(now)}: it may still come`;
}

function nobody(item: WorkItem): Verdict {
  const detail = 'Defender cannot do this, and its mailbox may not be asked';
  return { is: 'ended', item, outcome: 'unreachable', detail, requestId: '' };
}

function unconfirmed(run: Run, { item, seen }: Acting, now: string): Verdict {
  const ending = giveUp({ action: run.action, before: item.before }, seen);
  const detail = `${ending.detail}; ${askedInVain(item, now)}`;
  return { is: 'ended', item, outcome: ending.outcome, detail, requestId: '' };
}

/** After it was asked; null where it was not through Defender, or has not taken it on. */
export function afterAct(
  flow: Flow,
  known: Known,
  { item }: Pick<Acting, 'item'>,
  effect: Effect | undefined,
): Verdict | null {
  if (nameOf(known, item) === null || (effect?.status !== 'accepted' && effect?.status !== 'unknown')) return null;
  const waitMs = restByDefender(flow.engine?.readBackMs ?? USUAL_READ_BACK_MS);
  return { is: 'resting', item, waitMs, throttled: false };
}
