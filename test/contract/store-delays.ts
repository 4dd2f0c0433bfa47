import { describe, expect, it } from 'vitest';
import type { Delay } from '../../src/core/tell/delay.ts';
import type { Tx } from '../../src/ports/store.ts';
import { AT, type StoreRig } from './store-rig.ts';

export const SLOW: Delay = { of: 'looking', why: 'slow', since: AT, until: null };

/** What the work on an incident waits for. */
export function delaysContract({ store }: StoreRig): void {
  const on = <T>(work: (delays: Tx['delays']) => Promise<T>) => store.transact((tx) => work(tx.delays));

  describe('what the work on an incident waits for', () => {
    it('is nothing at first, and the newest word once there is one', async () => {
      expect(await on((delays) => delays.of('CB-D001'))).toBeNull();
      await on((delays) => delays.put('CB-D001', SLOW));
      const busy: Delay = { of: 'working', why: 'busy', since: AT, until: AT };
      await on((delays) => delays.put('CB-D001', busy));
      expect(await on((delays) => delays.of('CB-D001'))).toEqual(busy);
    });

    it('is over only for the work that it was told of', async () => {
      await on((delays) => delays.put('CB-D002', SLOW));
      expect(await on((delays) => delays.over('CB-D002', 'working'))).toBe(false);
      expect(await on((delays) => delays.of('CB-D002'))).toEqual(SLOW);
      expect(await on((delays) => delays.over('CB-D002', 'looking'))).toBe(true);
      expect(await on((delays) => delays.of('CB-D002'))).toBeNull();
    });

    it('is of one incident and not of another', async () => {
      await on((delays) => delays.put('CB-D003', SLOW));
      expect(await on((delays) => delays.of('CB-D004'))).toBeNull();
    });

    it('is not kept by a transaction that fails', async () => {
      const failing = store.transact(async (tx) => {
        await tx.delays.put('CB-D005', SLOW);
        throw new Error('the power goes');
      });
      await failing.catch(() => undefined);
      expect(await on((delays) => delays.of('CB-D005'))).toBeNull();
    });
  });
}
