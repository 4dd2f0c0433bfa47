import { sql, type Transaction } from 'kysely';
import type { WorkItems } from '../../ports/runs.ts';
import { type ItemRow, toItem } from './item-row.ts';
import type { Tables } from './schema.ts';

/** Copies about which something was asked whose effect may have come when nobody waited for it any more. */
export function doubtsOf(
  trx: Transaction<Tables>,
  tenant: string,
): Pick<WorkItems, 'doubt' | 'inDoubt' | 'actedOnLater' | 'runsInDoubt'> {
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
              and o.air_until > '-infinity')
         order by w.seq`.execute(trx);
      return rows.map(toItem);
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

    async runsInDoubt(run) {
      const { rows } = await sql<{ run: string }>`
        select distinct o.run from work_item w
          join work_item o on o.tenant = ${tenant} and o.mailbox = w.mailbox and o.message = w.message and o.run <> w.run
         where w.tenant = ${tenant} and w.run = ${run} and w.air_until > '-infinity' order by o.run`.execute(trx);
      return rows.map((row) => row.run);
    },
  };
}
