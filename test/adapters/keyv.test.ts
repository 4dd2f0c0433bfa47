import Keyv, { type KeyvStorageAdapter } from 'keyv';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/adapters/store/database.ts';
import { openCache, SqlKeyv, sealCache, sweepCaches } from '../../src/adapters/store/keyv.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

/** What the makers of Keyv ask of a storage adapter, and what the product asks of its caches. */

let fresh: FreshDatabase;
let database: Database;
let now = 0;

beforeAll(async () => {
  fresh = await freshDatabase();
  database = await openDatabase(fresh.address);
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});
beforeEach(async () => {
  now = Date.now();
  await database.db.deleteFrom('kv').execute();
});

const cache = (namespace?: string) =>
  new Keyv({
    store: new SqlKeyv(database.db, () => now) as unknown as KeyvStorageAdapter,
    ...(namespace === undefined ? {} : { namespace }),
  });
const rows = async () => (await database.db.selectFrom('kv').selectAll().execute()).length;

describe('a cache in the database', () => {
  it.each<[string, unknown]>([
    ['a word', 'bar'],
    ['an empty word', ''],
    ['false', false],
    ['null', null],
    ['zero', 0],
    ['a number', 1.5],
    ['an object', { fizz: ['buzz', { deep: null }] }],
    ['bytes', Buffer.from('bar')],
    ['bytes in an object', { buff: Buffer.from('buzz') }],
    ['quotes', `'"''`],
    ['a word that looks like an escape', ':base64:x'],
    ['U+0000', 'a\u0000b'],
    ['half a character', 'a\ud800b'],
    ['foreign letters', 'Größe 你好 👩‍💻'],
    ['a megabyte', 'x'.repeat(1_000_000)],
  ])('gives back %s', async (_name, value) => {
    await cache().set('foo', value);
    expect(await cache().get('foo')).toEqual(value);
  });

  it('does not take what cannot be written down', async () => {
    await expect(cache().set('foo', Symbol('value'))).rejects.toThrow('symbol');
  });

  it('does not know what was never set', async () => {
    expect([await cache().get('foo'), await cache().has('foo'), await cache().delete('foo')]).toEqual([
      undefined,
      false,
      false,
    ]);
  });

  it('says that it set and deleted', async () => {
    expect([
      await cache().set('foo', 1),
      await cache().has('foo'),
      await cache().delete('foo'),
      await cache().has('foo'),
    ]).toEqual([true, true, true, false]);
  });

  it('keeps the last of two values', async () => {
    await cache().set('foo', 1);
    await cache().set('foo', 2);
    expect([await cache().get('foo'), await rows()]).toEqual([2, 1]);
  });

  it.each([
    "'",
    '"',
    '%',
    '_',
    '\\',
    'a:b',
    ' ',
    '你好',
    '../x',
    'k'.repeat(2_000),
    '__proto__',
    "x'; drop table kv; --",
  ])('takes any key: %j', async (key) => {
    await cache().set(key, 'value');
    expect([await cache().get(key), await cache().get(`${key}x`)]).toEqual(['value', undefined]);
  });

  it('forgets a value when its time is over', async () => {
    const store = new SqlKeyv(database.db, () => now);
    await store.set('foo', 'bar', now + 1_000);
    const before = await store.get('foo');
    now += 1_000;
    expect([before, await store.get('foo'), await store.has('foo')]).toEqual(['bar', undefined, false]);
  });

  it('a new value without an end takes the end of the old one away', async () => {
    const store = new SqlKeyv(database.db, () => now);
    await store.set('foo', 'old', now + 1_000);
    await store.set('foo', 'new');
    now += 5_000;
    expect(await store.get('foo')).toBe('new');
  });

  it('a time to live of Keyv reaches the database', async () => {
    await cache().set('foo', 'bar', 60_000);
    now += 61_000;
    expect(await cache().get('foo')).toBeUndefined();
  });

  describe('many at once', () => {
    it('come back in the order asked for, the unknown as nothing', async () => {
      await cache().setMany([
        { key: 'a', value: 1 },
        { key: 'b', value: 2 },
      ]);
      expect(await cache().getMany(['b', 'none', 'a', 'b'])).toEqual([2, undefined, 1, 2]);
    });

    it('may name a key twice: the last value stays', async () => {
      await cache().setMany([
        { key: 'a', value: 1 },
        { key: 'a', value: 2 },
      ]);
      expect(await cache().get('a')).toBe(2);
    });

    it('are deleted, each with its own answer', async () => {
      await cache().set('a', 1);
      expect([await cache().deleteMany(['a', 'none']), await rows()]).toEqual([[true, false], 0]);
    });

    it('are deleted, and what was not named stays', async () => {
      for (const key of ['a', 'b', 'c']) await cache().set(key, key);
      await cache().deleteMany(['a', 'b']);
      expect(await cache().getMany(['a', 'b', 'c'])).toEqual([undefined, undefined, 'c']);
    });

    it('are known or not, each with its own answer', async () => {
      await cache().set('a', 1);
      expect(await cache().hasMany(['none', 'a'])).toEqual([false, true]);
    });

    it('may be none', async () => {
      expect([await cache().getMany([]), await cache().deleteMany([])]).toEqual([[], []]);
    });

    it('may be five thousand', async () => {
      const entries = Array.from({ length: 5_000 }, (_none, n) => ({ key: `k${n}`, value: n }));
      await cache().setMany(entries);
      expect(await cache().getMany(entries.map(({ key }) => key))).toEqual(entries.map(({ value }) => value));
    });
  });

  describe('with namespaces', () => {
    it('the same key is two values', async () => {
      await cache('one').set('foo', 1);
      await cache('two').set('foo', 2);
      expect([await cache('one').get('foo'), await cache('two').get('foo'), await cache().get('foo')]).toEqual([
        1,
        2,
        undefined,
      ]);
    });

    it('deleting and clearing keep to one', async () => {
      for (const name of ['one', 'two', 'onetwo']) await cache(name).set('foo', name);
      await cache('one').clear();
      await cache('two').delete('foo');
      expect([await cache('one').has('foo'), await cache('two').has('foo'), await cache('onetwo').get('foo')]).toEqual([
        false,
        false,
        'onetwo',
      ]);
    });

    it('clearing the nameless one leaves the named alone', async () => {
      await cache().set('foo', 0);
      await cache('one').set('foo', 1);
      expect([await cache().clear(), await cache().has('foo'), await cache('one').get('foo')]).toEqual([
        undefined,
        false,
        1,
      ]);
    });

    it('a name and key that run into each other stay two values', async () => {
      await cache('a').set('b:c', 1);
      await cache('a:b').set('c', 2);
      expect([await cache('a').get('b:c'), await cache('a:b').get('c')]).toEqual([1, 2]);
    });

    it('two tenants do not share a cache', async () => {
      await openCache(database.db, 'tenant-1', 'token').set('foo', 1);
      expect(await openCache(database.db, 'tenant-2', 'token').get('foo')).toBeUndefined();
    });
  });

  it('a store that fails rejects instead of forgetting silently', async () => {
    const other = await freshDatabase();
    const gone = await openDatabase(other.address);
    await gone.close();
    await other.drop();
    await expect(openCache(gone.db, 't', 'k').set('foo', 1)).rejects.toThrow();
  });

  it('sweeping takes what is over and leaves the rest', async () => {
    const store = new SqlKeyv(database.db, () => now);
    await store.set('over', '1', now - 1);
    await store.set('later', '2', now + 60_000);
    await store.set('always', '3');
    await sweepCaches(database.db, now);
    expect([await rows(), await store.getMany(['over', 'later', 'always'])]).toEqual([2, [undefined, '2', '3']]);
  });
});

