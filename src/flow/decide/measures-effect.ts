import type { Purpose } from '../../core/record/measures-now.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import type { MadeList } from '../record/measures.ts';
import type { Note } from '../record/record.ts';

/** What the last vote that was needed sets going: notes of it, to be written down in the same transaction. */

interface Agreed {
  readonly known: MadeList;
  readonly of: Purpose;
  /** Numbers of the measures that it is about. */
  readonly about: readonly number[];
  readonly people: readonly string[];
}

export async function effectOf(
  _flow: Deciding,
  tx: Tx,
  { known, of, about, people }: Agreed,
): Promise<readonly Note[]> {
  const { list, digest } = known;
  const closed = (outcome: string): Note => ({
    type: 'measures.closed',
    incident: list.incident,
    outcome,
    detail: { list: list.id, approvedBy: people },
  });
  if (of === 'decline') {
    await tx.measures.open(list.id, false);
    return [closed('declined')];
  }
  // Whoever carries it out looks before each measure whether it was ended.
  if (of !== 'cancel') await tx.measures.open(list.id, true);
  await tx.jobs.send({ queue: 'measures', list: list.id });
  if (of === 'cancel') return [closed('cancelled')];
  const errand = of === 'apply' ? 'apply' : 'back';
  const detail = { list: list.id, digest, of, errand, items: [...about], approvedBy: people };
  return [{ type: 'measures.begun', incident: list.incident, detail }];
}
