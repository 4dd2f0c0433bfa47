import { describe, expect, it } from 'vitest';
import type { Tx } from '../../src/ports/store.ts';
import { type KeptRow, MOST_ROWS } from '../../src/ports/vendor-rows.ts';
import { AT, type StoreRig } from './store-rig.ts';

export const ROW: KeptRow = { source: 'defender', delivery: 'd1', at: AT, text: '{"id":"größe"}', bytes: 15 };

/** What vendors sent, beside the incident that it was taken into. */
export function vendorRowsContract({ store, incident }: StoreRig): void {
  const on = <T>(work: (rows: Tx['vendorRows']) => Promise<T>) => store.transact((tx) => work(tx.vendorRows));

  describe('what vendors sent', () => {
    it('is kept once for each delivery, in the order in which it came', async () => {
      const later = { ...ROW, delivery: 'd0', at: '2026-11-20T09:00:00.000Z' };
      for (const row of [later, ROW, { ...ROW, text: 'another' }]) await on((rows) => rows.keep('CB-V001', row));
      expect(await on((rows) => rows.of('CB-V001'))).toEqual([ROW, later]);
      expect(await on((rows) => rows.of('CB-V002'))).toEqual([]);
    });

    it('is kept of the first deliveries, and of no endless number', async () => {
      for (let n = 0; n <= MOST_ROWS; n += 1)
        await on((rows) => rows.keep('CB-V003', { ...ROW, delivery: String(n).padStart(3, '0') }));
      const kept = await on((rows) => rows.of('CB-V003'));
      expect([kept.length, kept.at(-1)?.delivery]).toEqual([MOST_ROWS, '049']);
    });

    it('goes with its incident', async () => {
      for (const id of ['CB-V004', 'CB-V005']) {
        await store.transact((tx) => tx.incidents.createOrRepeat({ ...incident(id), state: 'settled' }));
        await on((rows) => rows.keep(id, ROW));
      }
      await store.transact((tx) => tx.retention.remove('CB-V004'));
      expect(await on((rows) => rows.of('CB-V004'))).toEqual([]);
      expect(await on((rows) => rows.of('CB-V005'))).toEqual([ROW]);
    });
  });
}
