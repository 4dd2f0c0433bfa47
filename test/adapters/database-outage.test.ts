import { sql } from 'kysely';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { PATIENCE } from '../../src/adapters/store/connection.ts';
import { type Database, openDatabase } from '../../src/adapters/store/database.ts';
import { inTransaction } from '../../src/adapters/store/transaction.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { layWire, type Wire } from '../support/wire.ts';

/** What becomes of a process when its database goes quiet. The embedded one is in the process: no wire leads there. */

const onServer = inject('databaseServer') !== '';
/** Short, so that the tests are. The order is that of the real ones. */
const SHORT = { connect: 2_000, lock: 300, idleInTransaction: 600, statement: 800, silence: 1_000 };

let fresh: FreshDatabase;
let database: Database;
let wire: Wire | null = null;

beforeEach(async () => {
  fresh = await freshDatabase();
  const { address } = fresh;
  wire = address.kind === 'server' ? await layWire(address.url) : null;
  database = await openDatabase(wire ? { kind: 'server', url: wire.url } : address, SHORT);
});

afterEach(async () => {
  await database.close();
  await wire?.close();
  await fresh.drop();
});

const answers = () => inTransaction(database.db, (trx) => sql`select 1`.execute(trx)).then(() => true);

/** A transaction that is under way, with one statement behind it; `go` lets it end. */
async function underWay(on: Database = database) {
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  let tries = 0;
  let begun: () => void = () => undefined;
  const isUnderWay = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const done = inTransaction(on.db, async (trx) => {
    tries += 1;
    await sql`insert into kv (ns, k, v) values ('test', 'once', ${String(tries)})`.execute(trx);
    begun();
    await gate;
    await sql`select 1`.execute(trx);
    return tries;
  });
  done.catch(() => undefined);
  await isUnderWay;
  return { go, done };
}

const kept = () => database.db.selectFrom('kv').select('v').where('ns', '=', 'test').execute();

const onTheServer: readonly [string, (line: Wire) => Promise<void>][] = [
  [
    'a connection that is cut in the middle of a transaction ends no process, and the transaction is done once',
    async (line) => {
      const { go, done } = await underWay();
      line.cut();
      line.heal();
      await new Promise((resolve) => setTimeout(resolve, 50));
      go();
      expect(await done).toBe(2);
      expect(await kept()).toEqual([{ v: '2' }]);
    },
  ],
  [
    'bytes that vanish are noticed, and nobody is given the dead connection again',
    async (line) => {
      await Promise.all(Array.from({ length: 8 }, answers));
      line.swallow();
      await expect(sql`select 1`.execute(database.db)).rejects.toThrow('PostgreSQL was silent for 1 s');
      line.heal();
      await expect.poll(() => Promise.all(Array.from({ length: 8 }, answers)).catch(() => null)).toHaveLength(8);
    },
  ],
  [
    'a server that lets nobody in is an advice within the time, and no hanging',
    async (line) => {
      line.swallow();
      const opened = openDatabase({ kind: 'server', url: line.url }, SHORT);
      await expect(opened).rejects.toThrow('does not answer');
    },
  ],
  [
    'whoever holds a row and says nothing more loses it, and who waited for it gets it',
    async () => {
      // It is not the frozen one's own watch that ends it: that is frozen too.
      const frozen = await openDatabase(fresh.address, { ...SHORT, silence: 60_000 });
      const living = await openDatabase(fresh.address, SHORT);
      const { go, done } = await underWay(frozen);
      await inTransaction(living.db, (trx) =>
        sql`insert into kv (ns, k, v) values ('test', 'once', 'by the living')`.execute(trx),
      );
      go();
      // The frozen one wakes up: its transaction is gone, and what it writes anew is in the way of what is there.
      await expect(done).rejects.toThrow('duplicate key');
      await Promise.all([living.close(), frozen.close()]);
      expect(await kept()).toEqual([{ v: 'by the living' }]);
    },
  ],
  [
    'what is under way at the end is done before the connections are closed',
    async () => {
      const { go, done } = await underWay();
      const closed = database.close();
      go();
      expect(await done).toBe(1);
      await closed;
      database = await openDatabase(fresh.address, SHORT);
      expect(await kept()).toEqual([{ v: '1' }]);
    },
  ],
  [
    'a server that hangs does not keep us from ending',
    async (line) => {
      const { go, done } = await underWay();
      line.swallow();
      await database.close();
      go();
      await expect(done).rejects.toThrow();
    },
  ],
];

const embedded: typeof onTheServer = [
  [
    'the embedded database has no wire to lose',
    async () => expect([await answers(), database.exclusive]).toEqual([true, true]),
  ],
];

test.each(onServer ? onTheServer : embedded)('%s', async (_what, story) => story(wire as Wire));

test('the times are in the order that they rely on', () => {
  expect(PATIENCE.lock).toBeLessThan(PATIENCE.idleInTransaction);
  expect(PATIENCE.idleInTransaction).toBeLessThan(5_000);
  expect(PATIENCE.statement).toBeLessThan(PATIENCE.silence);
});

test('a disk that is full is told as such and at once: nobody makes room within the tries', async () => {
  let tries = 0;
  const full = inTransaction(database.db, () => {
    tries += 1;
    return Promise.reject(
      Object.assign(new Error('could not extend file: No space left on device'), { code: '53100' }),
    );
  });
  await expect(full).rejects.toMatchObject({
    code: 'unavailable',
    message: 'the disk of the database is full: make room there',
  });
  expect(tries).toBe(1);
});

test('what the database refuses is told as it is, and tried once', async () => {
  let tries = 0;
  const wrong = inTransaction(database.db, (trx) => {
    tries += 1;
    return sql`select * from no_such_table`.execute(trx);
  });
  await expect(wrong).rejects.toThrow('no_such_table');
  expect(tries).toBe(1);
});
