/** How many jobs of a queue a process has under way, and how many of them may be of one tenant. */

/** What each tenant's share is set against the others', by its Entra id: 1 is as much as any other. */
export type Weights = ReadonlyMap<string, number>;

export interface Lanes {
  readonly all: number;
  /** Of one tenant, by its id; null where there is only one tenant. */
  readonly each: Readonly<Record<string, number>> | null;
}

/**
 * `alone`: what one tenant has where there is no other. Graph's limits are each tenant's own, so that the heaviest keeps that
 * much however many there are, and as many again are there for the others: whatever one of them has to do, and however slow
 * its mailboxes are, it never has all.
 */
export function lanesFor(alone: number, weights: Weights): Lanes {
  if (weights.size <= 1) return { all: alone, each: null };
  const heaviest = Math.max(...weights.values());
  const each = [...weights].map(([tenant, weight]) => [tenant, shareOf(alone, weight / heaviest)] as const);
  const wanted = each.reduce((sum, [, lanes]) => sum + lanes, 0);
  return { all: Math.min(wanted, 2 * alone), each: Object.fromEntries(each) };
}

const shareOf = (alone: number, share: number) => Math.max(1, Math.round(alone * share));
