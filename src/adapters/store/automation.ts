import { sql, type Transaction } from 'kysely';
import type { AutomationLists } from '../../ports/automation.ts';
import { automationDocument } from './documents/automation.ts';
import type { Tables } from './schema.ts';

export function automationOf(trx: Transaction<Tables>, tenant: string): AutomationLists {
  const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
  return {
    async keep(list) {
      const { numAffectedRows } = await sql`
        insert into automation_list (tenant, id, at, list)
        values (${tenant}, ${list.id}, ${list.asOf}, ${automationDocument.write(list)})
        on conflict do nothing`.execute(trx);
      return numAffectedRows === 1n;
    },

    async get(id) {
      const { rows } = await sql<{ list: string }>`
        select list from automation_list where tenant = ${tenant} and id = ${id}`.execute(trx);
      const [row] = rows;
      if (!row) return null;
      const read = automationDocument.look(row.list, { tenant, id });
      return 'value' in read ? read.value : 'unreadable';
    },

    async since(at) {
      const { rows } = await sql<{ id: string }>`
        select id from automation_list where tenant = ${tenant} and at >= ${at} order by at, id collate "C"`.execute(
        trx,
      );
      return idsOf(rows);
    },

    async forget(before) {
      await sql`delete from automation_list where tenant = ${tenant} and at < ${before}`.execute(trx);
    },
  };
}
