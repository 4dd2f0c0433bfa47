import { automationDocument } from '../../src/adapters/store/documents/automation.ts';
import type { AutomationLists } from '../../src/ports/automation.ts';
import { createTable, type Journal, by as inOrder } from './memory-table.ts';

interface Row {
  readonly id: string;
  readonly day: string;
  readonly at: string;
  readonly list: string;
}

/** Lists of what automation took out, in memory. */
export function createAutomationLists(journal: Journal): AutomationLists {
  const rows = createTable<Row>(journal);
  const sorted = (fits: (row: Row) => boolean) =>
    [...rows.rows().filter(fits)]
      .sort(inOrder(({ id }) => id))
      .sort(inOrder(({ at }) => at))
      .map(({ id }) => id);
  return {
    async keep(list, day) {
      return rows.add(list.id, { id: list.id, day, at: list.asOf, list: automationDocument.write(list) });
    },
    async get(id) {
      const row = rows.get(id);
      if (!row) return null;
      const read = automationDocument.look(row.list, { tenant: '', id });
      return 'value' in read ? read.value : 'unreadable';
    },
    ofDay: async (day) => sorted((row) => row.day === day),
    since: async (at) => sorted((row) => row.at >= at),
    async forget(before) {
      for (const { id, at } of rows.rows()) if (at < before) rows.remove(id);
    },
  };
}
