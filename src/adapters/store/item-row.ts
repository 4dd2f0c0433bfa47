import type { Selectable } from 'kysely';
import type { Outcome } from '../../core/outcome.ts';
import type { MessageState } from '../../ports/mail.ts';
import type { WorkItem } from '../../ports/runs.ts';
import type { Tables } from './schema.ts';

export const COLUMNS = [
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
  return {
    run: row.run,
    seq: row.seq,
    mailbox: row.mailbox,
    address: row.address,
    message: row.message,
    folderId: row.folder_id,
    folder: row.folder,
    before: row.before ? (JSON.parse(row.before) as MessageState) : null,
    attempts: row.attempts,
    fence: String(row.fence),
    intentAt: row.intent_at,
    outcome: row.outcome as Outcome | null,
    detail: row.detail,
  };
}
