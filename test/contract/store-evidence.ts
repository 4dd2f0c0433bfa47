import { describe, expect, it } from 'vitest';
import type { KeptEvidence } from '../../src/ports/evidence.ts';
import type { Tx } from '../../src/ports/store.ts';
import { AT, type StoreRig } from './store-rig.ts';

export const KEPT: KeptEvidence = {
  kind: 'headers',
  networkMessageId: '73ca4154-58d8-43d0-a890-08dc18c52e6d',
  internetMessageId: '<größe@mailer.example>',
  mailbox: 'box0',
  message: 'box0-1',
  digest: 'd'.repeat(64),
  bytes: 15,
  at: AT,
};

/** What is kept of mails themselves. */
export function evidenceContract({ store, incident }: StoreRig): void {
  const on = <T>(work: (shelf: Tx['evidence']) => Promise<T>) => store.transact((tx) => work(tx.evidence));
  const later = { ...KEPT, networkMessageId: null, at: '2026-11-21T08:00:00.000Z' };

  describe('what is kept of a mail', () => {
    it('is kept once for each form and kind, the first of them, in the order in which it came', async () => {
      const kept = [
        await on((shelf) => shelf.keep('CB-E001', later, 'late')),
        await on((shelf) => shelf.keep('CB-E001', { ...KEPT, kind: 'mime' }, 'v1:sealed')),
        await on((shelf) => shelf.keep('CB-E001', KEPT, 'Größe: \u2713\n')),
        await on((shelf) => shelf.keep('CB-E001', { ...KEPT, digest: 'e'.repeat(64) }, 'another')),
      ];
      expect(kept).toEqual([true, true, true, false]);
      expect(await on((shelf) => shelf.of('CB-E001'))).toEqual([KEPT, { ...KEPT, kind: 'mime' }, later]);
      expect(await on((shelf) => shelf.of('CB-E002'))).toEqual([]);
    });

    it('says what it said, by its form and kind', async () => {
      await on((shelf) => shelf.keep('CB-E003', KEPT, 'Größe: \u2713\n'));
      await on((shelf) => shelf.keep('CB-E003', { ...later, kind: 'mime' }, 'v1:sealed'));
      const said = [KEPT, { ...later, kind: 'mime' } as const, later];
      const contents = said.map((one) => on((shelf) => shelf.content('CB-E003', one)));
      expect(await Promise.all(contents)).toEqual(['Größe: \u2713\n', 'v1:sealed', null]);
    });

    it('of a mail without any id is told apart from others', async () => {
      const nameless = { ...KEPT, networkMessageId: null, internetMessageId: null };
      await on((shelf) => shelf.keep('CB-E004', nameless, 'nameless'));
      expect(await on((shelf) => shelf.of('CB-E004'))).toEqual([nameless]);
      expect(await on((shelf) => shelf.content('CB-E004', KEPT))).toBeNull();
    });

    it('is found by its age, incident by incident, and goes alone', async () => {
      await on((shelf) => shelf.keep('CB-E005', { ...KEPT, at: '2025-01-01T00:00:00.000Z' }, 'old'));
      await on((shelf) => shelf.keep('CB-E005', { ...KEPT, kind: 'mime', at: '2025-01-02T00:00:00.000Z' }, 'old'));
      await on((shelf) => shelf.keep('CB-E005', later, 'new'));
      await on((shelf) => shelf.keep('CB-E006', { ...KEPT, at: '2025-01-01T00:00:00.000Z' }, 'old'));
      const before = '2025-06-01T00:00:00.000Z';
      expect(await on((shelf) => shelf.olderThan(before, '', 10))).toEqual(['CB-E005', 'CB-E006']);
      expect(await on((shelf) => shelf.olderThan(before, '', 1))).toEqual(['CB-E005']);
      expect(await on((shelf) => shelf.olderThan(before, 'CB-E005', 10))).toEqual(['CB-E006']);
      await on((shelf) => shelf.remove('CB-E005', before));
      expect(await on((shelf) => shelf.of('CB-E005'))).toEqual([later]);
      await on((shelf) => shelf.remove('CB-E005'));
      expect(await on((shelf) => shelf.of('CB-E005'))).toEqual([]);
      expect(await on((shelf) => shelf.olderThan(before, '', 10))).toEqual(['CB-E006']);
    });

    it('goes with its incident', async () => {
      for (const id of ['CB-E007', 'CB-E008']) {
        await store.transact((tx) => tx.incidents.createOrRepeat({ ...incident(id), state: 'settled' }));
        await on((shelf) => shelf.keep(id, KEPT, 'headers'));
      }
      await store.transact((tx) => tx.retention.remove('CB-E007'));
      expect(await on((shelf) => shelf.of('CB-E007'))).toEqual([]);
      expect(await on((shelf) => shelf.of('CB-E008'))).toEqual([KEPT]);
    });
  });
}
