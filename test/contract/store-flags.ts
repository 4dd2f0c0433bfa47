import { describe, expect, it } from 'vitest';
import type { FlagChange, FlagRow } from '../../src/ports/flags.ts';
import type { Tx } from '../../src/ports/store.ts';
import { AT, type StoreRig } from './store-rig.ts';

export const FLAG: FlagRow = {
  ...{
    id: 'CF-1',
    incident: 'CB-0001',
    mailbox: 'box 1',
    address: 'ann@contoso.example',
    state: 'raised',
    owner: null,
  },
  ...{ dueAt: '2026-11-23T08:00:00.000Z', nextAt: AT, updatedAt: AT },
};

/** Mailboxes that people look after, from the first to the last. */
export function flagsContract({ store }: StoreRig): void {
  const on = <T>(work: (flagged: Tx['flagged']) => Promise<T>) => store.transact((tx) => work(tx.flagged));
  const add = async (change: Partial<FlagRow> = {}) =>
    (await on((all) => all.add([{ ...FLAG, ...change }]))).size === 1;
  const save = (change: Partial<FlagChange>, id = 'CF-1') =>
    on(async (all) => {
      const row = await all.lock(id);
      return row !== null && all.save(row, change);
    });
  const ids = async (rows: Promise<readonly FlagRow[]>) => (await rows).map(({ id }) => id);
  const open = async () => (await on((all) => all.open(10))).rows.map(({ id }) => id);

  describe('a flagged mailbox', () => {
    it('is kept as it is, and changes as it is told', async () => {
      expect(await add()).toBe(true);
      expect(await on((all) => all.get('CF-1'))).toEqual(FLAG);
      const change = { state: 'in review', owner: 'p1', nextAt: null } as const;
      expect(await save(change)).toBe(true);
      expect(await on((all) => all.get('CF-1'))).toEqual({ ...FLAG, ...change });
      expect(await on((all) => all.get('CF-2'))).toBeNull();
    });

    it('is one for each mailbox until it is cleared', async () => {
      await add();
      expect(await add({ id: 'CF-2' })).toBe(false);
      await save({ state: 'cleared' });
      expect([await add({ id: 'CF-2' }), await save({ state: 'raised' })]).toEqual([true, false]);
      expect(await open()).toEqual(['CF-2']);
      expect(await ids(on((all) => all.openOf(['box 1', 'box 2'])))).toEqual(['CF-2']);
    });

    it('is listed by what is due first, and those that are cleared by what was last', async () => {
      await add({ dueAt: '2026-11-25T08:00:00.000Z' });
      await add({ id: 'CF-2', mailbox: 'box 2', incident: null });
      await add({ id: 'CF-3', mailbox: 'box 3', state: 'cleared', updatedAt: '2026-11-21T08:00:00.000Z' });
      await add({ id: 'CF-4', mailbox: 'box 4', state: 'cleared', updatedAt: '2026-11-22T08:00:00.000Z' });
      expect(await open()).toEqual(['CF-2', 'CF-1']);
      expect(await on((all) => all.open(1))).toMatchObject({ rows: [{ id: 'CF-2' }], total: 2 });
      expect(await ids(on((all) => all.clearedSince('2026-11-21T08:00:00.000Z', 10)))).toEqual(['CF-4', 'CF-3']);
      expect(await ids(on((all) => all.ofIncident('CB-0001')))).toEqual(['CF-1', 'CF-3', 'CF-4']);
      expect(await ids(on((all) => all.ofIncident(null)))).toEqual(['CF-2']);
    });

    it('is kept with many others, but for those whose mailbox has one', async () => {
      await add();
      const rows = ['box 1', 'box 2', 'box 3'].map((mailbox, n) => ({ ...FLAG, id: `CF-${n + 2}`, mailbox }));
      expect(await on((all) => all.add(rows))).toEqual(new Set(['CF-3', 'CF-4']));
      expect(await on((all) => all.due(AT, 2))).toEqual(['CF-1', 'CF-3']);
      expect(await on((all) => all.add([]))).toEqual(new Set());
    });

    it('is due when its time has come and it is not cleared', async () => {
      await add({ nextAt: '2026-11-21T08:00:00.000Z' });
      await add({ id: 'CF-2', mailbox: 'box 2', nextAt: null });
      const due = (now: string) => on((all) => all.due(now, 10));
      expect([await due('2026-11-21T07:59:59.999Z'), await due('2026-11-21T08:00:00.000Z')]).toEqual([[], ['CF-1']]);
      await save({ state: 'cleared' });
      expect(await due('2026-11-22T08:00:00.000Z')).toEqual([]);
    });

    it('is made as the record says, whatever stood there', async () => {
      await add();
      await on((all) => all.put({ ...FLAG, id: 'CF-2', state: 'contained', owner: 'p1' }));
      expect(await open()).toEqual(['CF-2']);
      await on((all) => all.put({ ...FLAG, id: 'CF-2', state: 'cleared' }));
      expect([await open(), await on((all) => all.get('CF-2'))]).toMatchObject([[], { state: 'cleared', owner: null }]);
    });

    it('goes when it was cleared long ago, unless it goes with its incident', async () => {
      const old = { state: 'cleared', updatedAt: '2026-01-01T00:00:00.000Z' } as const;
      await add(old);
      await add({ ...old, id: 'CF-2', incident: null });
      await add({ id: 'CF-3', incident: null, mailbox: 'box 3', updatedAt: '2026-01-01T00:00:00.000Z' });
      await on((all) => all.forget('2026-06-01T00:00:00.000Z'));
      expect(await ids(on((all) => all.ofIncident('CB-0001')))).toEqual(['CF-1']);
      expect(await ids(on((all) => all.ofIncident(null)))).toEqual(['CF-3']);
      await store.transact((tx) => tx.retention.remove('CB-0001'));
      expect(await ids(on((all) => all.ofIncident('CB-0001')))).toEqual([]);
    });

    it('keeps its incident from being let go of while it is not cleared', async ({ expect: expects }) => {
      const due = () => store.transact((tx) => tx.retention.due('2099-01-01T00:00:00.000Z', null, 10));
      const before = await due();
      await add();
      expects((await due()).map(({ id }) => id)).toEqual(
        before.map(({ id }) => id).filter((id) => id !== FLAG.incident),
      );
    });
  });
}
