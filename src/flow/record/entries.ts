import { ClawbackError } from '../../core/error.ts';
import type { Recorded } from '../../core/record/ledger.ts';
import type { EntryType } from '../../core/record/payloads.ts';
import type { FoundEntry, LedgerQuestion, Tx } from '../../ports/store.ts';

/** Entries that are believed, or what is wrong with one of them. */

export type Checked<T> = { readonly breach: string } | { readonly breach: null; readonly value: T };

/** Throws ClawbackError 'unavailable' where one is of a newer version: what rests on it is left for that one. */
export async function entriesOf<T extends EntryType>(
  tx: Tx,
  asked: LedgerQuestion<T>,
): Promise<Checked<readonly Recorded<T>[]>> {
  const found = await tx.ledger.find(asked);
  const newer = found.find((one) => one.newer);
  if (newer)
    throw new ClawbackError(
      'unavailable',
      `entry ${newer.seq} of the record was written by a newer version of Clawback`,
    );
  const broken = found.find(({ entry }) => entry === null);
  if (broken) return { breach: `entry ${broken.seq} of the record was changed` };
  return { breach: null, value: found.flatMap(({ entry }) => entry ?? []) };
}

/** What is wrong with an entry that cannot be taken for what it says. */
export function unbelieved({ seq, newer }: Pick<FoundEntry, 'seq' | 'newer'>): string {
  return newer
    ? `entry ${seq} of the record was written by a newer version of Clawback, which has to compare it`
    : `entry ${seq} of the record was changed`;
}
