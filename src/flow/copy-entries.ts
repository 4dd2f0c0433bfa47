import type { Recorded } from '../core/ledger.ts';
import type { FoundEntry, LedgerQuestion, Store } from '../ports/store.ts';

/** What the record says became of copies, page by page: an incident may have a hundred thousand of them. */

export const COPIES_AT_ONCE = 2_000;

export async function* copyEntries(store: Store, incident: string): AsyncGenerator<FoundEntry> {
  for (let afterSeq = 0; ; ) {
    const asked: LedgerQuestion = { incident, types: ['copy.outcome'], afterSeq, limit: COPIES_AT_ONCE };
    const page = await store.transact((tx) => tx.ledger.find(asked));
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    afterSeq = last.seq;
  }
}

export const targetIn = ({ mailbox, message }: Recorded) => ({ mailbox: mailbox ?? '', message: message ?? '' });
