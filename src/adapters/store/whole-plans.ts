import type { StoredPlan } from '../../core/record/trust.ts';

/** Plans that were found whole, by digest. That is over every row, so that none of them can be another by now. */
export interface WholePlans {
  get(digest: string): StoredPlan | undefined;
  /** `rows`: how many it has, for what it takes to keep it. */
  keep(digest: string, plan: StoredPlan, rows: number): void;
}

/** Of all that are kept together. The newest is kept in any case. */
const MOST_ROWS = 100_000;

export function createWholePlans(): WholePlans {
  const kept = new Map<string, { readonly plan: StoredPlan; readonly rows: number }>();
  let sum = 0;
  function drop(digest: string): void {
    sum -= kept.get(digest)?.rows ?? 0;
    kept.delete(digest);
  }
  return {
    get: (digest) => kept.get(digest)?.plan,
    keep(digest, plan, rows) {
      drop(digest);
      kept.set(digest, { plan, rows: rows + 1 });
      sum += rows + 1;
      for (const oldest of kept.keys()) {
        if (sum <= MOST_ROWS || oldest === digest) return;
        drop(oldest);
      }
    },
  };
}
