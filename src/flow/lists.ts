import type { Incident } from '../core/incident.ts';
import type { Plan } from '../core/plan.ts';
import type { Tx } from '../ports/store.ts';

/** Every list that holds copies of one mail: what is in any of them is asked for there, and is nothing new. */

export interface Lists {
  readonly own: Plan;
  readonly digest: string;
  /** With those that it grew out of, and those that grew out of the incident. */
  readonly all: readonly Plan[];
  /** Incidents that grew out of this one. */
  readonly children: readonly string[];
}

export async function listsAround(
  tx: Tx,
  { id, planDigest }: Pick<Incident, 'id' | 'planDigest'>,
  digest: string,
): Promise<Lists | null> {
  const own = await tx.incidents.plan(digest);
  if (!own) return null;
  const all = new Map([[digest, own]]);
  const add = async (one: string | null) => {
    for (let next = one; next !== null && !all.has(next); ) {
      const plan: Plan | null = await tx.incidents.plan(next);
      if (!plan) return;
      all.set(next, plan);
      next = plan.grownFrom;
    }
  };
  await add(own.grownFrom);
  await add(planDigest);
  const children = await childrenOf(tx, id);
  for (const child of children) await add((await tx.incidents.get(child))?.planDigest ?? null);
  return { own, digest, all: [...all.values()], children };
}

/** In the order in which they grew. */
async function childrenOf(tx: Tx, incident: string): Promise<readonly string[]> {
  const grown = await tx.ledger.find({ incident, types: ['plan.grown'] });
  return grown.flatMap(({ entry }) => (typeof entry?.detail['child'] === 'string' ? [entry.detail['child']] : []));
}
