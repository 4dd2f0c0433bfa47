import type { Incident } from '../../core/incident/incident.ts';
import { rankOf } from '../../core/tell/rank.ts';
import type { Ranked } from '../../ports/board.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { isTampered } from './trust.ts';

/**
 * Where an incident stands in the queue is a number beside it, so that the first ones are found without reading all. Whoever
 * writes into the table could push one down where nobody looks: a few at a time are reckoned anew, and where the number differs
 * the whole case is held against the record.
 */

/** In one turn, of which there is one every few seconds. */
const AT_ONCE = 100;

type Reckoning = Parameters<typeof isTampered>[0];

/** Answers what to call from time to time. Each turn goes on where the last one stopped, and begins anew at the end. */
export function rankWatch(flow: Reckoning & Pick<Flow, 'store'>, atOnce: number = AT_ONCE): () => Promise<void> {
  let after = '';
  return async () => {
    const page = await flow.store.transact((tx) => tx.board.openAfter(after, atOnce));
    after = page.length < atOnce ? '' : (page.at(-1)?.incident.id ?? '');
    for (const id of await flow.store.transact((tx) => differing(tx, page)))
      await flow.store.transact((tx) => putRight(flow, tx, id));
  };
}

async function differing(tx: Tx, page: readonly Ranked[]): Promise<readonly string[]> {
  const plans = await tx.incidents.glances(page.flatMap(({ incident }) => incident.planDigest ?? []));
  return page.flatMap(({ incident, rank }) =>
    rank === rightFor(incident, plans.get(incident.planDigest ?? '')?.plan ?? null) ? [] : [incident.id],
  );
}

/** Under its lock: it may just have changed. A rule of ranking that is newer than the row is put right in the same way. */
async function putRight(flow: Reckoning, tx: Tx, id: string): Promise<void> {
  const incident = await tx.incidents.lock(id);
  if (!incident) return;
  const stored = incident.planDigest === null ? null : await tx.incidents.glance(incident.planDigest);
  await tx.board.rank(id, rightFor(incident, stored?.plan ?? null));
  await isTampered(flow, tx, incident);
}

function rightFor(incident: Incident, plan: Parameters<typeof rankOf>[0]['plan']): number {
  return rankOf({ ...incident, plan });
}
