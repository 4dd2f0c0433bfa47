import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/adapters/store/database.ts';
import { createLedgerReader, seal } from '../../src/adapters/store/ledger.ts';
import { continueRecord, type Kept, readExport } from '../../src/adapters/store/ledger-tail.ts';
import { createStore } from '../../src/adapters/store/store.ts';
import type { Read } from '../../src/core/record/codec.ts';
import type { Entry, SealedEntry } from '../../src/core/record/ledger.ts';
import { verifyLedger } from '../../src/flow/record/audit.ts';
import { createWitness } from '../../src/witness.ts';
import { TENANT_ID } from '../support/cases.ts';
import { freshDatabase } from '../support/database.ts';
import { entryOf } from '../support/entries.ts';

const entry = (what: string): Entry => entryOf('stray', { what }, { tenant: TENANT_ID, incident: 'CB-0001' });
/** The same each time. */
const salt = () => '0'.repeat(32);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** A database whose record tells of these; the same words make the same record. */
async function recordOf(...words: string[]) {
  const fresh = await freshDatabase();
  onTestFinished(() => fresh.drop());
  const database = await openDatabase(fresh.address);
  onTestFinished(() => database.close());
  const reader = createLedgerReader(database.db, TENANT_ID);
  const store = createStore(database, TENANT_ID, { id: randomUUID, salt, wake: () => undefined });
  const tell = (...more: string[]) => store.transact((tx) => tx.ledger.append(more.map(entry)));
  await tell(...words);
  const lines = async () =>
    (await reader.read(0, 1_000)).map(({ seq, bytes, hash, opened }) => JSON.stringify({ seq, bytes, hash, opened }));
  const kept = async () => all(readExport(await lines(), 'record.jsonl'));
  /** Answers what was put behind the end. */
  const goesOn = async (rows: Kept) => {
    const back: Read[] = [];
    const count = await continueRecord(database, TENANT_ID, { kept: rows, file: 'record.jsonl' }, (one) =>
      back.push(one),
    );
    expect(count).toBe(back.length);
    return back;
  };
  return { database, reader, tell, kept, goesOn };
}

it('entries that were kept elsewhere are put behind a copy, and the chain is whole', async () => {
  const lost = await recordOf('a', 'b', 'c', 'd');
  const copy = await recordOf('a', 'b');
  const back = await copy.goesOn(await lost.kept());
  expect(back).toMatchObject([
    { is: 'read', entry: { seq: 3, detail: { what: 'c' } } },
    { is: 'read', entry: { seq: 4, detail: { what: 'd' } } },
  ]);
  await copy.tell('e');
  const { ok, entries } = await verifyLedger(copy.reader, TENANT_ID, seal);
  expect([ok, entries]).toEqual([true, 5]);
});

it('an export from before there was anything to open, and one that was erased, are taken as they are', async () => {
  const lost = await recordOf('a', 'b', 'c');
  const copy = await recordOf('a', 'b');
  const erased = (await lost.kept()).map(({ opened: _opened, ...row }) => JSON.stringify(row));
  const back = await copy.goesOn(readExport(erased, 'record.jsonl'));
  expect(back).toMatchObject([{ is: 'read', entry: { seq: 3, detail: { what: '[erased]' } } }]);
  expect(await verifyLedger(copy.reader, TENANT_ID, seal)).toMatchObject({ ok: true, entries: 3 });
});

it('a record that is older than the copy adds nothing', async () => {
  const copy = await recordOf('a', 'b');
  expect(await copy.goesOn((await copy.kept()).slice(0, 1))).toEqual([]);
});

it('entries of another record, or changed ones, are not taken', async () => {
  const lost = await recordOf('a', 'b', 'c');
  const other = await recordOf('a', 'x');
  const kept = await lost.kept();
  await expect(other.goesOn(kept)).rejects.toThrow('entry 2 in record.jsonl is another one than in the database');
  await expect(other.goesOn(kept.slice(2))).rejects.toThrow('does not continue the record of the database at entry 3');
  const copy = await recordOf('a', 'b');
  const changed = kept.map((row) => ({ ...row, bytes: row.bytes.replace('"outcome":null', '"outcome":"z"') }));
  await expect(copy.goesOn(changed)).rejects.toThrow('the bytes were changed');
  const others = kept.map((row) => ({ ...row, opened: row.opened?.replace('"c"', '"z"') ?? null }));
  await expect(copy.goesOn(others)).rejects.toThrow('what opens its personal values does not fit them');
  expect((await copy.reader.head()).seq).toBe(2);
});

it('a record that ends before the database went another way is not taken for an older one', async () => {
  const lost = await recordOf('a', 'b', 'c');
  const gone = await recordOf('a', 'b', 'x', 'y');
  await expect(gone.goesOn(await lost.kept())).rejects.toThrow(/entry 3 in .*put the copy back once more/);
});

it('a record of more entries than one page goes in whole, or not at all', async () => {
  const lost = await recordOf('a');
  await lost.tell(...Array.from({ length: 2_400 }, (_, n) => `entry ${n}`));
  const rows = [...(await lost.reader.read(0, 5_000))];
  const copy = await recordOf('a');
  const last = rows.at(-1);
  const changed = last && { ...last, bytes: last.bytes.replace('stray', 'strai') };
  await expect(copy.goesOn([...rows.slice(0, -1), ...(changed ? [changed] : [])])).rejects.toThrow(
    'Nothing was changed',
  );
  expect((await copy.reader.read(0, 10)).length).toBe(1);
  await copy.goesOn(rows);
  expect(await verifyLedger(copy.reader, TENANT_ID, seal)).toMatchObject({ ok: true, entries: 2_401 });
});

it('no more of a record is read than is looked at', async () => {
  const lost = await recordOf('a', 'b', 'c');
  const copy = await recordOf('a');
  const [first, , third] = await lost.kept();
  let read = 0;
  async function* endless() {
    for (;;) {
      read += 1;
      yield (read === 1 ? first : third) as SealedEntry;
    }
  }
  await expect(copy.goesOn(endless())).rejects.toThrow('entry 2 is missing');
  expect(read).toBe(2);
});

it('a line that is no entry is named', async () => {
  await expect(all(readExport(['{"seq":1}', 'nonsense'], 'record.jsonl'))).rejects.toThrow(/line 1 of record.jsonl/);
});

it('a machine that has seen more of the record than the database holds says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-witness-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const tenants = [{ id: TENANT_ID, name: 'contoso' }];
  const lost = await recordOf('a', 'b', 'c');
  const witness = createWitness(folder, lost.database, tenants);
  await witness.check();
  await witness.note();
  await lost.tell('d');
  await expect(witness.check()).resolves.toBeUndefined();

  const copy = createWitness(folder, (await recordOf('a', 'b')).database, tenants);
  await expect(copy.check()).rejects.toThrow('does not hold entry 3 of the record of contoso');
  const rewritten = createWitness(folder, (await recordOf('a', 'b', 'z', 'd')).database, tenants);
  await expect(rewritten.check()).rejects.toThrow('does not hold entry 3');
  writeFileSync(join(folder, 'record-seen.json'), 'nonsense');
  await expect(copy.check()).resolves.toBeUndefined();
});
