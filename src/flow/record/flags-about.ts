import type { Tx } from '../../ports/store.ts';

/** The others are found when they are due. */
const MOST_AT_ONCE = 50;

/** Something was done about these people, or seen of them: what was called contained about them is looked at anew. Object ids. */
export async function lookAfterFlagsOf(tx: Pick<Tx, 'flagged' | 'jobs'>, people: readonly string[]): Promise<void> {
  const open = await tx.flagged.openOf([...new Set(people)]);
  const called = open.filter(({ state }) => state === 'contained').slice(0, MOST_AT_ONCE);
  for (const { id } of called) await tx.jobs.send({ queue: 'flag', flag: id });
}
