import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { FlagRow, FlagRows } from '../../ports/flags.ts';
import type { Held } from '../../ports/held.ts';
import type { Tables } from './schema.ts';

export function flagRowsOf(trx: Transaction<Tables>, tenant: string): FlagRows {
  async function rows(where: RawBuilder<unknown>): Promise<readonly FlagRow[]> {
    const found = await sql<FlagRow>`
      select id, incident, mailbox, address, state, owner, due_at as "dueAt", next_at as "nextAt", updated_at as "updatedAt"
        from flag where tenant = ${tenant} and ${where}`.execute(trx);
    return found.rows;
  }
  const values = ({ id, incident, mailbox, address, state, owner, dueAt, nextAt, updatedAt }: FlagRow) =>
    sql`(${sql.join([tenant, id, incident, mailbox, address, state, owner, dueAt, nextAt, updatedAt])})`;
  const columns = sql`(tenant, id, incident, mailbox, address, state, owner, due_at, next_at, updated_at)`;

  return {
    async add(some) {
      const many = some.map((row) => ({ ...row, tenant }));
      const kept = await sql<{ id: string }>`
        insert into flag ${columns}
        select tenant, id, incident, mailbox, address, state, owner, "dueAt", "nextAt", "updatedAt"
          from json_to_recordset(${JSON.stringify(many)}::json) as r(tenant text, id text, incident text, mailbox text,
               address text, state text, owner text, "dueAt" text, "nextAt" text, "updatedAt" text)
            on conflict do nothing returning id`.execute(trx);
      return new Set(kept.rows.map(({ id }) => id));
    },

    async get(id) {
      return (await rows(sql`id = ${id}`))[0] ?? null;
    },

    async lock(id) {
      const [row] = await rows(sql`id = ${id} for update`);
      return row ? (row as Held<FlagRow>) : null;
    },

    async save(row, change) {
      const { state, owner, dueAt, nextAt, updatedAt } = { ...row, ...change };
      const { numAffectedRows } = await sql`
        update flag set state = ${state}, owner = ${owner}, due_at = ${dueAt}, next_at = ${nextAt}, updated_at = ${updatedAt}
         where tenant = ${tenant} and id = ${row.id}
           and (${state} = 'cleared' or not exists (
             select 1 from flag f where f.tenant = ${tenant} and f.mailbox = ${row.mailbox} and f.id <> ${row.id}
                and f.state <> 'cleared'))`.execute(trx);
      return numAffectedRows === 1n;
    },

    async put(row) {
      await sql`delete from flag where tenant = ${tenant} and (id = ${row.id}
        or (mailbox = ${row.mailbox} and state <> 'cleared' and ${row.state} <> 'cleared'))`.execute(trx);
      await sql`insert into flag ${columns} values ${values(row)}`.execute(trx);
    },

    openOf: (mailboxes) => rows(sql`mailbox = any(${[...mailboxes]}::text[]) and state <> 'cleared'`),

    async open(limit) {
      const found = await rows(sql`state <> 'cleared' order by due_at, id collate "C" limit ${limit}::int`);
      if (found.length < limit) return { rows: found, total: found.length };
      const { rows: counted } = await sql<{ n: number }>`
        select count(*)::int as n from flag where tenant = ${tenant} and state <> 'cleared'`.execute(trx);
      return { rows: found, total: counted[0]?.n ?? found.length };
    },

    clearedSince: (since, limit) =>
      rows(
        sql`state = 'cleared' and updated_at >= ${since} order by updated_at desc, id collate "C" limit ${limit}::int`,
      ),

    ofIncident: (incident) =>
      rows(sql`${incident === null ? sql`incident is null` : sql`incident = ${incident}`} order by id collate "C"`),

    async due(now, limit) {
      const found = await rows(
        sql`state <> 'cleared' and next_at is not null and next_at <= ${now}
            order by next_at, id collate "C" limit ${limit}::int`,
      );
      return found.map(({ id }) => id);
    },

    async forget(before) {
      await sql`
        delete from flag where tenant = ${tenant} and state = 'cleared' and updated_at < ${before}
           and incident is null`.execute(trx);
    },
  };
}
