import { isUndo } from '../../core/action/action.ts';
import { type Outcome, SEEN_BACK } from '../../core/action/outcome.ts';
import { LONGEST_REQUEST_MS } from '../../core/lease.ts';
import type { Effect } from '../../ports/effects.ts';
import type { Run, WorkItem } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { copyNote } from '../record/copy-note.ts';
import { record } from '../record/record.ts';

/**
 * A process that is frozen or cut off may have an effect when nobody waits for it any more. That is written down, and its
 * copies are looked at again: see put-right.ts.
 */

/** Outcomes after which an effect was seen: the request that had no answer has done what it could. */
export const SEEN: ReadonlySet<Outcome | null> = new Set<Outcome>([
  'removed',
  'destroyed',
  'junked',
  'flagged',
  ...SEEN_BACK,
]);

/** A request had no answer or was only taken on, and its effect was not seen: nobody can say that it will not come. */
export function mayStillCome(effect: Effect | undefined, outcome: Outcome | null): boolean {
  return (effect?.status === 'unknown' || effect?.status === 'accepted') && !SEEN.has(outcome);
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
  const ended = (await tx.runs.get(run.id))?.state === 'finished';
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
        detail: {
          action: run.action,
          run: run.id,
          answer: effect.status === 'refused' ? effect.why : effect.status,
          ended,
          left: false,
        },
      }),
    ),
  );
  await tx.jobs.send({ queue: 'late', run: run.id });
}

/** Where something about the copies of a run is still open at its end: once more, when nothing can come any more. */
export async function lookAgainLater(tx: Tx, run: Run): Promise<void> {
  if (run.mode !== 'live') return;
  const doubts = isUndo(run.action) ? await tx.work.inDoubt(run.id) : await tx.work.ownDoubts(run.id);
  if (doubts.length > 0) await tx.jobs.send({ queue: 'late', run: run.id }, LONGEST_REQUEST_MS);
}

/** Asked for once more after its end: somebody had it in hand until now, and could not even write down what came of it. */
export async function lookNow(tx: Tx, run: Run): Promise<void> {
  if ((await tx.work.inDoubt(run.id)).length > 0) await tx.jobs.send({ queue: 'late', run: run.id });
}
