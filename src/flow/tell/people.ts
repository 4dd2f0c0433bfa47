import { ofType, type Recorded } from '../../core/record/ledger.ts';
import type { PeopleNow } from '../../core/tell/people-words.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';

/** The newest look at the people of an incident, held against the digest that the record has of it. `later`: oldest first. */
export async function peopleNow(
  { hash }: Pick<Flow, 'hash'>,
  tx: Pick<Tx, 'looks'>,
  incident: string,
  later: readonly { readonly entry: Recorded | null }[],
): Promise<PeopleNow | null> {
  const last = later.flatMap(({ entry }) => entry ?? []).findLast(ofType('people.looked'));
  const kept = await tx.looks.newest(incident);
  if (!last && !kept) return null;
  // Of a newer version: it is left to those who know it.
  if (kept && kept.look === null) return null;
  const { digest } = last?.detail ?? { digest: null };
  const isIt = kept?.look != null && kept.digest === digest && hash.digest(kept.look) === digest;
  return isIt && kept.look !== null ? { is: 'looked', look: kept.look } : { is: 'differs' };
}
