import { CompiledQuery } from 'kysely';
import { describe, expect, it } from 'vitest';
import { seal } from '../../src/adapters/store/ledger.ts';
import { spentOf } from '../../src/core/tell/budget.ts';
import { entryOf } from '../support/entries.ts';
import type { DatabaseRig, StoreRig } from './store-rig.ts';

/** Cards that were granted of late are counted by the record alone. */

const at = (minute: number) => `2026-11-20T08:${String(minute).padStart(2, '0')}:00.000Z`;
const granted = (rig: StoreRig, incident: string, minute: number, who = 'ann') =>
  entryOf('card.granted', { kind: 'report', who }, { tenant: rig.tenant(), incident, at: at(minute) });
const since = async ({ store }: StoreRig, minute: number) =>
  (await store.transact((tx) => tx.budget.since(at(minute)))).map(({ incident, detail }) => [incident, detail.who]);

export function cardBudgetContract(rig: StoreRig): void {
  describe('cards of an hour', () => {
    it('are those that the record grants since then, newest first', async () => {
      await rig.store.transact((tx) =>
        tx.ledger.append([
          granted(rig, 'CB-1', 1),
          granted(rig, 'CB-2', 2, 'bob'),
          entryOf('card.posted', {}, { tenant: rig.tenant(), incident: 'CB-3', at: at(3) }),
          granted(rig, 'CB-4', 4),
        ]),
      );
      expect(await since(rig, 2)).toEqual([
        ['CB-4', 'ann'],
        ['CB-2', 'bob'],
      ]);
    });

    it('are all of them, however many there are', async () => {
      const many = Array.from({ length: 230 }, (_none, n) => granted(rig, `CB-${n}`, n < 5 ? 1 : 2));
      await rig.store.transact((tx) => tx.ledger.append(many));
      expect([(await since(rig, 2)).length, (await since(rig, 1)).length]).toEqual([225, 230]);
    });
  });
}

/** Each change is made as somebody would who has the database. */
export function tamperedCardBudgetContract(rig: DatabaseRig): void {
  const run = (statement: string, ...values: readonly unknown[]) =>
    rig.database().db.executeQuery(CompiledQuery.raw(statement, [...values]));

  describe('cards of an hour', () => {
    it('are not used up by whoever writes them behind the end of the record', async () => {
      await rig.store.transact((tx) => tx.ledger.append([granted(rig, 'CB-1', 1)]));
      const prev = (await rig.ledger().head()).hash;
      const bytes = seal.canonical({ ...granted(rig, 'CB-9', 2), v: 2, seq: 2, prev });
      await run(
        `insert into ledger (tenant, seq, incident, type, at, bytes, hash) values ($1, 2, 'CB-9', 'card.granted', $2, $3, $4)`,
        rig.tenant(),
        at(2),
        bytes,
        seal.leafHash(bytes),
      );
      expect(await since(rig, 0)).toEqual([['CB-1', 'ann']]);
    });

    const change = (to: string) =>
      rig
        .database()
        .db.transaction()
        .execute(async (trx) => {
          for (const [statement, ...values] of [
            ['alter table ledger disable trigger ledger_append_only'],
            [`update ledger set ${to} where tenant = $1`, rig.tenant()],
            ['alter table ledger enable trigger ledger_append_only'],
          ] as const)
            await trx.executeQuery(CompiledQuery.raw(statement, [...values]));
        });

    it('are as many as before for whoever writes another time beside them', async () => {
      await rig.store.transact((tx) => tx.ledger.append([granted(rig, 'CB-1', 1), granted(rig, 'CB-2', 2)]));
      await change(`at = '2020-01-01T00:00:00.000Z'`);
      expect(await since(rig, 0)).toHaveLength(2);
    });

    it.each([
      'opened = null',
      `opened = '"nothing"'`,
      `opened = '{"detail.who":["00","eve"]}'`,
      `opened = '{"detail.other":["00","eve"]}'`,
    ])('count for whoever asks next where somebody took away to whom they were granted: %s', async (to) => {
      await rig.store.transact((tx) => tx.ledger.append([granted(rig, 'CB-1', 1), granted(rig, 'CB-2', 2)]));
      await change(to);
      const found = await rig.store.transact((tx) => tx.budget.since(at(0)));
      const details = found.map(({ detail }) => detail);
      expect(spentOf(details, 'report', 'ann')).toEqual({ all: 2, own: 2 });
    });
  });
}
