import { automationDocument } from '../../src/adapters/store/documents/automation.ts';
import type { AutomationLists } from '../../src/ports/automation.ts';
import { createTable, by as inOrder, type Journal } from './memory-table.ts';

interface Row {
  readonly id: string;
  readonly at: string;
  readonly list: string;
}

/** Lists of what automation took out, in memory. */
export function createAutomationLists(journal: Journal): AutomationLists {
  const rows = createTable<Row>(journal);
  return {
    async keep(list) {
      return rows.add(list.id, { id: list.id, at: list.asOf, list: automationDocument.write(list) });
    },
    async get(id) {
      const row = rows.get(id);
      if (!row) return null;
      const read = automationDocument.look(row.list, { tenant: '', id });
      return 'value' in read ? read.value : 'unreadable';
    },
    since: async (since) =>
      [...rows.rows().filter(({ at }) => at >= since)]
        .sort(inOrder(({ id }) => id))
        .sort(inOrder(({ at }) => at))
        .map(({ id }) => id),
    async forget(before) {
      for (const { id, at } of rows.rows()) if (at < before) rows.remove(id);
    },
  };
}
