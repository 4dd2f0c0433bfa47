import { networkKeys } from '../../core/find/key.ts';
import { type Incident, isClosed } from '../../core/incident/incident.ts';
import { mayBeJoined, type Twin } from '../../core/record/joined.ts';
import type { Tx } from '../../ports/store.ts';

/** The incident where this one goes on, as the record has it; null for one that stands for itself. */
export async function joinedInto(
  tx: Tx,
  incident: Pick<Incident, 'id' | 'state' | 'planDigest'>,
): Promise<string | null> {
  if (!mayBeJoined(incident)) return null;
  const [found] = await tx.ledger.find({ incident: incident.id, types: ['incident.joined'], newest: true });
  return found?.entry?.detail.into ?? null;
}

/** Other incidents about the same mail that people should know of while this one waits for them; of few of them. */
export async function twinsOf(tx: Tx, { id, parent, state, breach }: Incident): Promise<readonly Twin[]> {
  if (parent !== null || breach !== null || isClosed(state)) return [];
  const keys = networkKeys((await tx.incidents.keysOf([id])).get(id) ?? []);
  const twins: Twin[] = [];
  for (const other of await tx.incidents.filedUnder(keys)) {
    if (other.id === id || other.parent !== null || other.breach !== null) continue;
    if (!isClosed(other.state)) twins.push({ id: other.id, joined: false });
    else if ((await joinedInto(tx, other)) === id) twins.push({ id: other.id, joined: true });
  }
  return twins.slice(0, MOST_TWINS);
}

const MOST_TWINS = 5;
