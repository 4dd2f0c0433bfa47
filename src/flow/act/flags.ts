import type { Actor } from '../../core/record/ledger.ts';
import type { Run, WorkItem } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { raise } from '../record/flag-raised.ts';
import type { Note } from '../record/record.ts';

/** Mailboxes in which a copy was flagged are listed for the incident, and each is for people to look after. */

/** `items`: the copies that were seen flagged. Answers what to write down: the record is held last. */
export async function raiseFlags(flow: Flow, tx: Tx, run: Run, items: readonly WorkItem[]): Promise<readonly Note[]> {
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
  const actor: Actor = { kind: 'person', id: owner, name };
  const from = { incident: run.incident, actor, platform: null, byHand: false };
  const raised = await raise(flow, tx, flags, from);
  return [
    ...flags.map(
      (flag): Note => ({
        type: 'mailbox.flagged',
        incident: run.incident,
        actor,
        planDigest: run.planDigest,
        mailbox: flag.mailbox,
        detail: { address: flag.address, reason, owner },
      }),
    ),
    ...raised.map(({ note }) => note),
  ];
}
