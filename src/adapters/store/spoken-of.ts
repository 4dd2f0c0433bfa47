import { sql, type Transaction } from 'kysely';
import type { Tables } from './schema.ts';

/** Ids of incidents that any row or entry speaks of, in order: a row that was taken away is still spoken of elsewhere. */
export async function idsAfter(trx: Transaction<Tables>, tenant: string, after: string, limit: number) {
  const of = (table: string, column: string) => sql`
    (select distinct ${sql.ref(column)} as id from ${sql.table(table)}
      where tenant = ${tenant} and ${sql.ref(column)} > ${after} order by 1 limit ${limit}::int)`;
  // In the ledger from one to the next by its index: an incident may have a hundred thousand entries.
  const { rows } = await sql<{ id: string }>`
    with recursive step(id, n) as (
      select (select min(incident) from ledger where tenant = ${tenant} and incident > ${after}), 1
      union all
      select (select min(incident) from ledger where tenant = ${tenant} and incident > step.id), n + 1
        from step where step.id is not null and n < ${limit}::int)
    select id from (
      (select id from step where id is not null) union ${of('incident', 'id')} union ${of('plan', 'incident')}
      union ${of('decision', 'incident')} union ${of('run', 'incident')}) as spoken
     order by id limit ${limit}::int`.execute(trx);
  return rows.map(({ id }) => id);
}
