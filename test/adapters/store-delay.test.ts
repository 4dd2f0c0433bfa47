import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from '../../src/adapters/store/database.ts';
import { createWorkers } from '../../src/adapters/store/jobs.ts';
import { freshSalt } from '../../src/adapters/store/ledger.ts';
import { createStore } from '../../src/adapters/store/store.ts';
import { freshDatabase } from '../support/database.ts';

const TENANT = '00000000-0000-4000-8000-00000000c0de';
const MINUTE = 60_000;

/** `begun` holds the queues of the jobs that workers took. */
async function openStore(mayWork: () => void = () => undefined) {
  const fresh = await freshDatabase();
  const database = await openDatabase(fresh.address);
  const begun: string[] = [];
  const take = ({ queue }: { queue: string }) => Promise.resolve(void begun.push(queue));
  const workers = createWorkers(database.boss, () => undefined);
  await workers.start(take);
  onTestFinished(async () => {
    vi.useRealTimers();
    await workers.stop();
    await database.close();
    await fresh.drop();
  });
  const store = createStore(database, TENANT, { id: randomUUID, salt: freshSalt, wake: workers.wake, mayWork });
  return { database, workers, store, begun };
}

test.each([
  ['ahead', 4 * MINUTE],
  ['behind', -4 * MINUTE],
])('a delay is counted by the database, though this machine’s clock is 4 minutes %s', async (_where, offMs) => {
  const { database, store } = await openStore();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offMs });
  await store.transact((tx) => tx.jobs.send({ queue: 'run', run: 'r1' }, 20_000));
  const { rows } = await sql<{ waits: string }>`
    select extract(epoch from start_after - created_on)::text as waits from pgboss.job where name = 'run'`.execute(
    database.db,
  );
  expect(rows.map(({ waits }) => Math.round(Number(waits)))).toEqual([20]);
});

test('while the clocks differ too much nothing is written, and no job is begun', async () => {
  let off = true;
  const { workers, store, begun } = await openStore(() => {
    if (off) throw new Error('the clock is off');
  });
  const send = () => store.transact((tx) => tx.jobs.send({ queue: 'scope', incident: 'CB-0001' }));
  await expect(send()).rejects.toThrow('the clock is off');
  off = false;
  await workers.hold();
  await send();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(begun).toEqual([]);
  await workers.goOn();
  await expect.poll(() => begun, { timeout: 20_000 }).toEqual(['scope']);
});

test('what is wanted sooner comes sooner, and what is wanted later stays when it was', async () => {
  const { database, store, begun } = await openStore();
  const send = (run: string, afterMs?: number) => store.transact((tx) => tx.jobs.send({ queue: 'run', run }, afterMs));
  await send('r1', 10 * MINUTE);
  await send('r2', 10 * MINUTE);
  await send('r2', 20 * MINUTE);
  await send('r1');
  await expect.poll(() => begun, { timeout: 20_000 }).toEqual(['run']);
  const { rows } = await sql<{ run: string; waits: string }>`
    select data->>'run' as run, extract(epoch from start_after - created_on)::text as waits
      from pgboss.job where name = 'run' and state = 'created'`.execute(database.db);
  expect(rows.map(({ run, waits }) => [run, Math.round(Number(waits))])).toEqual([['r2', 600]]);
});
