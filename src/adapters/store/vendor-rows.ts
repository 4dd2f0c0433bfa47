import { sql, type Transaction } from 'kysely';
import { type KeptRow, MOST_ROWS, type VendorRows } from '../../ports/vendor-rows.ts';
import type { Tables } from './schema.ts';

export function vendorRowsOf(trx: Transaction<Tables>, tenant: string): VendorRows {
  return {
    async keep(incident, { source, delivery, at, text, bytes }) {
      await sql`
        insert into vendor_row (tenant, incident, source, delivery, at, text, bytes)
        select ${tenant}, ${incident}, ${source}, ${delivery}, ${at}, ${text}, ${bytes}::int
         where (select count(*) from vendor_row where tenant = ${tenant} and incident = ${incident}) < ${MOST_ROWS}::int
        on conflict do nothing`.execute(trx);
    },

    async of(incident) {
      const { rows } = await sql<KeptRow>`
        select source, delivery, at, text, bytes from vendor_row
         where tenant = ${tenant} and incident = ${incident} order by at, source, delivery`.execute(trx);
      return rows;
    },
  };
}
