import { type SealedPlan, sealing } from '../../core/find/manifest.ts';
import type { Plan } from '../../core/find/plan.ts';
import type { Flow } from '../flow.ts';

/** What people approve, and its rows. Sealing a long list keeps nobody waiting. */
export async function sealPlan({ hash }: Pick<Flow, 'hash'>, plan: Plan): Promise<SealedPlan> {
  const steps = sealing(plan, hash);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
