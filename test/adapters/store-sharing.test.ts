import { sql } from 'kysely';
import { expect, inject, onTestFinished, test } from 'vitest';
import { PATIENCE } from '../../src/adapters/store/connection.ts';
import { type Database, openDatabase, type Use } from '../../src/adapters/store/database.ts';
import { freshDatabase } from '../support/database.ts';

/** Whoever puts a database back from a copy, and processes that work on it. */

async function oneDatabase() {
  const { address, drop } = await freshDatabase();
  const opened = new Set<Database>();
  const close = async (database: Database) => {
    opened.delete(database);
    await database.close();
  };
  onTestFinished(async () => {
    for (const database of opened) await close(database);
    await drop();
  });
  const open = async (use: Use) => {
    const database = await openDatabase(address, PATIENCE, use);
    opened.add(database);
    // An idle process has said something once, and says nothing now.
    await sql`select 1`.execute(database.db);
    return database;
  };
  return { open, close };
}
const onServer = inject('databaseServer') !== '';

test('a database on which a Clawback runs, however idle, is had by nobody alone', async () => {
  const { open, close } = await oneDatabase();
  const running = await open('shared');
  await expect(open('alone')).rejects.toThrow(
    onServer
      ? /running on the database.*\(connected from (the server itself|[0-9a-f.:]+)\): stop it first/
      : /in use by another Clawback/,
  );
  await close(running);
  expect((await open('alone')).db).toBeDefined();
});

test('a Clawback that is started while the database is put back is told to wait, and starts afterwards', async () => {
  const { open, close } = await oneDatabase();
  const putBack = await open('alone');
  await expect(open('shared')).rejects.toThrow(/clawback restored is at work|in use by another Clawback/);
  await close(putBack);
  expect((await open('shared')).db).toBeDefined();
});

test('a Clawback that is just ending is waited for, where others can be seen at all', async () => {
  const { open, close } = await oneDatabase();
  const running = await open('shared');
  const alone = open('alone').catch((error: Error) => error.message);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await close(running);
  expect(await alone).toEqual(
    onServer ? expect.objectContaining({ db: expect.anything() }) : expect.stringMatching(/in use/),
  );
});

test('whoever cannot use the database that they have alone gives it back', async () => {
  const { open, close } = await oneDatabase();
  const newer = await open('shared');
  await sql`insert into schema_migration (name, timestamp) values ('9999-of-another-year', 'now')`.execute(newer.db);
  await close(newer);
  for (let n = 0; n < 2; n += 1)
    await expect(open('alone')).rejects.toThrow('brought up to date by a newer Clawback (9999-of-another-year)');
});
