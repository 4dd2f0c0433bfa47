import type { Outcome } from '../../core/action/outcome.ts';
import type { DetailOf } from '../../core/record/payloads.ts';
import type { Run, WorkItem } from '../../ports/runs.ts';
import type { Tx } from '../../ports/store.ts';
import type { Note } from './record.ts';

type CopyEntry = 'copy.intent' | 'copy.untried' | 'copy.outcome' | 'copy.late' | 'copy.beside';
type Said<T extends CopyEntry> = Pick<Note<T>, 'type' | 'outcome' | 'requestId'>;
type More<T extends CopyEntry> = Omit<DetailOf<T>, 'address'>;

/** What is written down about one copy of a run. `detail`: what the entry holds beside its address. */
export function copyNote<T extends CopyEntry>(
  run: Run,
  item: WorkItem,
  { detail, ...said }: Said<T> & { readonly detail: More<T> },
): Note<T> {
  const about = {
    incident: run.incident,
    platform: 'graph',
    planDigest: run.planDigest,
    mailbox: item.mailbox,
    message: item.message,
  };
  // The compiler does not see that a detail is what it is without one field, and that field.
  return { ...about, ...said, detail: { address: item.address, ...detail } } as unknown as Note<T>;
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
    copyNote(run, item, { type: 'copy.outcome', outcome, detail: { action: run.action, note, was: null } }),
  );
}
