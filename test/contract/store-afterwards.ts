import { describe, expect, it } from 'vitest';
import type { DatabaseRig, StoreRig } from './store-rig.ts';

/** What is done once a transaction is committed. */
export function afterwardsContract({ store, incident }: StoreRig): void {
  describe('what is to be done afterwards', () => {
    it('is done in its order, once what was written can be read', async () => {
      const done: string[] = [];
      await store.transact(async (tx) => {
        tx.afterwards(() => done.push('first'));
        tx.afterwards(() => done.push('second'));
        await tx.incidents.createOrRepeat(incident('CB-A001'));
        done.push('within');
      });
      expect(done).toEqual(['within', 'first', 'second']);
      expect(await store.transact((tx) => tx.incidents.get('CB-A001'))).not.toBeNull();
    });

    it('is not done where the transaction is taken back, nor by the next one', async () => {
      const done: string[] = [];
      const broken = store.transact(async (tx) => {
        tx.afterwards(() => done.push('taken back'));
        throw new Error('it cannot be done');
      });
      await expect(broken).rejects.toThrow('it cannot be done');
      await store.transact(async () => undefined);
      expect(done).toEqual([]);
    });
  });
}

/** Where a transaction that stood in the way of another one is tried again. */
export function triedAgainContract({ store }: DatabaseRig): void {
  it('what is to be done afterwards is done of the try that was committed, and of no other', async () => {
    const done: string[] = [];
    let tries = 0;
    await store.transact(async (tx) => {
      tries += 1;
      const own = `try ${tries}`;
      tx.afterwards(() => done.push(own));
      if (tries === 1) throw Object.assign(new Error('could not serialize access'), { code: '40001' });
    });
    expect(done).toEqual(['try 2']);
  });
}
