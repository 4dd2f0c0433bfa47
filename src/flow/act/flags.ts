import type { Run, WorkItem } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { record } from '../record/record.ts';

/** Mailboxes in which a copy was flagged are listed for the person who looks after them. */

/** `items`: the copies that were seen flagged. */
export async function raiseFlags(flow: Flow, tx: Tx, run: Run, items: readonly WorkItem[]): Promise<void> {
  const incident = await tx.incidents.get(run.incident);
  const flagged = new Map(items.map((item) => [item.mailbox, item.address]));
  const owner = run.approvedBy.at(-1) ?? '';
  const reason = `${incident?.alert.verdict ?? 'suspicious'} mail ${run.incident}`;
  const at = flow.clock.now();
  const flags = [...flagged].map(([mailbox, address]) => ({
    mailbox,
    address,
    incident: run.incident,
    reason,
    owner,
    at,
  }));
  await tx.flags.raise(flags);
  const votes = await tx.decisions.list(run.incident);
  const name = votes.findLast(({ person }) => person === owner)?.name ?? owner;
  await record(
    flow,
    tx,
    flags.map((flag) => ({
      type: 'mailbox.flagged',
      incident: run.incident,
      actor: { kind: 'person', id: owner, name },
      planDigest: run.planDigest,
      mailbox: flag.mailbox,
      detail: { address: flag.address, reason, owner },
    })),
  );
}
