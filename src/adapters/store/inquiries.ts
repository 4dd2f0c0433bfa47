import { sql, type Transaction } from 'kysely';
import type { Inquiries } from '../../ports/inquiries.ts';
import { criteriaDocument, foundDocument, soughtDocument } from './documents/found.ts';
import type { Tables } from './schema.ts';

/** Leases go by the clock of the database: several processes share it. */
export function inquiriesOf(trx: Transaction<Tables>, tenant: string): Inquiries {
  const until = (ms: number) => sql`now() + make_interval(secs => ${ms / 1_000}::double precision)`;
  const one = (id: string) => sql`tenant = ${tenant} and id = ${id}`;
  const held = (id: string, by: string) => sql`${one(id)} and held_by = ${by} and held_until > now() and found is null`;
  const isFree = sql`not waits and found is null and (held_until is null or held_until <= now())`;

  return {
    async ask({ id, person, at, criteria, waits }, { most, since }) {
      // Two at once must not both be the last that is left: they take turns.
      await sql`select pg_advisory_xact_lock(hashtext(${`inquiry ${tenant} ${person}`}))`.execute(trx);
      const { numAffectedRows } = await sql`
        insert into inquiry (tenant, id, person, at, criteria, waits)
        select ${tenant}, ${id}, ${person}, ${at}, ${criteriaDocument.write(criteria)}, ${waits}::boolean
         where (select count(*) from inquiry where tenant = ${tenant} and person = ${person} and at > ${since})
               < ${most}::int`.execute(trx);
      return numAffectedRows === 1n;
    },

    async get(id) {
      const { rows } = await sql<{
        person: string;
        at: string;
        criteria: string;
        waits: boolean;
        found: string | null;
      }>`select person, at, criteria, waits, found from inquiry where ${one(id)}`.execute(trx);
      const [row] = rows;
      if (!row) return null;
      const { person, at, waits } = row;
      const asked = criteriaDocument.look(row.criteria, { tenant, id });
      const criteria = 'value' in asked ? asked.value : null;
      const read = row.found === null ? null : foundDocument.look(row.found, { tenant, id });
      const found = read && 'value' in read ? read.value : null;
      return { id, person, at, waits, criteria, found, isAnswered: row.found !== null };
    },

    async allow(id) {
      const { numAffectedRows } = await sql`
        update inquiry set waits = false where ${one(id)} and waits`.execute(trx);
      return numAffectedRows === 1n;
    },

    async claim(id, by, leaseMs) {
      const { numAffectedRows } = await sql`
        update inquiry set held_by = ${by}, held_until = ${until(leaseMs)} where ${one(id)} and ${isFree}`.execute(trx);
      return numAffectedRows === 1n;
    },

    async extend(id, by, leaseMs) {
      const { numAffectedRows } = await sql`
        update inquiry set held_until = ${until(leaseMs)} where ${held(id, by)}`.execute(trx);
      return numAffectedRows === 1n;
    },

    async release(id, by) {
      await sql`update inquiry set held_until = null where ${held(id, by)}`.execute(trx);
    },

    async keep(id, by, question, sought) {
      const { rows } = await sql`select id from inquiry where ${held(id, by)} for update`.execute(trx);
      if (rows.length === 0) return false;
      const text = soughtDocument.write(sought);
      await sql`
        insert into inquiry_answer (tenant, inquiry, question, sought) values (${tenant}, ${id}, ${question}, ${text})
        on conflict (tenant, inquiry, question) do update set sought = excluded.sought`.execute(trx);
      return true;
    },

    async kept(id) {
      const { rows } = await sql<{ question: string; sought: string }>`
        select question, sought from inquiry_answer where tenant = ${tenant} and inquiry = ${id}`.execute(trx);
      return new Map(
        rows.flatMap(({ question, sought }) => {
          const read = soughtDocument.look(sought, { tenant, id });
          return 'value' in read ? [[question, read.value] as const] : [];
        }),
      );
    },

    async answer(id, by, found) {
      const { numAffectedRows } = await sql`
        update inquiry set found = ${foundDocument.write(found)}, held_until = null where ${held(id, by)}`.execute(trx);
      if (numAffectedRows !== 1n) return false;
      await sql`delete from inquiry_answer where tenant = ${tenant} and inquiry = ${id}`.execute(trx);
      return true;
    },

    async open() {
      const { rows } = await sql<{ id: string }>`
        select id from inquiry where tenant = ${tenant} and ${isFree} order by at, id collate "C"`.execute(trx);
      return rows.map(({ id }) => id);
    },

    async forget(before) {
      await sql`
        delete from inquiry_answer where tenant = ${tenant}
           and inquiry in (select id from inquiry where tenant = ${tenant} and at < ${before})`.execute(trx);
      await sql`delete from inquiry where tenant = ${tenant} and at < ${before}`.execute(trx);
    },
  };
}

/** For a database that nobody else can have open: what a dead process held is free again. */
export async function freeInquiries(trx: Transaction<Tables>): Promise<void> {
  await sql`update inquiry set held_until = null where held_until is not null`.execute(trx);
}
