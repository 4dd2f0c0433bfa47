import type { Database } from './adapters/store/database.ts';
import { sweepCaches } from './adapters/store/keyv.ts';
import { refreshStatistics } from './adapters/store/statistics.ts';
import { within } from './adapters/store/within.ts';
import type { Loaded } from './config/load.ts';
import { refusePolicy } from './flow/decide/govern.ts';
import { letGoOfEvidence } from './flow/record/evidence.ts';
import { rankWatch } from './flow/record/ranks.ts';
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
/** How soon some of what is open is held against where it stands in the queue. */
const RANKS_EVERY_MS = 10_000;
/** How soon the database's planner hears of a table that has grown. */
const STATISTICS_EVERY_MS = 3_000;
/** How soon a subscription that is missing is made, and one that ends soon is renewed. */
const SUBSCRIPTIONS_EVERY_MS = 30_000;
/** How soon somebody looks whether refusals are to be put on record: once they are a minute old. */
const REFUSALS_EVERY_MS = 5_000;
/** How soon somebody looks whether what was asked of Microsoft is to be sealed: once it is a minute old, or long. */
const SEAL_EVERY_MS = 5_000;

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
  const ranks = tenants.map(({ flow }) => rankWatch(flow));
  const timers = [
    every(POLICY_EVERY_MS, () => policy.look()),
    every(STATISTICS_EVERY_MS, () => refreshStatistics(database.db)),
    every(SWEEP_EVERY_MS, async () => {
      // The witness last, and whatever comes of it: a disk that is full keeps nobody from what is left to do.
      await inTurn([
        ...tenants.map(
          ({ flow }) =>
            () =>
              sweep(flow, 'later'),
        ),
        () => witness.note(),
      ]);
    }),
    every(RANKS_EVERY_MS, () => inTurn(ranks)),
    every(SUBSCRIPTIONS_EVERY_MS, async () => {
      for (const { notifications } of tenants) await notifications?.keep();
    }),
    every(REFUSALS_EVERY_MS, () => tellRefusals(tenants, 'in time')),
    every(SEAL_EVERY_MS, () => sealRequests(tenants, 'due')),
    every(RETIRE_EVERY_MS, () =>
      inTurn([
        ...retire,
        ...tenants.map(
          ({ flow }) =>
            () =>
              letGoOfEvidence(flow),
        ),
        ...tenants.flatMap(({ requests }) => [() => requests.takeOver(), () => requests.forget()]),
      ]),
    ),
    every(TIDY_EVERY_MS, () =>
      inTurn([
        ...tenants.map(
          ({ flow }) =>
            () =>
              tidy(flow),
        ),
        () => sweepCaches(database.db, Date.now()),
        () => database.vacuum(),
      ]),
    ),
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

export function tellRefusals(tenants: readonly TenantParts[], when: 'in time' | 'now'): Promise<void> {
  return inTurn(
    tenants.map(
      ({ refusals }) =>
        () =>
          refusals.tell(when),
    ),
  );
}

export function sealRequests(tenants: readonly TenantParts[], when: 'due' | 'now'): Promise<void> {
  return inTurn(
    tenants.map(
      ({ requests }) =>
        () =>
          requests.seal(when),
    ),
  );
}

/** One after the other, and each whatever came of those before: what fails for one tenant is done for the others. */
async function inTurn(turns: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failed: unknown[] = [];
  for (const turn of turns) await turn().catch((err: unknown) => failed.push(err));
  if (failed.length === 1) throw failed[0];
  if (failed.length > 1) throw new AggregateError(failed, `${failed.length} of ${turns.length} failed`);
}
