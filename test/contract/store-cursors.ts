import { describe, expect, it } from 'vitest';
import type { Tx } from '../../src/ports/store.ts';
import { AT, LEASE_MS, type StoreRig } from './store-rig.ts';

export const PULLED = { source: 'watcher', vendor: 'made-up' };
const HOUR_MS = 3_600_000;
const TEN_MINUTES = 600_000;
const LATER = '2026-11-20T09:00:00.000Z';

const dayOf = (at: string) => Math.floor(Date.parse(at) / 86_400_000);

/** How far a source that is asked has been read. */
export function cursorsContract({ store }: StoreRig): void {
  const on = <T>(work: (cursors: Tx['cursors']) => Promise<T>) => store.transact((tx) => work(tx.cursors));
  const claim = (key = PULLED, leaseMs = LEASE_MS) => on((cursors) => cursors.claim(key, leaseMs));
  const move = (to: string, restMs = 0, heard = 1) =>
    on((cursors) => cursors.move(PULLED, { cursor: to, heard, restMs }, AT));

  describe('a source that is asked', () => {
    it('begins without a cursor, and nothing is known of it', async () => {
      expect(await on((cursors) => cursors.state(PULLED))).toBeNull();
      expect(await on((cursors) => cursors.isDue(PULLED))).toBe(true);
      expect(await claim()).toEqual({ cursor: null, fence: 1, failures: 0 });
    });

    it('is in the hands of one at a time', async () => {
      expect((await Promise.all([claim(), claim(), claim()])).filter((one) => one !== null)).toHaveLength(1);
      expect(await on((cursors) => cursors.isDue(PULLED))).toBe(false);
    });

    it('goes on where it was moved to, once it has rested', async () => {
      await claim();
      await move('page 2');
      expect(await claim()).toEqual({ cursor: 'page 2', fence: 2, failures: 0 });
      await move('page 3', 3_600_000);
      expect([await claim(), await on((cursors) => cursors.isDue(PULLED))]).toEqual([null, false]);
    });

    it('is taken over when its lease has ended, and then nobody else holds it any more', async () => {
      const first = await claim(PULLED, 0);
      const second = await claim();
      const holds = (fence = 0) => on((cursors) => cursors.hold(PULLED, fence, LEASE_MS));
      expect([await holds(first?.fence), await holds(second?.fence)]).toEqual([false, true]);
    });

    it('that fails is left alone, and it is known since when and why until it answers', async () => {
      await claim();
      await on((cursors) => cursors.failed(PULLED, { why: 'no answer', restMs: 0 }, AT));
      expect(await claim()).toMatchObject({ cursor: null, failures: 1 });
      await on((cursors) => cursors.failed(PULLED, { why: '401', restMs: 3_600_000 }, LATER));
      const failing = { failingSince: AT, failures: 2, why: '401', heardAt: null, days: [], silentAt: null };
      expect([await on((cursors) => cursors.state(PULLED)), await claim()]).toEqual([failing, null]);
      await move('page 2');
      const well = {
        failingSince: null,
        failures: 0,
        why: null,
        heardAt: AT,
        days: [{ day: dayOf(AT), reports: 1 }],
        silentAt: null,
      };
      expect(await on((cursors) => cursors.state(PULLED))).toEqual(well);
      await move('page 2', 0, 0);
      expect(await on((cursors) => cursors.state(PULLED))).toEqual(well);
    });

    it('is counted by the day, as often as it had something new', async () => {
      for (const heard of [1, 0, 2]) {
        await claim();
        await move('page', 0, heard);
      }
      const state = await on((cursors) => cursors.state(PULLED));
      expect(state?.days).toEqual([{ day: dayOf(AT), reports: 3 }]);
    });

    it('that has something new need not be left alone, unless it fails', async () => {
      await claim();
      await move('page 2', 3_600_000);
      await on((cursors) => cursors.hurry(PULLED));
      expect(await claim()).toMatchObject({ cursor: 'page 2' });
      await on((cursors) => cursors.failed(PULLED, { why: 'no answer', restMs: 3_600_000 }, AT));
      await on((cursors) => cursors.hurry(PULLED));
      expect(await claim()).toBeNull();
      // Somebody may have mended it.
      await on((cursors) => cursors.hurry(PULLED, true));
      expect(await claim()).toMatchObject({ cursor: 'page 2', failures: 1 });
    });

    it('that fell silent is told as such until it speaks again', async () => {
      await claim();
      const silentAt = async () => (await on((cursors) => cursors.state(PULLED)))?.silentAt;
      await on((cursors) => cursors.silent(PULLED, LATER));
      expect(await silentAt()).toBe(LATER);
      await on((cursors) => cursors.silent(PULLED, null));
      expect(await silentAt()).toBeNull();
    });

    it('is read for itself, whatever stands beside it: another of that vendor, and another vendor of that name', async () => {
      const others = [
        { ...PULLED, source: 'another' },
        { ...PULLED, vendor: 'another' },
      ];
      for (const key of others) {
        await claim(key, 0);
        await on((cursors) => cursors.failed(key, { why: 'no answer', restMs: 0 }, LATER));
      }
      const states = async () => {
        const found: unknown[] = [];
        for (const key of others) found.push(await on((cursors) => cursors.state(key)));
        return found;
      };
      const before = await states();
      const held = await claim();
      await on((cursors) => cursors.hold(PULLED, held?.fence ?? 0, LEASE_MS));
      await move('page 2', 3_600_000);
      await on((cursors) => cursors.failed(PULLED, { why: '401', restMs: 3_600_000 }, AT));
      expect(await states()).toEqual(before);
      for (const key of others)
        expect([await on((cursors) => cursors.isDue(key)), await claim(key)]).toMatchObject([
          true,
          { cursor: null, fence: 2, failures: 1 },
        ]);
    });

    it('by the same name of another vendor begins anew', async () => {
      await claim();
      await move('page 2');
      expect(await claim({ ...PULLED, vendor: 'another' })).toMatchObject({ cursor: null });
    });
  });

  describe('what a vendor allows a credential', () => {
    const allowed = { vendor: 'made-up', credential: 'c1', most: 3 };
    const hour = (n: number) => new Date(Date.parse('2026-11-20T08:10:00.000Z') + n * HOUR_MS).toISOString();
    const spend = (n: number, change: Partial<typeof allowed> = {}) =>
      on((cursors) => cursors.spend({ ...allowed, ...change }, hour(n)));

    it('is so many questions in a day, and waits until the first of them are old enough', async () => {
      expect([await spend(0), await spend(1), await spend(1)]).toEqual([null, null, null]);
      expect([await spend(2), await spend(24)]).toEqual([HOUR_MS * 23 - TEN_MINUTES, HOUR_MS - TEN_MINUTES]);
      // Those of the first hour count no more, and what was refused never did.
      expect([await spend(25), await spend(25)]).toEqual([null, HOUR_MS - TEN_MINUTES]);
    });

    it('is for each credential and vendor by itself', async () => {
      for (let n = 0; n < 3; n += 1) await spend(0);
      const others = [await spend(0, { credential: 'c2' }), await spend(0, { vendor: 'another' }), await spend(0)];
      expect(others).toEqual([null, null, HOUR_MS * 25 - TEN_MINUTES]);
    });

    it('is no more where many ask at once', async () => {
      const all = await Promise.all(Array.from({ length: 8 }, () => spend(0)));
      expect(all.filter((wait) => wait === null)).toHaveLength(3);
    });
  });
}
