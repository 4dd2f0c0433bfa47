import { targetKey } from '../../core/find/plan.ts';
import type { Recorded } from '../../core/record/ledger.ts';
import type { LedgerQuestion, Store } from '../../ports/store.ts';

/** What the record says became of copies, page by page: an incident may have a hundred thousand of them. */

export const COPIES_AT_ONCE = 2_000;

interface Told {
  readonly action: string;
  readonly planDigest: string | null;
  /** As `targetKey` writes it. */
  readonly target: string;
  readonly outcome: string | null;
  /** -1: told before, and taken back by an entry that corrects it. */
  readonly by: 1 | -1;
}

export async function* toldOfCopies(store: Store, incident: string): AsyncGenerator<Told> {
  for (let afterSeq = 0; ; ) {
    const asked: LedgerQuestion<'copy.outcome'> = {
      incident,
      types: ['copy.outcome'],
      afterSeq,
      limit: COPIES_AT_ONCE,
    };
    const page = await store.transact((tx) => tx.ledger.find(asked));
    for (const { entry } of page) if (entry) yield* toldIn(entry);
    const last = page.at(-1);
    if (!last) return;
    afterSeq = last.seq;
  }
}

function toldIn({ mailbox, message, planDigest, outcome, detail }: Recorded<'copy.outcome'>): readonly Told[] {
  const target = targetKey({ mailbox: mailbox ?? '', message: message ?? '' });
  const told: Told = { action: detail.action, planDigest, target, outcome, by: 1 };
  return detail.was === null ? [told] : [{ ...told, outcome: detail.was, by: -1 }, told];
}
