import type { Selectable } from 'kysely';
import type { Outcome } from '../../core/action/outcome.ts';
import type { MessageState } from '../../ports/reader.ts';
import type { Finish, WorkItem } from '../../ports/runs.ts';
import { beforeImageDocument } from './documents/before-image.ts';
import { readingRow } from './documents/document.ts';
import type { Tables } from './schema.ts';

export const COLUMNS = [
  'tenant',
  'run',
  'seq',
  'mailbox',
  'address',
  'message',
  'folder_id',
  'folder',
  'before',
  'attempts',
  'fence',
  'intent_at',
  'outcome',
  'detail',
] as const;

export type ItemRow = Pick<Selectable<Tables['work_item']>, (typeof COLUMNS)[number]>;

export function toItem(row: ItemRow): WorkItem {
  const reading = readingRow({ tenant: row.tenant, id: `${row.run}, copy ${row.seq}` });
  return {
    run: row.run,
    seq: row.seq,
    mailbox: row.mailbox,
    address: row.address,
    message: row.message,
    folderId: row.folder_id,
    folder: row.folder,
    before: row.before ? reading.take<MessageState | null>(beforeImageDocument, row.before, null) : null,
    attempts: row.attempts,
    fence: String(row.fence),
    intentAt: row.intent_at,
    outcome: row.outcome as Outcome | null,
    detail: row.detail,
    ...reading.marks(),
  };
}

/** What is known at the end of a try, as the statement that ends it reads it. */
export function finishRow(result: Finish) {
  return result.done
    ? {
        seq: result.seq,
        fence: result.fence,
        state: 'done',
        outcome: result.outcome,
        detail: result.detail,
        request_id: result.requestId,
        wait: 0,
        refund: 0,
        air: result.inTheAir === true,
        untried: false,
        before: result.before ? beforeImageDocument.write(result.before) : null,
      }
    : {
        seq: result.seq,
        fence: result.fence,
        state: 'ready',
        outcome: null,
        detail: null,
        request_id: null,
        wait: result.waitMs / 1_000,
        refund: result.countsAsAttempt ? 0 : 1,
        air: result.inTheAir === true,
        untried: result.takenBack !== undefined,
        before: result.takenBack?.before ? beforeImageDocument.write(result.takenBack.before) : null,
      };
}
