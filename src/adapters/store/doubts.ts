import { sql, type Transaction } from 'kysely';
import { LONGEST_REQUEST_MS } from '../../core/lease.ts';
import type { WorkItems } from '../../ports/runs.ts';
import { COLUMNS, type ItemRow, toItem } from './item-row.ts';
import type { Tables } from './schema.ts';

/**
 * What could come no more long before this run set out to act did not undo what it did. A process may have been frozen in
 * the last step before its request: as much time again is allowed for that.
 */
const begun = sql`(coalesce(w.intent_at::timestamptz, '-infinity') - make_interval(secs => ${LONGEST_REQUEST_MS / 1_000}::double precision))`;

/** Copies about which something was asked whose effect may have come when nobody waited for it any more. */
export function doubtsOf(
  trx: Transaction<Tables>,
  tenant: string,
): Pick<
  WorkItems,
  'doubt' | 'inDoubt' | 'ownDoubts' | 'correct' | 'actedOnLater' | 'actedOnSince' | 'doubtedBy' | 'runsInDoubt'
> {
  return {
    async doubt(run, seqs) {
      await sql`
        update work_item set air_until = greatest(air_until, clock_timestamp())
         where tenant = ${tenant} and run = ${run}
           and seq in (select jsonb_array_elements_text(${JSON.stringify(seqs)}::jsonb)::int)`.execute(trx);
    },

    async inDoubt(run) {
      const { rows } = await sql<ItemRow>`
        select w.run, w.seq, w.mailbox, w.address, w.message, w.folder_id, w.folder, w.before, w.attempts,
               w.fence::text as fence, w.intent_at, w.outcome, w.detail
          from work_item w
         where w.tenant = ${tenant} and w.run = ${run} and exists (
           select 1 from work_item o where o.tenant = ${tenant} and o.mailbox = w.mailbox and o.message = w.message
              and o.air_until > ${begun} and o.air_until > '-infinity')
         order by w.seq`.execute(trx);
      return rows.map(toItem);
    },

    async ownDoubts(run) {
      const rows = await trx
        .selectFrom('work_item')
        .select(COLUMNS)
        .where('tenant', '=', tenant)
        .where('run', '=', run)
        .where('air_until', '>', '-infinity')
        .orderBy('seq')
        .execute();
      return rows.map(toItem);
    },

    async correct(run, corrections) {
      const rows = JSON.stringify(corrections);
      const done = await sql<{ seq: number }>`
        update work_item w set outcome = r.outcome, detail = r.detail, request_id = r."requestId"
          from jsonb_to_recordset(${rows}::jsonb) as r(seq int, was text, outcome text, detail text, "requestId" text)
         where w.tenant = ${tenant} and w.run = ${run} and w.seq = r.seq and w.state = 'done' and w.outcome = r.was
        returning w.seq`.execute(trx);
      return done.rows.map((row) => row.seq);
    },

    async actedOnLater(run) {
      const { rows } = await sql<{ seq: number }>`
        select w.seq from work_item w
         where w.tenant = ${tenant} and w.run = ${run} and exists (
           select 1 from work_item o where o.tenant = ${tenant} and o.mailbox = w.mailbox and o.message = w.message
              and o.run <> w.run and o.intent_at > w.intent_at)
         order by w.seq`.execute(trx);
      return rows.map((row) => row.seq);
    },

    async actedOnSince(run, since) {
      const { rows } = await sql<{ seq: number }>`
        select w.seq from work_item w
         where w.tenant = ${tenant} and w.run = ${run} and exists (
           select 1 from work_item o where o.tenant = ${tenant} and o.mailbox = w.mailbox and o.message = w.message
              and o.run <> w.run and o.intent_at > ${since})
         order by w.seq`.execute(trx);
      return rows.map((row) => row.seq);
    },

    async doubtedBy(run) {
      const { rows } = await sql<{ seq: number; run: string }>`
        select w.seq, o.run from work_item w
          join work_item o on o.tenant = ${tenant} and o.mailbox = w.mailbox and o.message = w.message and o.run <> w.run
         where w.tenant = ${tenant} and w.run = ${run} and o.air_until > ${begun} and o.air_until > '-infinity'
         order by w.seq, o.run`.execute(trx);
      return rows;
    },

    async runsInDoubt(run) {
      const { rows } = await sql<{ run: string }>`
        select distinct o.run from work_item w
          join work_item o on o.tenant = ${tenant} and o.mailbox = w.mailbox and o.message = w.message and o.run <> w.run
         where w.tenant = ${tenant} and w.run = ${run} and w.air_until > '-infinity' order by o.run`.execute(trx);
      return rows.map((row) => row.run);
    },
  };
}
