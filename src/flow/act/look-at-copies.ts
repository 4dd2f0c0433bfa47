import { type Action, beginsAtOnce, bringsBack, definitionOf, putBy, setsAside } from '../../core/action/action.ts';
import { type ActionTask, judge, judgeAbsent } from '../../core/action/procedure.ts';
import { targetKey } from '../../core/find/plan.ts';
import { hasWaited, restMs } from '../../core/rest.ts';
import type { Effect } from '../../ports/effects.ts';
import type { HowToRead, Reading } from '../../ports/reader.ts';
import type { Run, WorkItem } from '../../ports/runs.ts';
import { recognise } from '../find/recognise.ts';
import type { Flow } from '../flow.ts';
import { homeIn, type Known, putOf } from './known.ts';
import { looksForMore } from './rescope.ts';
import type { Verdict } from './verdict.ts';

/** What is read of a chunk's copies, and what that means for the run: before its act, and after it. */

/** After this many claims an item ends with what was last seen: one that kills its worker must not come back for ever. */
export const MAX_ATTEMPTS = 8;
export const SHORT_REST_MS = 1_500;

interface Looked {
  readonly verdicts: readonly Verdict[];
  /** Mailboxes in which there may be more of the mail than any list holds. */
  readonly beside: readonly Beside[];
}

export interface Beside {
  readonly item: WorkItem;
  /** Messages with a Message-ID of the mail that are in no list; none where the mailbox could not be searched. */
  readonly messages: number;
}

export async function lookAtCopies(
  flow: Flow,
  run: Run,
  known: Known,
  items: readonly WorkItem[],
  when: 'before' | 'after',
  effects: ReadonlyMap<string, Effect> = new Map(),
): Promise<Looked> {
  if (items.length === 0) return { verdicts: [], beside: [] };
  const readings = await flow.reader.read(items, howToRead(run, known, items, when));
  const pairs = items.map((item, n) => ({ item, reading: readings[n] ?? noReading() }));
  const verdicts = pairs.map(({ item, reading }) => {
    const task = taskFor(run, known, item, when, effects.get(targetKey(item)));
    return verdictOf(flow, run, known, { item, reading, task });
  });
  const beside = when === 'before' && looksForMore(run) ? besideIn(pairs, known) : [];
  return { verdicts: await Promise.all(verdicts), beside };
}

function noReading(): never {
  throw new Error('the mail adapter answered fewer readings than it was asked for');
}

function taskFor(
  run: Run,
  known: Known,
  item: WorkItem,
  when: 'before' | 'after',
  effect: Effect | undefined,
): ActionTask {
  const earlier = item.intentAt !== null && when === 'before';
  return {
    action: run.action,
    intended: earlier || when === 'after',
    late: earlier || known.mayBeBack.has(targetKey(item)),
    undone: effect !== undefined && wasNotDone(effect),
    before: item.before,
    put: putOf(known, item),
    ...homeIn(known, item),
  };
}

interface Copy {
  readonly item: WorkItem;
  readonly reading: Reading;
}

async function verdictOf(
  flow: Flow,
  run: Run,
  known: Known,
  copy: Copy & { readonly task: ActionTask },
): Promise<Verdict> {
  const { item, reading, task } = copy;
  const verdict =
    reading.status === 'absent'
      ? await lookForAnotherId(flow, task, item, known, reading)
      : verdictOn(task, item, reading, known);
  return isWaiting(verdict) && isTooLong(flow, run, item) ? neverReached(item, reading) : verdict;
}

/** One for each mailbox. */
function besideIn(pairs: readonly Copy[], known: Known): readonly Beside[] {
  const beside = new Map<string, Beside>();
  for (const { item, reading } of pairs) {
    const messages = moreBeside(item, reading, known);
    if (messages !== null) beside.set(item.mailbox, { item, messages });
  }
  return [...beside.values()];
}

/** How many messages there are beside the listed ones; null where the mailbox told that there is none, or told nothing. */
function moreBeside({ mailbox }: WorkItem, { status, beside }: Reading, { listed }: Known): number | null {
  if (beside === undefined) return status === 'ok' || status === 'absent' ? 0 : null;
  const unlisted = beside.filter((message) => !listed.has(targetKey({ mailbox, message })));
  return unlisted.length > 0 ? unlisted.length : null;
}

/** Where the copies of a run are before the act and after it, if nobody else has touched them. */
function howToRead({ action }: Run, known: Known, items: readonly WorkItem[], when: 'before' | 'after'): HowToRead {
  const { of } = definitionOf(action).effect;
  const how = { deletedFolders: bringsBack(action), junk: looksForJunk(action, known) };
  // Nothing lists what was deleted for good.
  if (of === 'hardDelete' && when === 'after') return how;
  const { internetMessageIds } = known.forms;
  // Where copies of both lie, those in Junk Email are read one by one.
  const isInJunk = items.every((item) => known.inJunk.has(targetKey(item)));
  const put = bringsBack(action) ? (isInJunk ? 'junk' : 'bin') : putBy(action);
  const isPut = when === (bringsBack(action) ? 'before' : 'after');
  return { ...how, expected: { internetMessageIds, in: (isPut ? put : null) ?? 'sight' } };
}

/** A question more for each mailbox, which only what concerns Junk Email needs. */
export function looksForJunk(action: Action, { mayBeInJunk }: Pick<Known, 'mayBeInJunk'>): boolean {
  return mayBeInJunk || setsAside(action);
}

function verdictOn(task: ActionTask, item: WorkItem, reading: Reading, known: Known): Verdict {
  const { requestId } = reading;
  switch (reading.status) {
    case 'ok': {
      const judged = judge(task, reading.state, known.forms);
      return judged === 'act'
        ? { is: 'acting', item, seen: reading.state }
        : { is: 'ended', item, requestId, ...judged, seen: reading.state };
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

export const ASKED_TO_WAIT = 'the mailbox only ever asked to wait';
const isWaiting = (verdict: Verdict) => verdict.is === 'resting' && verdict.throttled;

/** Each claim raises the fence by one. */
const claimsOf = ({ fence }: WorkItem) => Number(fence);

export function waitOf(item: WorkItem, { waitMs }: { readonly waitMs: number }): number {
  return restMs(claimsOf(item), waitMs);
}

export function isTooLong(flow: Flow, { action, startedAt, cancelledAt }: Run, item: WorkItem): boolean {
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
  if (bringsBack(task.action) || (gone.is === 'ended' && gone.outcome === 'destroyed')) return gone;
  // Its mailbox was searched for the same with the same question.
  if (reading.beside?.length === 0) return gone;
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