describe('a sealed cache', () => {
  const sealed = (secret = 'the secret') => sealCache(cache('sealed'), secret);
  const stored = async () => (await cache('sealed').get<string>('key')) ?? '';

  it('gives back what was put in', async () => {
    await sealed().set('key', 'Größe \u0000 token', 60_000);
    expect(await sealed().get('key')).toBe('Größe \u0000 token');
  });

  it('does not know what was never put in', async () => {
    expect(await sealed().get('key')).toBeUndefined();
  });

  it('shows nothing of it in the database', async () => {
    await sealed().set('key', 'very secret token', 60_000);
    const all = JSON.stringify(await database.db.selectFrom('kv').selectAll().execute());
    expect([all.includes('very secret'), all.includes(Buffer.from('very secret token').toString('base64'))]).toEqual([
      false,
      false,
    ]);
  });

  it('never seals the same value twice alike', async () => {
    await sealed().set('key', 'token', 60_000);
    const first = await stored();
    await sealed().set('key', 'token', 60_000);
    expect(await stored()).not.toBe(first);
  });

  it('does not open with another secret', async () => {
    await sealed().set('key', 'token', 60_000);
    expect(await sealed('another secret').get('key')).toBeUndefined();
  });

  it('does not open under another key', async () => {
    await sealed().set('key', 'token', 60_000);
    await cache('sealed').set('other', await stored());
    expect(await sealed().get('other')).toBeUndefined();
  });

  it('does not open with any byte changed', async () => {
    await sealed().set('key', 'token', 60_000);
    const bytes = Buffer.from(await stored(), 'base64');
    const opened: number[] = [];
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await cache('sealed').set('key', changed.toString('base64'));
      if ((await sealed().get('key')) !== undefined) opened.push(at);
    }
    expect(opened).toEqual([]);
  });

  it.each([1, 4, 11, 12, 13, 16, 27])('does not open when only %i bytes are left', async (length) => {
    await sealed().set('key', '', 60_000);
    const bytes = Buffer.from(await stored(), 'base64');
    const short = bytes.subarray(0, length);
    await cache('sealed').set('key', short.toString('base64'));
    expect(await sealed().get('key')).toBeUndefined();
  });

  it.each([
    ['a number', 5],
    ['an object', { a: 1 }],
    ['no base64', '~~~~'],
    ['nothing', ''],
  ])('%s in its place counts as absent', async (_name, value) => {
    await cache('sealed').set('key', value);
    expect(await sealed().get('key')).toBeUndefined();
  });

  it('forgets when its time is over', async () => {
    await sealed().set('key', 'token', 60_000);
    now += 61_000;
    expect(await sealed().get('key')).toBeUndefined();
  });
});
