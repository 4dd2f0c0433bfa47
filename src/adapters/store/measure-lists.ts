import { sql, type Transaction } from 'kysely';
import type { MeasureLists, StoredList } from '../../ports/measure-lists.ts';
import { imageDocument, measureListDocument } from './documents/measures.ts';
import type { Tables } from './schema.ts';

interface Row {
  readonly id: string;
  readonly incident: string;
  readonly at: string;
  readonly list: string | null;
}

/** Leases go by the clock of the database: several processes share it. */
export function measureListsOf(trx: Transaction<Tables>, tenant: string): MeasureLists {
  const after = (ms: number) => sql`now() + make_interval(secs => ${ms / 1_000}::double precision)`;
  const one = (id: string) => sql`tenant = ${tenant} and id = ${id}`;
  const held = (id: string, by: string) => sql`${one(id)} and held_by = ${by} and held_until > now()`;
  const isFree = sql`is_open and not_before <= now() and (held_until is null or held_until <= now())`;

  function stored({ id, incident, at, list: text }: Row): StoredList {
    const seen = text === null ? { value: null } : measureListDocument.look(text, { tenant, id });
    return 'value' in seen
      ? { id, incident, at, list: seen.value }
      : { id, incident, at, list: null, unread: seen.unread };
  }

  return {
    async add({ id, incident, at }) {
      await sql`insert into measure_list (tenant, id, incident, at) values (${tenant}, ${id}, ${incident}, ${at})`.execute(
        trx,
      );
    },

    async get(id) {
      const { rows } = await sql<Row>`select id, incident, at, list from measure_list where ${one(id)}`.execute(trx);
      return rows[0] ? stored(rows[0]) : null;
    },

    async lock(id) {
      const { rows } = await sql<Row>`
        select id, incident, at, list from measure_list where ${one(id)} for update`.execute(trx);
      return rows[0] ? stored(rows[0]) : null;
    },

    async freeze(list) {
      const { numAffectedRows } = await sql`
        update measure_list set list = ${measureListDocument.write(list)}, until = ${list.until}, is_open = false
         where ${one(list.id)} and list is null`.execute(trx);
      return numAffectedRows === 1n;
    },

    async ofIncident(incident) {
      const { rows } = await sql<{ id: string }>`
        select id from measure_list where tenant = ${tenant} and incident = ${incident}
         order by at, id collate "C"`.execute(trx);
      return rows.map(({ id }) => id);
    },

    async open(id, isOpen) {
      await sql`
        update measure_list set is_open = ${isOpen}, not_before = now(), until = null where ${one(id)}`.execute(trx);
    },

    async waiting(now) {
      const { rows } = await sql<{ id: string }>`
        select id from measure_list where tenant = ${tenant} and (${isFree} or until <= ${now} or remind_at <= ${now})
         order by at, id collate "C"`.execute(trx);
      return rows.map(({ id }) => id);
    },

    async claim(id, by, leaseMs) {
      const { numAffectedRows } = await sql`
        update measure_list set held_by = ${by}, held_until = ${after(leaseMs)} where ${one(id)} and ${isFree}`.execute(
        trx,
      );
      return numAffectedRows === 1n;
    },

    async extend(id, by, leaseMs) {
      const { numAffectedRows } = await sql`
        update measure_list set held_until = ${after(leaseMs)} where ${held(id, by)}`.execute(trx);
      return numAffectedRows === 1n;
    },

    async release(id, by, restMs) {
      await sql`
        update measure_list set held_until = null, not_before = ${after(restMs)} where ${held(id, by)}`.execute(trx);
    },

    async remindAt(id, at) {
      await sql`update measure_list set remind_at = ${at} where ${one(id)}`.execute(trx);
    },

    async toRemind(id) {
      const { rows } = await sql<{ at: string | null }>`
        select remind_at as at from measure_list where ${one(id)}`.execute(trx);
      return rows[0]?.at ?? null;
    },

    async keepImage(id, n, when, image) {
      const text = imageDocument.write(image);
      await sql`
        insert into measure_image (tenant, list, n, seen, image) values (${tenant}, ${id}, ${n}, ${when}, ${text})
        on conflict (tenant, list, n, seen) do update set image = excluded.image`.execute(trx);
    },

    async image(id, n, when) {
      const { rows } = await sql<{ image: string }>`
        select image from measure_image
         where tenant = ${tenant} and list = ${id} and n = ${n} and seen = ${when}`.execute(trx);
      const read = rows[0] && imageDocument.look(rows[0].image, { tenant, id });
      return read && 'value' in read ? read.value : null;
    },
  };
}

/** For a database that nobody else can have open: what a dead process held is free again. */
export async function freeMeasures(trx: Transaction<Tables>): Promise<void> {
  await sql`update measure_list set held_until = null where held_until is not null`.execute(trx);
}
