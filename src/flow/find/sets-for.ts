import type { TenantPolicy } from '../../core/ask/policy.ts';
import { ClawbackError } from '../../core/error.ts';
import { type UnreadSet, unreadSetIn } from '../../core/record/unread-sets.ts';
import type { Tx } from '../../ports/store.ts';
import type { Finding } from '../flow.ts';
import { announce, record } from '../record/record.ts';
import { type Sets, setsOf } from './sets.ts';

/** The sets of the policy for one incident: while one cannot be read nothing is done, and its cards say which and why. */
export async function setsFor(flow: Finding, incident: string, policy: TenantPolicy): Promise<Sets> {
  const sets = await setsOf(flow, policy).catch(async (error: unknown) => {
    if (error instanceof ClawbackError && error.field !== null)
      await tellSets(flow, incident, { set: error.field, why: error.message });
    throw error;
  });
  await tellSets(flow, incident, null);
  return sets;
}

/** Once for each set: that it is met again is no news, whatever words the service has for it. */
async function tellSets(flow: Finding, incident: string, now: Pick<UnreadSet, 'set' | 'why'> | null): Promise<void> {
  await flow.store.transact(async (tx) => {
    if ((await unreadSet(tx, incident))?.set === now?.set) return;
    const locked = await tx.incidents.lock(incident);
    if (!locked || (await unreadSet(tx, incident))?.set === now?.set) return;
    await record(flow, tx, [
      {
        type: 'sets.checked',
        incident,
        planDigest: locked.planDigest,
        outcome: now ? 'unreadable' : 'readable',
        detail: { set: now?.set ?? null, why: now?.why ?? null },
      },
    ]);
    await announce(flow, tx, incident);
  });
}

/** What its record says of it. */
async function unreadSet(tx: Tx, incident: string): Promise<UnreadSet | null> {
  const found = await tx.ledger.find({ incident, types: ['sets.checked'] });
  return found.reduce<UnreadSet | null>((last, { entry }) => (entry ? unreadSetIn(entry, last) : last), null);
}
