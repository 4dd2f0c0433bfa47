import type { Plan } from '../../core/find/plan.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { Tx } from '../../ports/store.ts';

/** Every list that holds copies of one mail: what is in any of them is asked for there, and is nothing new. */

export interface Lists {
  readonly own: Plan;
  readonly digest: string;
  /** With those that it grew out of, and all others that grew out of the same incident. */
  readonly all: readonly Plan[];
  /** Incidents that grew out of this one, and out of those. */
  readonly children: readonly string[];
}

export async function listsAround(tx: Tx, incident: Incident, digest: string): Promise<Lists | null> {
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
  await add(incident.planDigest);
  const root = await rootOf(tx, incident);
  await add(root.planDigest);
  const family = await childrenOf(tx, root.id);
  for (const one of family) await add((await tx.incidents.get(one))?.planDigest ?? null);
  const children = root.id === incident.id ? family : await childrenOf(tx, incident.id);
  return { own, digest, all: [...all.values()], children };
}

/** In the order in which they grew; each before those that grew out of it. */
export async function childrenOf(tx: Tx, incident: string): Promise<readonly string[]> {
  const grown = await tx.ledger.find({ incident, types: ['plan.grown'] });
  const own = grown.flatMap(({ entry }) => entry?.detail.child ?? []);
  const all: string[] = [];
  for (const child of own) all.push(child, ...(await childrenOf(tx, child)));
  return all;
}

/** The incident that looks after this one's list: the first that it grew out of. */
export async function rootOf(tx: Tx, incident: Incident): Promise<Incident> {
  const parent = incident.parent === null ? null : await tx.incidents.get(incident.parent);
  return parent ? rootOf(tx, parent) : incident;
}

/** What this one grew out of, nearest first. */
export async function originsOf(tx: Tx, { parent }: Incident): Promise<readonly string[]> {
  const origin = parent === null ? null : await tx.incidents.get(parent);
  return origin ? [origin.id, ...(await originsOf(tx, origin))] : [];
}
