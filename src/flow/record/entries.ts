import type { Recorded } from '../../core/record/ledger.ts';
import type { LedgerQuestion, Tx } from '../../ports/store.ts';

/** Entries that are believed, or what is wrong with one of them. */

export type Checked<T> = { readonly breach: string } | { readonly breach: null; readonly value: T };

export async function entriesOf(tx: Tx, asked: LedgerQuestion): Promise<Checked<readonly Recorded[]>> {
  const found = await tx.ledger.find(asked);
  const broken = found.find(({ entry }) => entry === null);
  if (broken) return { breach: `entry ${broken.seq} of the record was changed` };
  return { breach: null, value: found.flatMap(({ entry }) => entry ?? []) };
}
