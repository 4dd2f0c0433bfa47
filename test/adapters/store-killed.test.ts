import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../src/adapters/store/database.ts';
import { freshSalt } from '../../src/adapters/store/ledger.ts';
import { createStore, freeLeasesOfTheDead } from '../../src/adapters/store/store.ts';
import type { Store } from '../../src/ports/store.ts';
import { MANNERS } from '../contract/store-rig.ts';
import { partOf, SEARCH } from '../contract/store-searches.ts';
import { incidentOf, TENANT_ID } from '../support/cases.ts';
import { freshFolder } from '../support/database.ts';

/** What a process held when it was killed: nobody else can hold it on the embedded database, so that it goes on at once. */

const HOUR = 3_600_000;

async function begun<T>(folder: string, work: (store: Store, database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ kind: 'embedded', folder });
  const store = createStore(database, TENANT_ID, { id: randomUUID, salt: freshSalt, wake: () => undefined });
  return work(store, database).finally(() => database.close());
}

/** What can be taken for an hour: a card to be sent, and a part of a search. */
const takenBy = (store: Store) =>
  store.transact(async (tx) => {
    const card = await tx.cards.claim('slack', { ...MANNERS, leaseMs: HOUR });
    const part = await tx.searches.claim(SEARCH, 'whoever', HOUR);
    return [card.kind, part?.id ?? 'nothing'];
  });

it('a card that it was sending and a part that it was looking into are free at once, and due', async () => {
  const { folder, drop } = freshFolder();
  onTestFinished(drop);
  const before = await begun(folder, async (store) => {
    await store.transact(async (tx) => {
      await tx.incidents.createOrRepeat(incidentOf('open', { id: 'CB-0001' }));
      await tx.cards.ensure('CB-0001', 'slack', 'key');
      await tx.searches.add(SEARCH, [partOf('p1')], '2026-11-20T08:00:00.000Z');
    });
    return [await takenBy(store), await takenBy(store)];
  });
  expect(before).toEqual([
    ['send', 'p1'],
    ['wait', 'nothing'],
  ]);
  const after = await begun(folder, async (store, database) => {
    await freeLeasesOfTheDead(database);
    return [await store.transact((tx) => tx.cards.waiting()), await takenBy(store)];
  });
  expect(after).toEqual([['slack'], ['send', 'p1']]);
});
