import type { Home } from '../action/copy.ts';
import { type Copy, type Plan, targetKey } from './plan.ts';

/** Where each copy of a list goes back to that automation took out: part of the list that people approve. */

const KNOWN = ['our list', 'delivery', 'not known'] as const satisfies readonly Home['known'][];

/** As a list keeps it. */
export function saidOfHome({ folderId, known }: Home): NonNullable<Copy['said']> {
  return { home: folderId, homeKnown: known };
}

function homeOf({ said }: Pick<Copy, 'said'>): Home | null {
  const folderId = said?.['home'];
  const known = KNOWN.find((one) => one === said?.['homeKnown']);
  return folderId === undefined || known === undefined ? null : { folderId, known };
}

export function homesOf({ copies }: Pick<Plan, 'copies'>): ReadonlyMap<string, Home> {
  return new Map(
    copies.flatMap((copy) => {
      const home = homeOf(copy);
      return home ? [[targetKey(copy), home] as const] : [];
    }),
  );
}

/** How many copies go where, by how that is known. */
export function countHomes({ copies }: Pick<Plan, 'copies'>): Readonly<Record<Home['known'], number>> {
  const counts: Record<Home['known'], number> = { 'our list': 0, delivery: 0, 'not known': 0 };
  for (const copy of copies) counts[homeOf(copy)?.known ?? 'not known'] += 1;
  return counts;
}
