import { describe, expect, it } from 'vitest';
import type { MeasureList } from '../../src/core/find/measure-list.ts';
import type { Tx } from '../../src/ports/store.ts';
import { AT, LEASE_MS, type StoreRig } from './store-rig.ts';

export const LIST: MeasureList = {
  id: 'CM-1',
  incident: 'CB-0001',
  at: AT,
  until: '2026-11-20T09:00:00.000Z',
  mode: 'live',
  policy: 'p1',
  playbook: null,
  asker: { person: 'dana', name: 'Dana' },
  reason: 'she clicked',
  measures: [
    {
      kind: 'disable-account',
      person: 'ann',
      address: 'ann@contoso.example',
      ref: '',
      name: '',
      n: 1,
      terms: { rules: ['r'], seats: [{ role: 'approver', count: 1 }], expiryMinutes: 60, reason: false, stepUp: null },
      barred: null,
      flipsBack: true,
    },
  ],
  left: 0,
  byHand: [{ address: 'ann@contoso.example', line: 'Set-Mailbox', isFound: true }],
  salt: 's',
};
const WANTED = { id: 'CM-1', incident: 'CB-0001', at: AT };

export function measuresContract({ store }: StoreRig): void {
  const on = <T>(work: (measures: Tx['measures']) => Promise<T>) => store.transact((tx) => work(tx.measures));

  describe('lists of measures', () => {
    it('one is wanted, made once, and read back as it was made', async () => {
      await on((measures) => measures.add(WANTED));
      expect(await on((measures) => measures.get('CM-1'))).toEqual({ ...WANTED, list: null });
      expect(await on((measures) => measures.freeze(LIST))).toBe(true);
      expect(await on((measures) => measures.freeze({ ...LIST, reason: 'another' }))).toBe(false);
      expect(await on((measures) => measures.get('CM-1'))).toEqual({ ...WANTED, list: LIST });
      expect(await on((measures) => measures.lock('CM-1'))).toEqual({ ...WANTED, list: LIST });
      expect(await on((measures) => measures.ofIncident('CB-0001'))).toEqual(['CM-1']);
      expect(await on((measures) => measures.get('CM-2'))).toBeNull();
    });

    it('its work is in one pair of hands, until these let go or their time is over', async () => {
      await on((measures) => measures.add(WANTED));
      expect(await on((measures) => measures.claim('CM-1', 'a', LEASE_MS))).toBe(true);
      expect(await on((measures) => measures.claim('CM-1', 'b', LEASE_MS))).toBe(false);
      expect(await on((measures) => measures.extend('CM-1', 'b', LEASE_MS))).toBe(false);
      expect(await on((measures) => measures.extend('CM-1', 'a', LEASE_MS))).toBe(true);
      await on((measures) => measures.release('CM-1', 'b', 0));
      expect(await on((measures) => measures.claim('CM-1', 'b', LEASE_MS))).toBe(false);
      await on((measures) => measures.release('CM-1', 'a', 0));
      expect(await on((measures) => measures.claim('CM-1', 'b', -1_000))).toBe(true);
      expect(await on((measures) => measures.extend('CM-1', 'b', LEASE_MS))).toBe(false);
      expect(await on((measures) => measures.claim('CM-1', 'c', LEASE_MS))).toBe(true);
    });

    it('it waits for a process while there is something to do, and for nobody while it waits for people', async () => {
      const waiting = (now: string) => on((measures) => measures.waiting(now));
      await on((measures) => measures.add(WANTED));
      expect(await waiting(AT)).toEqual(['CM-1']);
      await on((measures) => measures.freeze(LIST));
      expect(await waiting(AT)).toEqual([]);
      expect(await waiting(LIST.until)).toEqual(['CM-1']);
      await on((measures) => measures.open('CM-1', false));
      expect(await waiting(LIST.until)).toEqual([]);
      await on((measures) => measures.open('CM-1', true));
      expect(await waiting(AT)).toEqual(['CM-1']);
      await on((measures) => measures.claim('CM-1', 'a', LEASE_MS));
      await on((measures) => measures.release('CM-1', 'a', 60_000));
      expect(await waiting(AT)).toEqual([]);
    });

    it('somebody is reminded of it when it is time, also while nobody has anything to do with it', async () => {
      const waiting = (now: string) => on((measures) => measures.waiting(now));
      await on((measures) => measures.add(WANTED));
      await on((measures) => measures.freeze({ ...LIST, until: '2027-01-01T00:00:00.000Z' }));
      expect(await on((measures) => measures.toRemind('CM-1'))).toBeNull();
      await on((measures) => measures.remindAt('CM-1', LIST.until));
      expect(await on((measures) => measures.toRemind('CM-1'))).toBe(LIST.until);
      expect([await waiting(AT), await waiting(LIST.until)]).toEqual([[], ['CM-1']]);
      await on((measures) => measures.remindAt('CM-1', null));
      expect(await waiting(LIST.until)).toEqual([]);
    });

    it('what was seen before and after is kept apart, and the newest counts', async () => {
      await on((measures) => measures.add(WANTED));
      await on((measures) => measures.keepImage('CM-1', 1, 'before', { accountEnabled: true, roles: [] }));
      await on((measures) => measures.keepImage('CM-1', 1, 'before', { accountEnabled: true, roles: ['x'] }));
      await on((measures) => measures.keepImage('CM-1', 1, 'after', { accountEnabled: false }));
      const image = (when: 'before' | 'after') => on((measures) => measures.image('CM-1', 1, when));
      expect(await image('before')).toEqual({ accountEnabled: true, roles: ['x'] });
      expect(await image('after')).toEqual({ accountEnabled: false });
      expect(await on((measures) => measures.image('CM-1', 2, 'before'))).toBeNull();
    });

    it('goes with its incident', async () => {
      await store.transact(async (tx) => {
        await tx.measures.add(WANTED);
        await tx.measures.keepImage('CM-1', 1, 'before', {});
        await tx.cards.ensure('CM-1', 'slack', 'k');
        await tx.retention.remove('CB-0001');
      });
      expect(await on((measures) => measures.get('CM-1'))).toBeNull();
      expect(await on((measures) => measures.image('CM-1', 1, 'before'))).toBeNull();
      expect(await store.transact((tx) => tx.cards.of('CM-1'))).toEqual([]);
    });
  });
}
