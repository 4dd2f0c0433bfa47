import { sql, type Transaction } from 'kysely';
import type { Finish } from '../../ports/runs.ts';
import type { Tables } from './schema.ts';

/** While a mailbox is throttled every further request counts against it: all its items rest, in every run. */
export async function restMailboxes(
  trx: Transaction<Tables>,
  tenant: string,
  run: string,
  results: readonly Finish[],
): Promise<void> {
  const waits = results.flatMap((r) => (!r.done && r.wholeMailbox ? [{ seq: r.seq, wait: r.waitMs / 1_000 }] : []));
  if (waits.length === 0) return;
  const named = await sql<{ mailbox: string; wait: number }>`
    select i.mailbox, max(r.wait) as wait
      from jsonb_to_recordset(${JSON.stringify(waits)}::jsonb) as r(seq int, wait double precision)
      join work_item i on i.tenant = ${tenant} and i.run = ${run} and i.seq = r.seq group by i.mailbox`.execute(trx);
  if (named.rows.length === 0) return;
  // Named one by one, so that each is found by the index; joined to a list, all that waits would be read.
  await sql`
    update work_item w
       set not_before = greatest(w.not_before, clock_timestamp() + make_interval(secs => t.wait))
      from jsonb_to_recordset(${JSON.stringify(named.rows)}::jsonb) as t(mailbox text, wait double precision)
     where w.tenant = ${tenant} and w.state = 'ready' and w.mailbox = t.mailbox
       and w.mailbox in (${sql.join(named.rows.map(({ mailbox }) => mailbox))})`.execute(trx);
}
