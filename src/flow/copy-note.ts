import type { Run, WorkItem } from '../ports/runs.ts';
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
