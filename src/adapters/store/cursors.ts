import { sql, type Transaction } from 'kysely';
import type { CursorKey, Cursors } from '../../ports/cursors.ts';
import type { Tables } from './schema.ts';

/** Leases and rests go by the clock of the database: several processes share it. */
export function cursorsOf(trx: Transaction<Tables>, tenant: string): Cursors {
  const later = (ms: number) =>
    sql<string>`now() + make_interval(secs => ${Math.max(0, ms) / 1_000}::double precision)`;
  const changed = ({ source, vendor }: CursorKey) =>
    trx
      .updateTable('source_cursor')
      .where('tenant', '=', tenant)
      .where('source', '=', source)
      .where('vendor', '=', vendor);
  const one = ({ source, vendor }: CursorKey) =>
    trx
      .selectFrom('source_cursor')
      .where('tenant', '=', tenant)
      .where('source', '=', source)
      .where('vendor', '=', vendor);
  return {
    async isDue(key) {
      const kept = await one(key)
        .select('source')
        .where((eb) => eb.or([eb('lease_until', '>', sql<string>`now()`), eb('not_before', '>', sql<string>`now()`)]))
        .executeTakeFirst();
      return kept === undefined;
    },

    async claim(key, leaseMs) {
      await trx
        .insertInto('source_cursor')
        .values({ tenant, ...key })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const row = await changed(key)
        .set({ fence: sql`fence + 1`, lease_until: later(leaseMs) })
        .where('lease_until', '<=', sql<string>`now()`)
        .where('not_before', '<=', sql<string>`now()`)
        .returning(['cursor', 'fence', 'failures'])
        .executeTakeFirst();
      return row ?? null;
    },

    async hold(key, fence, leaseMs) {
      const held = await changed(key)
        .set({ lease_until: later(leaseMs) })
        .where('fence', '=', fence)
        .executeTakeFirst();
      return Number(held.numUpdatedRows) > 0;
    },

    async move(key, { cursor, heard, restMs }, at) {
      await changed(key)
        .set({
          cursor,
          lease_until: sql`'-infinity'`,
          not_before: later(restMs),
          failures: 0,
          failing_since: null,
          why: null,
          ...(heard ? { heard_at: at } : {}),
        })
        .execute();
    },

    async failed(key, why, restMs, at) {
      await changed(key)
        .set({
          lease_until: sql`'-infinity'`,
          not_before: later(restMs),
          failures: sql`failures + 1`,
          failing_since: sql`coalesce(failing_since, ${at})`,
          why,
        })
        .execute();
    },

    async state(key) {
      const row = await one(key).select(['failing_since', 'failures', 'why', 'heard_at']).executeTakeFirst();
      return row
        ? { failingSince: row.failing_since, failures: row.failures, why: row.why, heardAt: row.heard_at }
        : null;
    },
  };
}
