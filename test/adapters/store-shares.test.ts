import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/adapters/store/database.ts';
import { createWorkers, type TenantJob } from '../../src/adapters/store/jobs.ts';
import { freshSalt } from '../../src/adapters/store/ledger.ts';
import { createStore } from '../../src/adapters/store/store.ts';
import { freshDatabase } from '../support/database.ts';

/** Two tenants on one database: whatever one has to do, the other one's work is done. */

const BUSY = '00000000-0000-4000-8000-00000000c0de';
const SMALL = '00000000-0000-4000-8000-00000000fab0';

test('a tenant whose mailboxes never answer does not keep another waiting, and gets no more than its share', async () => {
  const fresh = await freshDatabase();
  const database = await openDatabase(fresh.address);
  const weights = new Map([
    [BUSY, 1],
    [SMALL, 1],
  ]);
  const workers = createWorkers(database.boss, () => undefined, weights);
  const begun: string[] = [];
  const isDone = Promise.withResolvers<void>();
  const isFull = Promise.withResolvers<void>();
  await workers.start(async ({ tenant }: TenantJob) => {
    if (tenant === SMALL) return isDone.resolve();
    if (begun.push(tenant) === 8) isFull.resolve();
    await isDone.promise;
  });
  onTestFinished(async () => {
    isDone.resolve();
    await workers.stop();
    await database.close();
    await fresh.drop();
  });
  const storeOf = (tenant: string) =>
    createStore(database, tenant, { id: randomUUID, salt: freshSalt, wake: workers.wake });
  for (let n = 0; n < 30; n += 1) await storeOf(BUSY).transact((tx) => tx.jobs.send({ queue: 'run', run: `r${n}` }));
  await isFull.promise;
  await storeOf(SMALL).transact((tx) => tx.jobs.send({ queue: 'run', run: 'small' }));
  await isDone.promise;
  // All 30 were sent before, and each waits for the small one.
  expect(begun).toHaveLength(8);
});
