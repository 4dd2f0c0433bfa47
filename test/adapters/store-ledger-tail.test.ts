import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/adapters/store/database.ts';
import { createLedgerReader, seal } from '../../src/adapters/store/ledger.ts';
import { continueRecord, readExport } from '../../src/adapters/store/ledger-tail.ts';
import { createStore } from '../../src/adapters/store/store.ts';
import type { Entry } from '../../src/core/ledger.ts';
import { verifyLedger } from '../../src/flow/audit.ts';
import { createWitness } from '../../src/witness.ts';
import { TENANT_ID } from '../support/cases.ts';
import { freshDatabase } from '../support/database.ts';

const entry = (what: string): Entry => ({
  tenant: TENANT_ID,
  at: '2026-11-29T08:00:00.000Z',
  type: 'stray',
  incident: 'CB-0001',
  actor: { kind: 'service', id: 'clawback', name: 'Clawback' },
  platform: null,
  planDigest: null,
  mailbox: null,
  message: null,
  requestId: null,
  outcome: null,
  detail: { what },
});

/** A database whose record tells of these; the same words make the same record. */
async function recordOf(...words: string[]) {
  const fresh = await freshDatabase();
  onTestFinished(() => fresh.drop());
  const database = await openDatabase(fresh.address);
  onTestFinished(() => database.close());
  const reader = createLedgerReader(database.db, TENANT_ID);
  const store = createStore(database, TENANT_ID, { id: randomUUID, wake: () => undefined });
  const tell = (...more: string[]) => store.transact((tx) => tx.ledger.append(more.map(entry)));
  await tell(...words);
  const text = async () =>
    (await reader.read(0, 1_000)).map(({ seq, bytes, hash }) => `${JSON.stringify({ seq, bytes, hash })}\n`).join('');
  return { database, reader, tell, kept: async () => readExport(await text(), 'record.jsonl') };
}

it('entries that were kept elsewhere are put behind a copy, and the chain is whole', async () => {
  const lost = await recordOf('a', 'b', 'c', 'd');
  const copy = await recordOf('a', 'b');
  const back = await continueRecord(copy.database, TENANT_ID, await lost.kept(), 'record.jsonl');
  expect(back.map(({ seq, detail }) => [seq, detail['what']])).toEqual([
    [3, 'c'],
    [4, 'd'],
  ]);
  await copy.tell('e');
  const { ok, entries } = await verifyLedger(copy.reader, TENANT_ID, seal);
  expect([ok, entries]).toEqual([true, 5]);
});

it('a record that is older than the copy adds nothing', async () => {
  const copy = await recordOf('a', 'b');
  expect(await continueRecord(copy.database, TENANT_ID, (await copy.kept()).slice(0, 1), 'record.jsonl')).toEqual([]);
});

it('entries of another record, or changed ones, are not taken', async () => {
  const lost = await recordOf('a', 'b', 'c');
  const other = await recordOf('a', 'x');
  const kept = await lost.kept();
  const into = (record: typeof other, rows: typeof kept) =>
    continueRecord(record.database, TENANT_ID, rows, 'record.jsonl');
  await expect(into(other, kept)).rejects.toThrow('entry 2 in record.jsonl is another one than in the database');
  await expect(into(other, kept.slice(2))).rejects.toThrow('does not continue the record of the database at entry 3');
  const copy = await recordOf('a', 'b');
  const changed = kept.map((row) => ({ ...row, bytes: row.bytes.replace('"what":"c"', '"what":"z"') }));
  await expect(into(copy, changed)).rejects.toThrow('the bytes were changed');
  expect((await copy.reader.head()).seq).toBe(2);
});

it('a line that is no entry is named', () => {
  expect(() => readExport('{"seq":1}\nnonsense', 'record.jsonl')).toThrow(/line 1 of record.jsonl/);
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
