import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/adapters/store/database.ts';
import { SqlKeyv } from '../../src/adapters/store/keyv.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

/** What a cache asks of its place in the database. Keyv answers some of this by itself; another version of it may ask. */

let fresh: FreshDatabase;
let database: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  database = await openDatabase(fresh.address);
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});
beforeEach(() => database.db.deleteFrom('kv').execute());

const adapter = () => new SqlKeyv(database.db);
const rows = async () => (await database.db.selectFrom('kv').selectAll().execute()).length;

it('knows what was set, and says of each whether it is there', async () => {
  expect(await adapter().set('a', '1')).toBe(true);
  expect([await adapter().has('a'), await adapter().has('none')]).toEqual([true, false]);
  expect(await adapter().hasMany(['none', 'a'])).toEqual([false, true]);
});

it('says of each that it was set', async () => {
  const entries = ['a', 'b'].map((key) => ({ key, value: '1' }));
  expect([await adapter().setMany(entries), await rows()]).toEqual([[true, true], 2]);
});

it('deletes what is there, and says of what is not that nothing was deleted', async () => {
  await adapter().set('a', '1');
  expect([await adapter().delete('none'), await adapter().delete('a'), await rows()]).toEqual([false, true, 0]);
});

it('takes none as nothing to do', async () => {
  await adapter().set('a', '1');
  expect([await adapter().setMany([]), await adapter().getMany([]), await adapter().deleteMany([])]).toEqual([
    [],
    [],
    [],
  ]);
  expect(await rows()).toBe(1);
});

it('reads what it was asked for, and nothing beside it', async () => {
  for (const key of ['a', 'b', 'c']) await adapter().set(key, '1');
  let read = 0;
  const counting = database.db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: ({ result }) => {
      read += result.rows.length;
      return Promise.resolve(result);
    },
  });
  expect([await new SqlKeyv(counting).get('b'), read]).toEqual(['1', 1]);
});
