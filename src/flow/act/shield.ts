import { isUndo } from '../../core/action/action.ts';
import type { Run } from '../../ports/runs.ts';
import { setsFor } from '../find/sets-for.ts';
import type { Flow } from '../flow.ts';
import { leaveUntouched } from '../record/copy-note.ts';
import { record } from '../record/record.ts';

/**
 * Mailboxes that the policy of this moment never touches fall out of a run that is under way: a list may always shrink.
 * Throws when the directory cannot be asked, so that nothing is touched meanwhile. An undo only gives back.
 */
export async function skipShielded(flow: Flow, run: Run): Promise<void> {
  const { policy } = flow.policy();
  const isOpen = policy.mailboxes.protected.every(({ approve }) => approve !== undefined);
  if (isOpen || isUndo(run.action)) return;
  const sets = await setsFor(flow, run.incident, policy);
  await flow.store.transact(async (tx) => {
    const { total } = await tx.work.counts(run.id);
    const items = (await tx.work.page(run.id, 0, total)).filter(({ outcome }) => outcome === null);
    const bySet = new Map<string, Set<string>>();
    for (const { mailbox, address } of items) {
      const set = sets.shieldOf({ id: mailbox, addresses: [address] });
      if (set !== null) bySet.set(set, (bySet.get(set) ?? new Set()).add(mailbox));
    }
    for (const [set, mailboxes] of bySet) {
      const note = `now in the protected set ${set}: left alone`;
      await record(flow, tx, await leaveUntouched(tx, run, [...mailboxes], 'shielded', note));
    }
  });
}
