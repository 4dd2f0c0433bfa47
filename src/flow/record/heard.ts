import type { Incident } from '../../core/incident/incident.ts';
import type { Recorded } from '../../core/record/ledger.ts';
import { HEARD_ENTRIES, heardBreach, heardIn } from '../../core/record/trust.ts';
import { wellFormed } from '../../core/text.ts';
import type { Tx } from '../../ports/store.ts';
import type { Hash } from '../flow.ts';
import { entriesOf } from './entries.ts';

/**
 * What alerts said, who asked for it and which groups people took in: it decides where is looked and who may not decide.
 * The record keeps a digest of it with each entry that changes it.
 */

type Digests = { readonly hash: Pick<Hash, 'digest'> };

/** As it is stored now, also for an incident whose copy in hand says more. */
export async function heardDigest({ hash }: Digests, tx: Tx, id: string): Promise<string | null> {
  const stored = await tx.incidents.get(id);
  return stored && digestOfHeard({ hash }, stored);
}

/** Of an incident as it was just read. */
export function digestOfHeard({ hash }: Digests, { alert, askers, takenIn }: Incident): string {
  return hash.digest(wellFormed({ alert, askers, takenIn }));
}

/** With the incident that it grew out of: whoever is part of that one has no say here either. */
export async function heardDifference(
  flow: Digests,
  tx: Tx,
  { id, parent }: Pick<Incident, 'id' | 'parent'>,
  entries: readonly Recorded[],
): Promise<string | null> {
  const said = [...(await heardAtFirst(tx, { id, parent })), ...heardIn(entries)];
  const own = heardBreach(await heardDigest(flow, tx, id), said);
  if (own !== null || parent === null) return own;
  const origin = await tx.incidents.get(parent);
  const read = await entriesOf(tx, { incident: parent, types: HEARD_ENTRIES });
  if (read.breach !== null) return read.breach;
  return origin && heardDifference(flow, tx, origin, read.value);
}

/** What grew out of another incident starts with what that one had heard. */
async function heardAtFirst(tx: Tx, { id, parent }: Pick<Incident, 'id' | 'parent'>): Promise<readonly string[]> {
  if (parent === null) return [];
  const grown = await tx.ledger.find({ incident: parent, types: ['plan.grown'], detail: ['child', id] });
  return grown.flatMap(({ entry }) => entry?.detail.childHeard ?? []);
}
