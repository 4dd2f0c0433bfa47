import { definitionOf, isUndo, isUndoable, UNDO } from '../../core/action/action.ts';
import type { Outcome } from '../../core/action/outcome.ts';
import { type ActionTask, judge, judgeAbsent } from '../../core/action/procedure.ts';
import { isWherePut } from '../../core/action/put.ts';
import { targetKey } from '../../core/find/plan.ts';
import { situationOf } from '../../core/incident/incident.ts';
import type { Held } from '../../ports/held.ts';
import type { Run, WorkItem } from '../../ports/runs.ts';
import type { Brake, Tx } from '../../ports/store.ts';
import { startRun } from '../decide/start.ts';
import type { Flow } from '../flow.ts';
import { copyNote } from '../record/copy-note.ts';
import { coveredSince } from '../record/covered.ts';
import { heldBrake } from '../record/held.ts';
import { announce, type Note, record } from '../record/record.ts';
import { isTampered } from '../record/trust.ts';
import { type Doubt, doubtsIn, keyOf, type Looked } from './doubts.ts';
import { raiseFlags } from './flags.ts';
import { putOf } from './known.ts';
import { SEEN } from './late.ts';

/**
 * What was told of a copy and turned out otherwise, because a request came late, is corrected and told. What a removal took
 * out after an undo is put back: that was the last word about it.
 */

export interface Correction extends Doubt {
  readonly was: Outcome;
  readonly outcome: Outcome;
  readonly detail: string;
  readonly requestId: string;
}

/** Only what is seen is news: that there was no effect was told. */
export function correctionOf({ reading, ...doubt }: Looked): Correction | null {
  const { is, run, item, known } = doubt;
  if (item.outcome === null) return null;
  const { requestId } = reading;
  const put = putOf(known, item);
  if (is === 'taken out') {
    const isOut = reading.status === 'ok' && isWherePut(reading.state, put);
    return isOut ? { ...doubt, outcome: 'failed', detail: TAKEN_OUT, was: item.outcome, requestId } : null;
  }
  if (is !== 'told in vain') return null;
  const task: ActionTask = { action: run.action, intended: true, late: true, before: item.before, put };
  const judged =
    reading.status === 'ok'
      ? judge(task, reading.state, known.forms)
      : reading.status === 'absent'
        ? judgeAbsent(task, reading.beyond)
        : 'act';
  if (judged === 'act' || !SEEN.has(judged.outcome)) return null;
  return { ...doubt, ...judged, was: item.outcome, requestId };
}

const TAKEN_OUT = 'taken out again by a removal that came late';

export async function correct(flow: Flow, tx: Tx, id: string, corrections: readonly Correction[]): Promise<void> {
  const incident = await tx.incidents.lock(id);
  if (!incident || (await isTampered(flow, tx, incident))) return;
  const brake = situationOf(incident) === 'restored' ? await heldBrake(tx) : null;
  // Another incident may have been decided about while these were read.
  const still = new Set((await doubtsIn(tx, id)).map(keyOf));
  const byRun = Map.groupBy(
    corrections.filter((one) => still.has(keyOf(one))),
    ({ run }) => run,
  );
  const out: WorkItem[] = [];
  for (const [run, all] of byRun) {
    const rows = all.map(({ item, was, outcome, detail, requestId }) => {
      return { seq: item.seq, was, outcome, detail, requestId };
    });
    const done = new Set(await tx.work.correct(run.id, rows));
    const corrected = all.filter(({ item }) => done.has(item.seq));
    const flagged = corrected.flatMap(({ item, outcome }) => (outcome === 'flagged' ? [item] : []));
    const raised = flagged.length > 0 ? await raiseFlags(flow, tx, run, flagged) : [];
    await record(flow, tx, [...corrected.flatMap((one) => correctionNotes(run, one)), ...raised]);
    out.push(...corrected.filter(isRemoval).map(({ item }) => item));
    await tx.jobs.send({ queue: 'elsewhere', run: run.id });
  }
  if (brake && out.length > 0) await bringBack(flow, tx, id, out, brake);
  if (byRun.size > 0) await announce(flow, tx, id);
}

const isRemoval = ({ run, outcome }: Correction) => isUndoable(run.action) && outcome === definitionOf(run.action).done;

function correctionNotes(run: Run, one: Correction): readonly Note[] {
  const { item, is, was, outcome, detail: note, requestId } = one;
  const { action } = run;
  const said = copyNote(run, item, { type: 'copy.outcome', outcome, requestId, detail: { action, note, was } });
  const late = is === 'taken out' ? 'taken out again' : isRemoval(one) ? 'came true' : null;
  if (late === null) return [said];
  const detail = { action, run: run.id, answer: null, ended: false, left: true };
  return [said, copyNote(run, item, { type: 'copy.late', outcome: late, requestId, detail })];
}

/** As part of the undo that people decided on, or of the roll-back. One that was ended early says what it left. */
async function bringBack(
  flow: Flow,
  tx: Tx,
  id: string,
  items: readonly WorkItem[],
  brake: Held<Brake>,
): Promise<void> {
  const incident = await tx.incidents.lock(id);
  const undo = (await tx.runs.ofIncident(id)).findLast(({ action, cause }) => isUndo(action) && cause !== 'late');
  if (!incident || !undo || undo.cancelledAt !== null || undo.planDigest !== incident.planDigest) return;
  const plan = await tx.incidents.plan(undo.planDigest);
  const covered = await coveredSince(tx, undo, items);
  const back = items.filter((item) => !covered.has(targetKey(item)));
  if (!plan || back.length === 0) return;
  await startRun(flow, tx, {
    incident,
    plan,
    action: UNDO,
    cause: undo.cause,
    brake,
    approvedBy: undo.approvedBy,
    because: { why: 'a removal that came late took it out after the undo', of: undo.id },
    items: back,
  });
}
