import { CompiledQuery } from 'kysely';
import { describe, expect, it } from 'vitest';
import { AT, type DatabaseRig, itemsOf, MANNERS, rest } from './store-rig.ts';
import { partOf, SEARCH } from './store-searches.ts';

/** Leases and rests, as they stand in the database: as long as was asked, however long that is. */

const HOUR = 3_600_000;
const PULLED = { source: 'watcher', vendor: 'made-up' };

export function timesContract(rig: DatabaseRig): void {
  const { store } = rig;
  /** Hours from now on, rounded, of a time in every row of this tenant. */
  const hours = async (table: string, column: string, order = '1') => {
    const statement = `select round(extract(epoch from ${column} - now()) / 3600)::float8 as h from ${table}
                        where tenant = $1 and ${column} > now() order by ${order}`;
    const { rows } = await rig.database().db.executeQuery<{ h: number }>(CompiledQuery.raw(statement, [rig.tenant()]));
    return rows.map(({ h }) => h);
  };

  describe('a time that was asked for', () => {
    it('is that of a source that is asked: its lease, its lease anew, its rest, and its rest after a failure', async () => {
      const held = await store.transact((tx) => tx.cursors.claim(PULLED, HOUR));
      const first = await hours('source_cursor', 'lease_until');
      await store.transact((tx) => tx.cursors.hold(PULLED, held?.fence ?? 0, 2 * HOUR));
      const anew = await hours('source_cursor', 'lease_until');
      await store.transact((tx) => tx.cursors.move(PULLED, { cursor: 'c', heard: 1, restMs: 3 * HOUR }, AT));
      const rests = await hours('source_cursor', 'not_before');
      await store.transact((tx) => tx.cursors.failed(PULLED, { why: 'no answer', restMs: 4 * HOUR }, AT));
      expect([first, anew, rests, await hours('source_cursor', 'not_before')]).toEqual([[1], [2], [3], [4]]);
    });

    it('is that of a part of a search, held and held for longer', async () => {
      await store.transact((tx) => tx.searches.add(SEARCH, [partOf('p1')], AT));
      const part = await store.transact((tx) => tx.searches.claim(SEARCH, 'c1', HOUR));
      const first = await hours('look_part', 'held_until');
      if (part) await store.transact((tx) => tx.searches.extend(SEARCH, part, 2 * HOUR));
      expect([first, await hours('look_part', 'held_until')]).toEqual([[1], [2]]);
    });

    it('is that of copies: held, held for longer, at rest, and at rest with their mailbox', async () => {
      await rig.start(itemsOf(2, 2));
      const held = await rig.claim(1, 'r1', HOUR);
      const first = await hours('work_item', 'lease_until');
      await store.transact((tx) => tx.work.extend('r1', held, 2 * HOUR));
      const longer = await hours('work_item', 'lease_until');
      await rig.finish(held.map((item) => rest(item, { waitMs: 3 * HOUR })));
      const alone = await hours('work_item', 'not_before', 'seq');
      const next = await rig.claim(1, 'r1', HOUR);
      await rig.finish(next.map((item) => rest(item, { waitMs: 4 * HOUR, wholeMailbox: true })));
      const together = await hours('work_item', 'not_before', 'seq');
      expect([first, longer, alone]).toEqual([[1], [2], [3]]);
      // The one that rests already is in the mailbox of the other, or it is not: each mailbox rests as a whole.
      expect(together.filter((one) => one === 4)).toHaveLength(2);
    });

    it('is that of a room that somebody speaks in, and that rests', async () => {
      await store.transact((tx) => tx.rooms.take('slack', HOUR));
      await store.transact((tx) => tx.rooms.take('teams', 0));
      await store.transact((tx) => tx.rooms.rest('teams', 2 * HOUR));
      expect([await hours('room', 'held_until'), await hours('room', 'next_at')]).toEqual([[1], [2]]);
    });

    it('is that of a card that is being sent, and that rests', async () => {
      await store.transact(async (tx) => {
        await tx.incidents.createOrRepeat(rig.incident('CB-0001'));
        await tx.cards.ensure('CB-0001', 'slack', 'key of CB-0001');
        await tx.cards.touch('CB-0001', true);
      });
      const claim = await store.transact((tx) => tx.cards.claim('slack', { ...MANNERS, leaseMs: HOUR }));
      const held = await hours('card', 'lease_until');
      if (claim.kind === 'send')
        await store.transact((tx) =>
          tx.cards.finish('CB-0001', 'slack', claim.lease, {
            ...{
              ref: null,
              sentRevision: 0,
              posting: false,
              attempts: 1,
              again: true,
              restMs: 2 * HOUR,
              roomRestMs: 0,
            },
          }),
        );
      expect([held, await hours('card', 'not_before')]).toEqual([[1], [2]]);
    });
  });
}
