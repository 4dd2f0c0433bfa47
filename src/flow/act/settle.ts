import { definitionOf, isUndoable } from '../../core/action/action.ts';
import { markChange } from '../../core/action/marks.ts';
import { targetKey } from '../../core/find/plan.ts';
import type { Effect } from '../../ports/effects.ts';
import type { MessageState } from '../../ports/reader.ts';
import type { Finish, Run } from '../../ports/runs.ts';
import type { Flow } from '../flow.ts';
import { copyNote, leaveUntouched } from '../record/copy-note.ts';
import { type Note, record } from '../record/record.ts';
import { mayStillCome, noteLate } from './late.ts';
import type { Beside } from './look-at-copies.ts';
import type { Acting, Verdict } from './verdict.ts';

/** Writes down what became of the copies of a chunk that are still its own; the rest is somebody else's by now. */
export async function settle(
  flow: Flow,
  run: Run,
  verdicts: readonly Verdict[],
  effects: ReadonlyMap<string, Effect>,
  beside: readonly Beside[],
): Promise<void> {
  const settled = verdicts.filter((verdict) => verdict.is !== 'acting');
  if (settled.length === 0) return;
  const effectOn = ({ item }: Verdict) => effects.get(targetKey(item));
  await flow.store.transact(async (tx) => {
    const results = settled.map((verdict) => finishOf(run, verdict, effectOn(verdict)));
    const held = new Set(await tx.work.finish(run.id, results));
    const overtaken = settled.filter(({ item }) => !held.has(item.seq));
    await noteLate(
      flow,
      tx,
      run,
      overtaken.map((verdict) => ({ item: verdict.item, effect: effectOn(verdict) })),
    );
    const kept = settled.filter(({ item }) => held.has(item.seq));
    await record(flow, tx, [
      ...beside.map(({ item, messages }) =>
        copyNote(run, item, { type: 'copy.beside', detail: { run: run.id, messages } }),
      ),
      ...kept.flatMap((verdict) => endNote(run, verdict, effectOn(verdict)) ?? []),
    ]);
  });
  await endMailboxes(flow, run, settled);
  for (const verdict of settled) {
    if (verdict.is === 'ended') flow.observe({ what: 'copy', action: run.action, outcome: verdict.outcome });
  }
}

/** One copy has been asked about for long enough: the others of its mailbox need not be, one after the other. */
async function endMailboxes(flow: Flow, run: Run, verdicts: readonly Verdict[]): Promise<void> {
  const mailboxes = verdicts.flatMap((one) => (one.is === 'ended' && one.mailboxEnds ? [one.item.mailbox] : []));
  if (mailboxes.length === 0) return;
  const note = 'its mailbox only ever asked to wait: not tried';
  await flow.store.transact(async (tx) => {
    await record(flow, tx, await leaveUntouched(tx, run, mailboxes, 'unreachable', note));
  });
}

/** A rest is no news, unless what was set out for is not done: then the intent would be the last word about it. */
function endNote(run: Run, verdict: Exclude<Verdict, Acting>, effect: Effect | undefined): Note | null {
  const { action } = run;
  if (verdict.is === 'ended') {
    const { item, outcome, detail, requestId } = verdict;
    return copyNote(run, item, {
      type: 'copy.outcome',
      outcome,
      requestId,
      detail: { action, note: detail, was: null },
    });
  }
  if (!verdict.untried || !effect) return null;
  const { status, requestId } = effect;
  return copyNote(run, verdict.item, { type: 'copy.untried', outcome: status, requestId, detail: { action } });
}

/**
 * The picture from before an action together with the marks after it, where they are not the same: what its undo finds
 * otherwise than both was changed by somebody since.
 */
function asPut({ action }: Run, verdict: Exclude<Verdict, Acting>): MessageState | undefined {
  if (verdict.is !== 'ended' || !isUndoable(action) || verdict.outcome !== definitionOf(action).done) return undefined;
  const { seen, item } = verdict;
  if (!seen || !item.before || markChange(item.before, seen) === null) return undefined;
  const { isRead, flag, flagDates, categories } = seen;
  const marks = { isRead, flag, categories, ...(flagDates === undefined ? {} : { flagDates }) };
  return { ...item.before, asPut: marks };
}

function finishOf(run: Run, verdict: Exclude<Verdict, Acting>, effect: Effect | undefined): Finish {
  const { seq, fence } = verdict.item;
  if (verdict.is === 'ended') {
    const { outcome, detail, requestId } = verdict;
    const before = asPut(run, verdict);
    return { seq, fence, done: true, outcome, detail, requestId, inTheAir: mayStillCome(effect, outcome), before };
  }
  const { item, waitMs, throttled, stuck = false, untried = false, looked = false } = verdict;
  // An earlier try may have done something, or still do: its intent stands.
  const takenBack = untried && item.intentAt === null ? { before: item.before } : undefined;
  const countsAsAttempt = stuck || (!throttled && !untried && !looked);
  const inTheAir = mayStillCome(effect, null);
  return { seq, fence, done: false, waitMs, wholeMailbox: throttled, countsAsAttempt, inTheAir, takenBack };
}
