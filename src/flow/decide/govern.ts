import { differences } from '../../core/diff.ts';
import type { AdoptedPolicy, Bookkeeping, CurrentPolicy } from '../flow.ts';
import { record } from '../record/record.ts';

/** Which policy new plans are made under. Every change of it is in the record; no posted plan is touched by one. */

const MOST = 4_000;

export async function adoptPolicy(flow: Bookkeeping, current: CurrentPolicy, from: string): Promise<AdoptedPolicy> {
  await flow.store.transact(async (tx) => {
    const before = await tx.policies.adopt(current.digest, current.policy, flow.clock.now());
    if (before?.digest === current.digest) return;
    const diff = before ? differences(before.policy, current.policy) : ['the first one'];
    await record(flow, tx, [
      {
        type: 'policy.adopted',
        detail: {
          policy: current.digest,
          before: before?.digest ?? null,
          from,
          rules: current.policy.rules.length,
          diff: cut(diff.length > 0 ? diff : ['the same content']),
        },
      },
    ]);
  });
  return current as AdoptedPolicy;
}

/** The first of them, and so much of the last as there is room for. */
function cut(lines: readonly string[]): readonly string[] {
  let room = MOST;
  return lines.flatMap((line) => {
    const kept = line.slice(0, Math.max(0, room)).toWellFormed();
    room -= line.length;
    return kept === '' ? [] : [kept];
  });
}

/** policy.yaml was changed into something that cannot hold: the one before goes on, and everybody can see why. */
export async function refusePolicy(flow: Bookkeeping, why: string): Promise<void> {
  await flow.store.transact((tx) =>
    record(flow, tx, [{ type: 'policy.refused', detail: { why: why.slice(0, MOST).toWellFormed() } }]),
  );
}
