import { sql, type Transaction } from 'kysely';
import type { ClaimedPart, Search, Searches, StoredAnswer } from '../../ports/searches.ts';
import { askedDocument, lookupsDocument, writtenPart } from './documents/lookups.ts';
import { sha256 } from './ledger.ts';
import type { Tables } from './schema.ts';

export function searchesOf(trx: Transaction<Tables>, tenant: string): Searches {
  const ofSearch = ({ incident, name }: Search) =>
    sql`tenant = ${tenant} and incident = ${incident} and search = ${name}`;
  const held = (search: Search, { id, by }: ClaimedPart) =>
    sql`${ofSearch(search)} and id = ${id} and held_by = ${by} and held_until > now() and answer is null`;
  const until = (ms: number) => sql`now() + make_interval(secs => ${ms / 1_000}::double precision)`;

  return {
    async parts(search) {
      const { rows } = await sql<{ id: string; asked: string; answered_at: string | null }>`
        select id, asked, answered_at from look_part where ${ofSearch(search)}`.execute(trx);
      return rows.map(({ id, asked, answered_at }) => {
        const read = askedDocument.look(asked, { tenant, id });
        return { id, addresses: 'value' in read ? read.value.addresses : null, answeredAt: answered_at };
      });
    },

    async add({ incident, name }, parts, at) {
      for (const { id, addresses, wanted } of parts) {
        const asked = writtenPart(addresses, wanted);
        await sql`
          insert into look_part (tenant, incident, id, search, mailboxes, asked, at)
          values (${tenant}, ${incident}, ${id}, ${name}, ${addresses.length}, ${asked}, ${at})`.execute(trx);
      }
    },

    async claim(search, by, leaseMs) {
      const { rows } = await sql<{ id: string; asked: string }>`
        update look_part set held_by = ${by}, held_until = ${until(leaseMs)}
         where tenant = ${tenant} and incident = ${search.incident} and id = (
           select id from look_part
            where ${ofSearch(search)} and answer is null and (held_until is null or held_until <= now())
            order by place limit 1 for update skip locked)
        returning id, asked`.execute(trx);
      const [row] = rows;
      return row ? { id: row.id, by, ...askedDocument.read(row.asked, { tenant, id: row.id }) } : null;
    },

    async extend(search, claimed, leaseMs) {
      const { numAffectedRows } = await sql`
        update look_part set held_until = ${until(leaseMs)} where ${held(search, claimed)}`.execute(trx);
      return numAffectedRows === 1n;
    },

    async answer(search, claimed, lookups, at) {
      const answer = lookupsDocument.write(lookups);
      const { rows } = await sql<{ asked: string }>`
        update look_part set answer = ${answer}, answered_at = ${at} where ${held(search, claimed)}
        returning asked`.execute(trx);
      return rows[0] ? digestOf(rows[0].asked, answer) : null;
    },

    async answers(search, ids) {
      const { rows } = await sql<{ id: string; asked: string; answer: string }>`
        select id, asked, answer from look_part
         where ${ofSearch(search)} and answer is not null and id = any(${[...ids]}::text[])`.execute(trx);
      return new Map(rows.map(({ id, asked, answer }) => [id, storedAnswer(id, asked, answer)]));
    },

    async progress(incident) {
      const { rows } = await sql<{ mailboxes: number; done: number; since: string }>`
        select sum(mailboxes)::int as mailboxes,
               coalesce(sum(mailboxes) filter (where answered_at is not null), 0)::int as done,
               min(at) as since
          from look_part where tenant = ${tenant} and incident = ${incident} and search = (
           select search from look_part where tenant = ${tenant} and incident = ${incident} order by place desc limit 1)
         group by search`.execute(trx);
      return rows[0] ?? null;
    },

    async drop(incident, ids) {
      const which = ids === 'all' ? sql`` : sql`and id = any(${[...ids]}::text[])`;
      await sql`delete from look_part where tenant = ${tenant} and incident = ${incident} ${which}`.execute(trx);
    },
  };

  function storedAnswer(id: string, asked: string, answer: string): StoredAnswer | null {
    const read = lookupsDocument.look(answer, { tenant, id });
    return 'value' in read ? { digest: digestOf(asked, answer), lookups: read.value } : null;
  }
}

/** Of what was asked as well: an answer moved to another question is none. */
const digestOf = (asked: string, answer: string) => sha256(`look ${asked}\n${answer}`);
