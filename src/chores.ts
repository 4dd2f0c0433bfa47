import type { Database } from './adapters/store/database.ts';
import { sweepCaches } from './adapters/store/keyv.ts';
import { within } from './adapters/store/within.ts';
import type { Loaded } from './config/load.ts';
import { refusePolicy } from './flow/decide/govern.ts';
import { retirement } from './flow/record/retire.ts';
import { sweep, tidy } from './flow/sweep.ts';
import type { Log } from './log.ts';
import { type PolicyWatch, watchPolicy } from './policy-watch.ts';
import type { TenantParts } from './tenant.ts';
import type { Witness } from './witness.ts';

/** How long after a lost lease somebody looks at what it held. */
const SWEEP_EVERY_MS = 10_000;
/** Of the 15 s in which a process has to end. */
const CHORE_WITHIN_MS = 2_000;
const TIDY_EVERY_MS = 15 * 60_000;
const RETIRE_EVERY_MS = 10 * 60_000;
/** How soon a change of policy.yaml holds. */
const POLICY_EVERY_MS = 2_000;
/** How soon somebody looks whether refusals are to be put on record: once they are a minute old. */
const REFUSALS_EVERY_MS = 5_000;

/** Regular chores; answers how to end them. */
export function keepHouse(
  database: Database,
  tenants: readonly TenantParts[],
  { policy, witness, log }: { readonly policy: PolicyWatch; readonly witness: Witness; readonly log: Log },
): () => Promise<void> {
  let chore: Promise<unknown> = Promise.resolve();
  const every = (ms: number, what: () => Promise<unknown>) => {
    // One turn that has not come yet is enough: while the database hangs they would pile up.
    let waits = false;
    return setInterval(() => {
      if (waits) return;
      waits = true;
      chore = chore
        .then(() => {
          waits = false;
          return what();
        })
        .catch((err: unknown) => log.warn({ err }, 'a regular chore failed'));
    }, ms);
  };
  const retire = tenants.map(({ flow }) => retirement(flow));
  const timers = [
    every(POLICY_EVERY_MS, () => policy.look()),
    every(SWEEP_EVERY_MS, async () => {
      for (const { flow } of tenants) await sweep(flow, 'later');
      // Last, and whatever comes of it: a disk that is full keeps nobody from what is left to do.
      await witness.note();
    }),
    every(REFUSALS_EVERY_MS, () => tellRefusals(tenants, 'in time')),
    every(RETIRE_EVERY_MS, async () => {
      for (const turn of retire) await turn();
    }),
    every(TIDY_EVERY_MS, async () => {
      for (const { flow } of tenants) await tidy(flow);
      await sweepCaches(database.db, Date.now());
      await database.vacuum();
    }),
  ];
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await within(CHORE_WITHIN_MS, chore);
  };
}

export function policyWatch({ policy, config }: Loaded, tenants: readonly TenantParts[], log: Log): PolicyWatch {
  return watchPolicy(policy, config, {
    async adopted(next, file) {
      for (const parts of tenants) await parts.govern(next, file);
      log.info({ file }, 'the policy was changed: it holds for new plans');
    },
    async refused(why) {
      log.error({ why }, 'the policy was changed and cannot be used: the one before holds');
      for (const { flow } of tenants) await refusePolicy(flow, why);
    },
  });
}

export async function tellRefusals(tenants: readonly TenantParts[], when: 'in time' | 'now'): Promise<void> {
  for (const { refusals } of tenants) await refusals.tell(when);
}
