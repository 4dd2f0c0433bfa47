import { describe, expect, it } from 'vitest';
import type { StoredLook } from '../../src/ports/looks.ts';
import type { Tx } from '../../src/ports/store.ts';
import { LOOK } from '../support/people-words.ts';
import type { StoreRig } from './store-rig.ts';

export const KEPT_LOOK: StoredLook = { list: 'l'.repeat(64), digest: 'd'.repeat(64), look: LOOK };

/** Looks at the people of incidents, and how right findings were. */
export function looksContract({ store, incident }: StoreRig): void {
  const on = <T>(work: (looks: Tx['looks']) => Promise<T>) => store.transact((tx) => work(tx.looks));

  describe('a look at people', () => {
    it('is kept as it was seen, each of them, and the newest is found', async () => {
      const later = { ...KEPT_LOOK, digest: 'e'.repeat(64), look: { ...LOOK, because: 'late' as const } };
      const numbers = [
        await on((looks) => looks.add('CB-P001', KEPT_LOOK)),
        await on((looks) => looks.add('CB-P001', later)),
      ];
      expect(numbers).toEqual([0, 1]);
      expect(await on((looks) => looks.newest('CB-P001'))).toEqual({ ...later, nth: 1, at: LOOK.at });
      expect((await on((looks) => looks.of('CB-P001'))).map(({ nth, digest }) => [nth, digest])).toEqual([
        [0, KEPT_LOOK.digest],
        [1, later.digest],
      ]);
      expect(await on((looks) => looks.newest('CB-P002'))).toBeNull();
    });

    it('goes with its incident', async () => {
      await store.transact((tx) => tx.incidents.createOrRepeat({ ...incident('CB-P003'), state: 'settled' }));
      await on((looks) => looks.add('CB-P003', KEPT_LOOK));
      await store.transact((tx) => tx.retention.remove('CB-P003'));
      expect(await on((looks) => looks.of('CB-P003'))).toEqual([]);
    });
  });

  describe('a kind of finding', () => {
    it('is counted once an incident, by how that was closed, and not while it is open', async () => {
      const ended = [
        ['CB-P010', 'malicious'],
        ['CB-P011', 'harmless'],
        ['CB-P012', null],
      ] as const;
      for (const [id, how] of ended) {
        await on((looks) => looks.spoke(id, ['burst', 'risk']));
        await on((looks) => looks.spoke(id, ['burst']));
        await on((looks) => looks.ended(id, how));
      }
      const counts = await on((looks) => looks.counts());
      expect(counts.filter(({ kind }) => kind === 'burst')).toEqual([{ kind: 'burst', malicious: 1, harmless: 1 }]);
    });

    it('that speaks only after the incident was closed counts as that was closed', async () => {
      await on((looks) => looks.spoke('CB-P020', ['delegate']));
      await on((looks) => looks.ended('CB-P020', 'malicious'));
      await on((looks) => looks.spoke('CB-P020', ['consent']));
      const counts = await on((looks) => looks.counts());
      expect(counts.find(({ kind }) => kind === 'consent')).toEqual({ kind: 'consent', malicious: 1, harmless: 0 });
    });

    it('is open again once people take its incident up again', async () => {
      await on((looks) => looks.spoke('CB-P030', ['mass-access']));
      await on((looks) => looks.ended('CB-P030', 'malicious'));
      await on((looks) => looks.ended('CB-P030', null));
      expect((await on((looks) => looks.counts())).some(({ kind }) => kind === 'mass-access')).toBe(false);
    });
  });
}
