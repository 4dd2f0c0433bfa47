import { type Selectable, sql, type Transaction } from 'kysely';
import { ACTIONS, type Action, isUndo } from '../../core/action/action.ts';
import type { Run, Runs } from '../../ports/runs.ts';
import type { MailboxFlags } from '../../ports/store.ts';
import { approvedByDocument } from './documents/approved-by.ts';
import { beforeImageDocument } from './documents/before-image.ts';
import { readingRow } from './documents/document.ts';
import type { Tables } from './schema.ts';

/** Some megabytes of text at most. */
const ROWS_PER_INSERT = 5_000;

export function runsOf(trx: Transaction<Tables>, tenant: string): Runs {
  const runs = () => trx.selectFrom('run').selectAll().where('tenant', '=', tenant);
  return {
    async start(run, items) {
      await trx
        .insertInto('run')
        .values({
          tenant,
          id: run.id,
          incident: run.incident,
          action: run.action,
          plan_digest: run.planDigest,
          state: run.state,
          approved_by: approvedByDocument.write(run.approvedBy),
          mode: run.mode,
          cause: run.cause,
          mailboxes: run.mailboxes,
          rescoped_at: run.rescopedAt,
          cancelled_at: run.cancelledAt,
          started_at: run.startedAt,
          finished_at: run.finishedAt,
        })
        .execute();
      const rows = items.map((item, seq) => ({
        seq,
        mailbox: item.mailbox,
        address: item.address,
        message: item.message,
        folder_id: item.folderId,
        folder: item.folder,
        before: item.before ? beforeImageDocument.write(item.before) : null,
      }));
      for (let at = 0; at < rows.length; at += ROWS_PER_INSERT) {
        // All of them as one parameter: one for each value takes twice as long.
        await sql`
          insert into work_item (tenant, run, seq, mailbox, address, message, folder_id, folder, before)
          select ${tenant}, ${run.id}, seq, mailbox, address, message, folder_id, folder, before
            from json_to_recordset(${JSON.stringify(rows.slice(at, at + ROWS_PER_INSERT))}::json)
              as r(seq int, mailbox text, address text, message text, folder_id text, folder text, before text)`.execute(
          trx,
        );
      }
    },

    async get(id) {
      const row = await runs().where('id', '=', id).executeTakeFirst();
      return row ? toRun(row) : null;
    },

    async ofIncident(incident) {
      const rows = await runs().where('incident', '=', incident).orderBy('ord').execute();
      return rows.map(toRun);
    },

    async rescoped(id, at) {
      await trx.updateTable('run').set({ rescoped_at: at }).where('tenant', '=', tenant).where('id', '=', id).execute();
    },

    async cancelled(id, at) {
      await trx
        .updateTable('run')
        .set({ cancelled_at: at })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .execute();
    },

    async usage(since) {
      const rows = await trx
        .selectFrom('run')
        .select(['id', 'approved_by', 'mailboxes'])
        .where('tenant', '=', tenant)
        .where('started_at', '>', since)
        .where('mode', '=', 'live')
        .where('action', 'not in', ACTIONS.filter(isUndo))
        // Counted when it was approved.
        .where('cause', '!=', 'late')
        .execute();
      return rows.map((row) => ({
        // Nobody's, where it cannot be read: it counts for the tenant in any case.
        approvedBy: readingRow({ tenant, id: row.id }).take(approvedByDocument, row.approved_by, []),
        mailboxes: row.mailboxes,
      }));
    },

    async finish(id, at) {
      await trx
        .updateTable('run')
        .set({ state: 'finished', finished_at: at })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .execute();
    },

    async open() {
      const rows = await runs().where('state', '=', 'running').execute();
      return rows.map(toRun);
    },
  };
}

export function mailboxFlagsOf(trx: Transaction<Tables>, tenant: string): MailboxFlags {
  return {
    async raise(flags) {
      if (flags.length === 0) return;
      await trx
        .insertInto('mailbox_flag')
        .values(flags.map((flag) => ({ tenant, ...flag })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    ofIncident(incident) {
      return trx
        .selectFrom('mailbox_flag')
        .select(['mailbox', 'address', 'incident', 'reason', 'owner', 'at'])
        .where('tenant', '=', tenant)
        .where('incident', '=', incident)
        .orderBy('address')
        .execute();
    },
  };
}

function toRun(row: Selectable<Tables['run']>): Run {
  const reading = readingRow({ tenant: row.tenant, id: row.id });
  return {
    id: row.id,
    incident: row.incident,
    action: row.action as Action,
    planDigest: row.plan_digest,
    state: row.state as Run['state'],
    approvedBy: reading.take(approvedByDocument, row.approved_by, []),
    mode: row.mode as Run['mode'],
    cause: row.cause as Run['cause'],
    mailboxes: row.mailboxes,
    rescopedAt: row.rescoped_at,
    cancelledAt: row.cancelled_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    ...reading.marks(),
  };
}
