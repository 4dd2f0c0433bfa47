import { describe, expect, it } from 'vitest';
import { freshSalt, seal } from '../../src/adapters/store/ledger.ts';
import { type Entry, GENESIS, type SealedEntry, sealAll } from '../../src/core/record/ledger.ts';
import { expectedOf, verifyLedger } from '../../src/flow/record/audit.ts';
import type { LedgerReader } from '../../src/ports/store.ts';
import { TENANT_ID } from '../support/cases.ts';
import { entryOf } from '../support/entries.ts';

/** The end of the record, as somebody wrote it down elsewhere, and what is said where it is another. */

const entry: Entry = entryOf('service.started', { version: '1' }, { tenant: TENANT_ID });
const CHAIN = sealAll(Array<Entry>(2_005).fill(entry), 0, GENESIS, seal, freshSalt);
const at = (seq: number) => CHAIN[seq - 1]?.hash ?? '';
const verified = (
  rows: readonly SealedEntry[],
  expected: Parameters<typeof verifyLedger>[3] = [],
  head = { seq: rows.length, hash: rows.at(-1)?.hash ?? GENESIS },
) => {
  const reader: LedgerReader = {
    head: () => Promise.resolve(head),
    read: (after, limit) => Promise.resolve(rows.slice(after, after + limit)),
    ofIncident: () => Promise.resolve([]),
  };
  return verifyLedger(reader, TENANT_ID, seal, expected);
};

describe('what is expected is read', () => {
  const hash = 'abcdef0123456789';
  it.each([
    ['at its shortest', `7:${hash}`, { seq: 7, hash }],
    ['at its longest', `1234567890:${hash.repeat(4)}`, { seq: 1_234_567_890, hash: hash.repeat(4) }],
    ['with blanks around it, in capitals', ` 7:${hash.toUpperCase()}\n`, { seq: 7, hash }],
  ])('%s', (_how, text, expected) => {
    expect(expectedOf(text)).toEqual(expected);
  });

  it.each([
    '',
    '7',
    `0:${hash}`,
    `07:${hash}`,
    `7:${hash.slice(1)}`,
    `7:${hash.repeat(4)}0`,
    `7:${hash}g`,
    `x7:${hash}`,
  ])('or refused: %j', (text) => {
    expect(() => expectedOf(text)).toThrow(/^--expect ".*" cannot be read/);
  });

  it('and not all of a long one is repeated', () => {
    expect(() => expectedOf('y'.repeat(200))).toThrow(`--expect "${'y'.repeat(80)}" cannot be read`);
  });
});

describe('the record is held against it', () => {
  it.each([
    ['an entry of the first page', 5],
    ['the last one of the first page', 2_000],
    ['the first one of the second page', 2_001],
    ['the last one', 2_005],
  ])('by the beginning of the hash: %s', async (_which, seq) => {
    expect(await verified(CHAIN, [{ seq, hash: at(seq).slice(0, 16) }])).toMatchObject({ ok: true, entries: 2_005 });
    const other = '0'.repeat(64);
    expect(
      await verified(CHAIN, [
        { seq: 1, hash: at(1) },
        { seq, hash: other },
      ]),
    ).toMatchObject({
      ok: false,
      fault: { seq, problem: `this is not the entry that was expected (${other.slice(0, 16)})` },
    });
  });

  it('and must reach as far', async () => {
    expect(await verified(CHAIN.slice(0, 3), [{ seq: 3, hash: at(3) }])).toMatchObject({ ok: true });
    expect(
      await verified(CHAIN.slice(0, 3), [
        { seq: 1, hash: at(1) },
        { seq: 4, hash: at(4) },
      ]),
    ).toEqual({
      ok: false,
      entries: 3,
      head: at(3),
      fault: { seq: 4, problem: 'the chain ends at entry 3, but entry 4 was expected' },
    });
  });

  it('says what is wrong with the chain itself first', async () => {
    const forged = CHAIN.slice(0, 3).toSpliced(1, 1);
    expect(await verified(forged, [{ seq: 9, hash: at(9) }])).toMatchObject({ ok: false, fault: { seq: 2 } });
  });
});

describe('a chain that ends wrongly says how', () => {
  it.each([
    ['its tail was cut', 2, { seq: 3, hash: at(3) }, 'the chain ends here, but 3 entries were written'],
    ['its head was set back', 3, { seq: 2, hash: at(2) }, 'the chain goes on to entry 3, but its head says 2'],
    ['its head names another entry', 3, { seq: 3, hash: at(2) }, 'the head names another last entry'],
  ])('where %s', async (_how, length, head, problem) => {
    expect(await verified(CHAIN.slice(0, length), [], head)).toEqual({
      ok: false,
      entries: length,
      head: head.hash,
      fault: { seq: length + 1, problem },
    });
  });
});
