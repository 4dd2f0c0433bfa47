import { readPlanBody } from '../../src/adapters/store/documents/plan.ts';
import { readPlanRow } from '../../src/adapters/store/documents/plan-row.ts';
import { seal, sha256 } from '../../src/adapters/store/ledger.ts';
import { opening, type PlanSeal, type SealedPlan, sealing } from '../../src/core/find/manifest.ts';
import type { Plan } from '../../src/core/find/plan.ts';
import type { StoredPlan } from '../../src/core/record/trust.ts';

/** Salts that come in order, so that the same plan always has the same digest. */
export const countedSalts: PlanSeal = {
  canonical: seal.canonical,
  of: sha256,
  salts: (count) => Array.from({ length: count }, (_none, n) => n.toString(16).padStart(32, '0')),
};

export const sealed = (plan: Plan, by: PlanSeal = countedSalts): SealedPlan => {
  const steps = sealing(plan, by);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
};

/** Filed under a digest that is not its own. */
export const filedAs = (digest: string, plan: Plan): SealedPlan => ({ ...sealed(plan), digest });

/** As the store reads what it holds. */
export function opened({ digest, manifest, rows }: SealedPlan): StoredPlan {
  const isAsFiled = sha256(manifest) === digest;
  const found = readPlanBody(manifest);
  if (found.is === 'whole') return { plan: found.plan, intact: isAsFiled, newer: false };
  if (found.is !== 'manifest') return { plan: null, intact: isAsFiled, newer: found.is === 'newer' };
  const open = opening(found.manifest, { of: sha256 }, readPlanRow);
  for (const row of rows) open.take(row);
  const { plan, intact } = open.end();
  return { plan, intact: isAsFiled && intact, newer: false };
}
