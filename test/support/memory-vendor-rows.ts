import { type KeptRow, MOST_ROWS, type VendorRows } from '../../src/ports/vendor-rows.ts';
import { by, createTable, type Journal, keyOf } from './memory-table.ts';

/** What vendors sent, in memory. */
export function createVendorRows(journal: Journal): {
  readonly vendorRows: VendorRows;
  readonly forget: (incident: string) => void;
} {
  const rows = createTable<KeptRow & { readonly incident: string }>(journal);
  const of = (incident: string) => rows.rows().filter((row) => row.incident === incident);
  const vendorRows: VendorRows = {
    async keep(incident, row) {
      if (of(incident).length < MOST_ROWS) rows.add(keyOf(incident, row.source, row.delivery), { ...row, incident });
    },
    async of(incident) {
      return of(incident)
        .toSorted(by(({ at, source, delivery }) => keyOf(at, source, delivery)))
        .map(({ incident: _of, ...row }) => row);
    },
  };
  const forget = (incident: string) => {
    for (const { source, delivery } of of(incident)) rows.remove(keyOf(incident, source, delivery));
  };
  return { vendorRows, forget };
}
