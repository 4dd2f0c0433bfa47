import { flagTerms } from '../../core/ask/flags.ts';
import { measureStepsNow } from '../../core/flag/measure-steps.ts';
import { situationOf } from '../../core/incident/incident.ts';
import { standOf } from '../../core/record/measures-now.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { knownList, type MadeList } from '../record/measures.ts';
import { record } from '../record/record.ts';
import { openByHand } from '../tell/measures.ts';

/**
 * A list of measures that waits is not forgotten: a step is written down first, and told to the rooms afterwards. When the next one is
 * due stands in its row, so that a restart changes nothing.
 */

export async function remindOfMeasures(flow: Deciding, id: string): Promise<void> {
  await flow.store.transact(async (tx) => {
    const at = await tx.measures.toRemind(id);
    if (at === null || at > flow.clock.now()) return;
    const stored = await tx.measures.get(id);
    // Whatever is held is held in this order, wherever it is held.
    const incident = stored && (await tx.incidents.lock(stored.incident));
    const known = await knownList(flow.hash, tx, id, true);
    const isOver = !incident || incident.breach !== null || situationOf(incident) === 'rejected';
    const next = known.is === 'made' && !isOver ? await takeSteps(flow, tx, known) : null;
    await tx.measures.remindAt(id, next === null ? null : new Date(next).toISOString());
    if (next !== null)
      await tx.jobs.send({ queue: 'measures', list: id }, Math.max(0, next - Date.parse(flow.clock.now())));
  });
}

/** Answers when there will be more, milliseconds since 1970; null for never. */
async function takeSteps(flow: Deciding, tx: Tx, { list, account }: MadeList): Promise<number | null> {
  const now = flow.clock.now();
  const open = (await openByHand(flow, tx, list)).length + (list.unwritten?.length ?? 0);
  const over = account.reminded.map(({ detail }) => detail.step);
  const waiting = { list, stand: standOf(list, account, now), open, over };
  const { due, next } = measureStepsNow(waiting, flagTerms(flow.policy().policy), Date.parse(now));
  for (const [nth, { name, about, kind, role, dueAt }] of due.entries()) {
    const detail = { list: list.id, step: name, about, kind, role, open: about === 'votes' ? 0 : open, dueAt };
    await record(flow, tx, [{ type: 'measures.reminded', incident: list.incident, detail }]);
    const step = over.length + nth;
    for (const { platform } of flow.rooms) await tx.jobs.send({ queue: 'nudge', incident: list.id, platform, step });
  }
  return next;
}
