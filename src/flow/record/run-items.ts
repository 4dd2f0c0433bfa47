import type { Run, WorkItem } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';

const AT_ONCE = 2_000;

/** Every copy of a run, whatever has become of it. */
export async function itemsOf(tx: Tx, { id }: Pick<Run, 'id'>): Promise<readonly WorkItem[]> {
  const items: WorkItem[] = [];
  for (let at = 0; ; at += AT_ONCE) {
    const page = await tx.work.page(id, at, AT_ONCE);
    items.push(...page);
    if (page.length < AT_ONCE) return items;
  }
}
