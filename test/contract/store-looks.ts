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

    it('is told of several incidents at once', async () => {
      await on((looks) => looks.spoke('CB-P060', ['risk', 'burst']));
      await on((looks) => looks.spoke('CB-P061', ['thread-hijack']));
      const spoken = await on((looks) => looks.spokenIn(['CB-P060', 'CB-P061', 'CB-P062']));
      expect([...spoken].toSorted()).toEqual([
        ['CB-P060', ['burst', 'risk']],
        ['CB-P061', ['thread-hijack']],
      ]);
      expect((await on((looks) => looks.spokenIn([]))).size).toBe(0);
    });

    it('may be a signal of the mail itself', async () => {
      await on((looks) => looks.spoke('CB-P040', ['thread-hijack']));
      await on((looks) => looks.ended('CB-P040', 'harmless'));
      const counts = await on((looks) => looks.counts());
      expect(counts).toContainEqual({ kind: 'thread-hijack', malicious: 0, harmless: 1 });
    });
  });

  describe('a sender', () => {
    const pat = { address: 'pat@sender.example', domain: 'sender.example' };
    const kim = { address: 'kim@sender.example', domain: 'sender.example' };
    const judged = (but = '') => on((looks) => looks.judged(pat, but));

    it('is remembered by how each incident about their mail was closed, and apart from others at their domain', async () => {
      await on((looks) => looks.judge('CB-P050', pat, 'malicious'));
      await on((looks) => looks.judge('CB-P051', pat, 'harmless'));
      await on((looks) => looks.judge('CB-P052', kim, 'malicious'));
      await on((looks) => looks.judge('CB-P053', pat, null));
      await on((looks) =>
        looks.judge('CB-P054', { address: 'pat@other.example', domain: 'other.example' }, 'malicious'),
      );
      expect(await judged()).toEqual({
        address: { malicious: 1, harmless: 1 },
        domain: { malicious: 1, harmless: 0 },
      });
      expect((await judged('CB-P050')).address).toEqual({ malicious: 0, harmless: 1 });
    });

    it('is judged anew where an incident ends otherwise, and not any more once it is taken up again', async () => {
      await on((looks) => looks.judge('CB-P050', pat, 'harmless'));
      expect((await judged()).address).toEqual({ malicious: 0, harmless: 2 });
      await on((looks) => looks.judge('CB-P050', pat, null));
      expect((await judged()).address).toEqual({ malicious: 0, harmless: 1 });
    });

    it('is forgotten with the incident', async () => {
      await store.transact((tx) => tx.incidents.createOrRepeat({ ...incident('CB-P055'), state: 'settled' }));
      await on((looks) => looks.judge('CB-P055', pat, 'malicious'));
      await store.transact((tx) => tx.retention.remove('CB-P055'));
      expect((await judged()).address.malicious).toBe(0);
    });
  });
}
