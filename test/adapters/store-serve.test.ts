import fs, { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { serve } from '../../src/adapters/store/pglite-serve.ts';
import type { Asked, Told } from '../../src/adapters/store/pglite-words.ts';
import { freshFolder } from '../support/database.ts';

/** What the thread of the embedded database answers, asked without the thread. */

type Question = Asked extends infer One ? (One extends Asked ? Omit<One, 'id'> : never) : never;

async function served(folder?: string) {
  const fresh = folder === undefined ? freshFolder() : null;
  const { port1: ours, port2: theirs } = new MessageChannel();
  const told: Told[] = [];
  const waiting = new Map<number, (told: Told) => void>();
  ours.on('message', (one: Told) => {
    told.push(one);
    waiting.get(one.id)?.(one);
  });
  const closed = new Promise<void>((resolve) => ours.once('close', () => resolve()));
  const heard = (id: number) =>
    new Promise<Told>((resolve) => {
      waiting.set(id, resolve);
      const already = told.find((one) => one.id === id);
      if (already) resolve(already);
    });
  let last = 0;
  const ask = (question: Question) => {
    last += 1;
    ours.postMessage({ ...question, id: last });
    return heard(last);
  };
  const syncs = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  await serve(theirs, { folder: folder ?? fresh?.folder ?? '', syncs });
  const opened = await heard(0);
  const close = () => ask({ what: 'close' });
  onTestFinished(async () => {
    if ('value' in opened && !told.some((one) => 'value' in one && one.value === 'closed')) {
      await Promise.race([close(), closed]);
    }
    ours.close();
    await fresh?.drop();
  });
  return {
    ...{ opened, told, closed, close, ask, folder: folder ?? fresh?.folder ?? '' },
    synced: () => Atomics.load(new Int32Array(syncs), 0),
    exec: (sql: string, transaction: number | null = null) => ask({ what: 'exec', transaction, sql }),
    query: (sql: string, transaction: number | null = null, parameters: readonly unknown[] = []) =>
      ask({ what: 'query', transaction, sql, parameters, options: {} }),
  };
}

const rowsOf = (told: Told) => ('value' in told ? (told.value as { rows?: unknown[] }).rows : told.failed.message);
const ONE = 'create table one (n int primary key)';

describe('each question', () => {
  it('is answered once, by its id, after the word that it is open', async () => {
    const { opened, told, exec, query } = await served();
    await exec(ONE);
    await query('insert into one values ($1)', null, [7]);
    expect(rowsOf(await query('select n from one'))).toEqual([{ n: 7 }]);
    expect([opened, told.map(({ id }) => id)]).toEqual([{ id: 0, value: null }, [0, 1, 2, 3]]);
  });

  it('of several statements is answered for each of them', async () => {
    const { exec } = await served();
    const told = await exec('select 1 as a; select 2 as b');
    expect('value' in told && (told.value as { rows: unknown[] }[]).map(({ rows }) => rows)).toEqual([
      [{ a: 1 }],
      [{ b: 2 }],
    ]);
  });

  it('that fails is told with all that PostgreSQL says in plain words, and with nothing else', async () => {
    const { exec, query } = await served();
    await exec(ONE);
    await exec('insert into one values (1)');
    // The driver says with which parameters it was asked, in a list: that stays over there.
    const told = await query('insert into one values ($1)', null, [1]);
    if (!('failed' in told)) throw new Error('it did not fail');
    const { name, message, stack, fields } = told.failed;
    expect([name, message, typeof stack]).toEqual(['error', expect.stringContaining('duplicate key'), 'string']);
    expect(fields).toMatchObject({ code: '23505', constraint: 'one_pkey', table: 'one' });
    const plain = (field: unknown) => ['string', 'number', 'boolean'].includes(typeof field);
    expect(Object.entries(fields).filter(([, field]) => !plain(field))).toEqual([]);
  });
});

describe('a transaction', () => {
  it('is seen by itself alone, and by everybody once it is committed', async () => {
    const { ask, exec, query } = await served();
    await exec(ONE);
    await ask({ what: 'begin', transaction: 50 });
    await query('insert into one values (1)', 50);
    expect(rowsOf(await query('select n from one', 50))).toEqual([{ n: 1 }]);
    const outside = query('select n from one');
    expect(await ask({ what: 'end', transaction: 50, commit: true })).toMatchObject({ value: undefined });
    expect(rowsOf(await outside)).toEqual([{ n: 1 }]);
  });

  it('that is taken back leaves nothing, and that is no failure', async () => {
    const { ask, exec, query } = await served();
    await exec(ONE);
    await ask({ what: 'begin', transaction: 50 });
    await exec('insert into one values (1)', 50);
    expect(await ask({ what: 'end', transaction: 50, commit: false })).toMatchObject({ value: undefined });
    expect(rowsOf(await query('select n from one'))).toEqual([]);
  });

  it('whose commit fails says so', async () => {
    const { ask, exec, query } = await served();
    await exec(`${ONE}; create table two (n int references one deferrable initially deferred)`);
    await ask({ what: 'begin', transaction: 50 });
    await exec('insert into two values (1)', 50);
    expect(await ask({ what: 'end', transaction: 50, commit: true })).toMatchObject({
      failed: { fields: { code: '23503' } },
    });
    expect(rowsOf(await query('select n from two'))).toEqual([]);
  });

  it('that is over, or never was, is asked in vain', async () => {
    const { ask, exec, query } = await served();
    await ask({ what: 'begin', transaction: 50 });
    await ask({ what: 'end', transaction: 50, commit: true });
    const over = { failed: { name: 'Error', message: 'the transaction is over', fields: {} } };
    expect([await query('select 1', 50), await exec('select 1', 51)]).toMatchObject([over, over]);
    expect(await ask({ what: 'end', transaction: 50, commit: true })).toMatchObject({ value: undefined });
    expect(rowsOf(await query('select 1 as n'))).toEqual([{ n: 1 }]);
  });
});

describe('the end', () => {
  it('is told, and then nobody listens any more', async () => {
    const { told, close, closed } = await served();
    await close();
    await closed;
    expect(told.at(-1)).toMatchObject({ id: 1, value: undefined });
  });

  it('is not reached by whatever else is asked', async () => {
    const { exec, query, told } = await served();
    await exec('select 1');
    expect([rowsOf(await query('select 1 as n')), told.length]).toEqual([[{ n: 1 }], 3]);
  });

  it('comes at once where it cannot be opened, with the reason', async () => {
    const { opened } = await served('/dev/null/not-there');
    expect(opened).toMatchObject({ id: 0, failed: { fields: { code: expect.stringMatching(/^ENO/) } } });
  });
});

describe('on the disk', () => {
  it('is every commit, by way of the system, and counted', async () => {
    const { exec, synced } = await served();
    const asked = vi.spyOn(fs, 'fsyncSync');
    onTestFinished(() => asked.mockRestore());
    const before = synced();
    await exec(ONE);
    await exec('insert into one values (1)');
    expect(asked.mock.calls.length).toBeGreaterThanOrEqual(2);
    expect(synced() - before).toBe(asked.mock.calls.length);
  });

  it('are files that others of the same machine cannot read', async () => {
    const { exec, folder, close } = await served();
    await exec(ONE);
    await close();
    const files = readdirSync(join(folder, 'pg'), { recursive: true, withFileTypes: true });
    const open = files.filter((one) => one.isFile() && (statSync(join(one.parentPath, one.name)).mode & 0o077) !== 0);
    expect([open.map(({ name }) => name), files.length > 100]).toEqual([[], true]);
  });

  it('is forced there, which the engine leaves undone unless it is told', async () => {
    const { query } = await served();
    const settings = await query(
      "select name, setting from pg_settings where name in ('fsync', 'wal_sync_method', 'max_connections') order by 1",
    );
    expect(rowsOf(settings)).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'max_connections', setting: '5' },
      { name: 'wal_sync_method', setting: 'fsync' },
    ]);
  });
});
