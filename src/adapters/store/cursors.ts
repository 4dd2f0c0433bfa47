import { sql, type Transaction } from 'kysely';
import { hoursOf, untilFree } from '../../core/find/allowance.ts';
import { counted, type DayOfReports } from '../../core/find/silence.ts';
import type { CursorKey, Cursors } from '../../ports/cursors.ts';
import { daysOfReportsDocument } from './documents/days-of-reports.ts';
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
  /** What cannot be read keeps nobody from being asked: it is counted anew. */
  function read({ source }: CursorKey, days: string | null): readonly DayOfReports[] {
    const seen = days === null ? null : daysOfReportsDocument.look(days, { tenant, id: source });
    return seen && 'value' in seen ? seen.value : [];
  }
  const daysOf = async (key: CursorKey) => read(key, (await one(key).select('days').executeTakeFirst())?.days ?? null);
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
      const days = heard > 0 ? counted(await daysOf(key), heard, at) : null;
      await changed(key)
        .set({
          cursor,
          lease_until: sql`'-infinity'`,
          not_before: later(restMs),
          failures: 0,
          failing_since: null,
          why: null,
          ...(days ? { heard_at: at, days: daysOfReportsDocument.write(days) } : {}),
        })
        .execute();
    },

    async failed(key, { why, restMs, cursor }, at) {
      await changed(key)
        .set({
          lease_until: sql`'-infinity'`,
          not_before: later(restMs),
          failures: sql`failures + 1`,
          failing_since: sql`coalesce(failing_since, ${at})`,
          why,
          ...(cursor === undefined ? {} : { cursor }),
        })
        .execute();
    },

    async hurry(key, anyhow = false) {
      const hurried = changed(key).set({ not_before: sql`'-infinity'` });
      await (anyhow ? hurried : hurried.where('failures', '=', 0)).execute();
    },

    async silent(key, at) {
      await changed(key).set({ silent_at: at }).execute();
    },

    async spend({ vendor, credential, most }, at) {
      const { oldest, hour } = hoursOf(at);
      await sql`
        delete from source_calls
         where tenant = ${tenant} and vendor = ${vendor} and credential = ${credential} and hour < ${oldest}`.execute(
        trx,
      );
      // Whoever asks with the same credential at the same time waits for this row, and then sees what was counted.
      await sql`
        insert into source_calls as c (tenant, vendor, credential, hour, calls)
        values (${tenant}, ${vendor}, ${credential}, ${hour}, 1)
        on conflict (tenant, vendor, credential, hour) do update set calls = c.calls + 1`.execute(trx);
      const { rows } = await sql<{ calls: number; first: string | null }>`
        select coalesce(sum(calls), 0)::int as calls, min(hour) filter (where calls > 0) as first from source_calls
         where tenant = ${tenant} and vendor = ${vendor} and credential = ${credential}`.execute(trx);
      const [counted] = rows;
      if (!counted || counted.calls <= most) return null;
      await sql`
        update source_calls set calls = calls - 1
         where tenant = ${tenant} and vendor = ${vendor} and credential = ${credential} and hour = ${hour}`.execute(
        trx,
      );
      return untilFree(counted.first ?? hour, at);
    },

    async state(key) {
      const row = await one(key)
        .select(['failing_since', 'failures', 'why', 'heard_at', 'days', 'silent_at'])
        .executeTakeFirst();
      if (!row) return null;
      const { failing_since: failingSince, heard_at: heardAt, silent_at: silentAt, failures, why } = row;
      return { failingSince, failures, why, heardAt, silentAt, days: read(key, row.days) };
    },
  };
}
