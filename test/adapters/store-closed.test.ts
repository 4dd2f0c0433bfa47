import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/adapters/store/database.ts';
import { isFolderInUse } from '../../src/adapters/store/pglite.ts';
import { inTransaction } from '../../src/adapters/store/transaction.ts';

it('what comes when the embedded database has closed is no error that ends the process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-closed-'));
  const heard: unknown[] = [];
  const hear = (error: unknown) => void heard.push(error);
  process.on('unhandledRejection', hear);
  onTestFinished(() => {
    process.off('unhandledRejection', hear);
    rmSync(folder, { recursive: true });
  });
  const database = await openDatabase({ kind: 'embedded', folder });
  expect(await database.db.transaction().execute(async () => 'done')).toBe('done');
  await database.close();
  await expect(database.db.transaction().execute(async () => 'done')).rejects.toThrow(CLOSED);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(heard).toEqual([]);
});

const CLOSED = 'the embedded database is closed: this process ends';

it('whoever asks in a transaction while the embedded database closes, or after, is told so and waits for nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-closed-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const database = await openDatabase({ kind: 'embedded', folder });
  const ask = () => inTransaction(database.db, (trx) => sql`select 1 as one`.execute(trx));
  const closing = database.close();
  const meanwhile = await Promise.allSettled(Array.from({ length: 5 }, ask));
  await closing;
  for (const asked of meanwhile) if (asked.status === 'rejected') expect(String(asked.reason)).toMatch(/clos/);
  await expect(ask()).rejects.toMatchObject({ code: 'unavailable', message: CLOSED });
});

it('a folder that is not there yet is made for its owner only, and is in use as long as it is open', async () => {
  const place = mkdtempSync(join(tmpdir(), 'clawback-fresh-'));
  onTestFinished(() => rmSync(place, { recursive: true }));
  const folder = join(place, 'data');
  expect(isFolderInUse(folder)).toBe(false);
  const database = await openDatabase({ kind: 'embedded', folder });
  expect([statSync(folder).mode & 0o777, isFolderInUse(folder)]).toEqual([0o700, true]);
  await database.close();
  expect(isFolderInUse(folder)).toBe(false);
});

it('a folder whose lock is something else is in nobody’s use', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'owner.lock'));
  expect(isFolderInUse(folder)).toBe(false);
});
