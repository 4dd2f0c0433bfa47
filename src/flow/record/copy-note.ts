import type { Outcome } from '../../core/action/outcome.ts';
import type { Run, WorkItem } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';
import type { Note } from './record.ts';

/** What is written down about one copy of a run. */
export function copyNote(run: Run, item: WorkItem, note: Note): Note {
  return {
    incident: run.incident,
    platform: 'graph',
    planDigest: run.planDigest,
    mailbox: item.mailbox,
    message: item.message,
    ...note,
    detail: { address: item.address, ...note.detail },
  };
}

/** Ends the copies of these mailboxes that nobody holds and nothing was intended for; answers what to write down about them. */
export async function leaveUntouched(
  tx: Pick<Tx, 'work'>,
  run: Run,
  mailboxes: readonly string[] | 'all',
  outcome: Outcome,
  note: string,
): Promise<readonly Note[]> {
  const left = await tx.work.skip(run.id, mailboxes, outcome, note);
  return left.map((item) =>
    copyNote(run, item, { type: 'copy.outcome', outcome, detail: { action: run.action, note } }),
  );
}
