import type { Run } from '../ports/runs.ts';
import type { Flow } from './flow.ts';
import { record } from './record.ts';
import { setsOf } from './sets.ts';

/**
 * Mailboxes that the policy of this moment never touches fall out of a run that is under way: a list may always shrink.
 * Throws when the directory cannot be asked, so that nothing is touched meanwhile. An undo only gives back.
 */
export async function skipShielded(flow: Flow, run: Run): Promise<void> {
  const { policy } = flow.policy();
  const isOpen = policy.mailboxes.protected.every(({ approve }) => approve !== undefined);
  if (isOpen || run.action === 'restore') return;
  const sets = await setsOf(flow, policy);
  await flow.store.transact(async (tx) => {
    const { total } = await tx.work.counts(run.id);
    const items = (await tx.work.page(run.id, 0, total)).filter(({ outcome }) => outcome === null);
    const bySet = new Map<string, Set<string>>();
    for (const { mailbox, address } of items) {
      const set = sets.shieldOf({ id: mailbox, addresses: [address] });
      if (set !== null) bySet.set(set, (bySet.get(set) ?? new Set()).add(mailbox));
    }
    for (const [set, mailboxes] of bySet) {
      const detail = `now in the protected set ${set}: left alone`;
      const skipped = await tx.work.skip(run.id, [...mailboxes], 'shielded', detail);
      await record(
        flow,
        tx,
        skipped.map((item) => ({
          type: 'copy.outcome',
          incident: run.incident,
          platform: 'graph',
          planDigest: run.planDigest,
          mailbox: item.mailbox,
          message: item.message,
          outcome: 'shielded',
          detail: { address: item.address, action: run.action, note: detail },
        })),
      );
    }
  });
}
