import type { Effect } from '../ports/mail.ts';
import type { Finish, Run } from '../ports/runs.ts';
import { copyNote } from './copy-note.ts';
import type { Flow } from './flow.ts';
import { mayStillCome, noteLate } from './late.ts';
import { record } from './record.ts';
import { type Acting, targetKey, type Verdict } from './verdict.ts';

/** Writes down what became of the copies of a chunk that are still its own; the rest is somebody else's by now. */
export async function settle(
  flow: Flow,
  run: Run,
  verdicts: readonly Verdict[],
  effects: ReadonlyMap<string, Effect>,
): Promise<void> {
  const settled = verdicts.filter((verdict) => verdict.is !== 'acting');
  if (settled.length === 0) return;
  const effectOn = ({ item }: Verdict) => effects.get(targetKey(item));
  await flow.store.transact(async (tx) => {
    const results = settled.map((verdict) => finishOf(verdict, effectOn(verdict)));
    const held = new Set(await tx.work.finish(run.id, results));
    const overtaken = settled.filter(({ item }) => !held.has(item.seq));
    await noteLate(
      flow,
      tx,
      run,
      overtaken.map((verdict) => ({ item: verdict.item, effect: effectOn(verdict) })),
    );
    const ended = settled.filter((verdict) => verdict.is === 'ended').filter(({ item }) => held.has(item.seq));
    await record(
      flow,
      tx,
      ended.map(({ item, outcome, detail, requestId }) =>
        copyNote(run, item, { type: 'copy.outcome', outcome, requestId, detail: { action: run.action, note: detail } }),
      ),
    );
  });
  for (const verdict of settled) {
    if (verdict.is === 'ended') flow.observe({ what: 'copy', action: run.action, outcome: verdict.outcome });
  }
}

function finishOf(verdict: Exclude<Verdict, Acting>, effect: Effect | undefined): Finish {
  const { seq, fence } = verdict.item;
  if (verdict.is === 'ended') {
    const { outcome, detail, requestId } = verdict;
    return { seq, fence, done: true, outcome, detail, requestId, inTheAir: mayStillCome(effect, outcome) };
  }
  const { waitMs, throttled, stuck = false, untried = false } = verdict;
  const countsAsAttempt = stuck || (!throttled && !untried);
  const inTheAir = mayStillCome(effect, null);
  return { seq, fence, done: false, waitMs, wholeMailbox: throttled, countsAsAttempt, inTheAir };
}
