import { describe, expect, it } from 'vitest';
import { freshSalt, seal } from '../../src/adapters/store/ledger.ts';
import { entryAmong, type Neighbours } from '../../src/core/record/codec.ts';
import { type Entry, GENESIS, type SealedEntry, sealAll } from '../../src/core/record/ledger.ts';
import { DIGEST, TENANT_ID } from '../support/cases.ts';
import { entryOf } from '../support/entries.ts';

const entry = (): Entry =>
  entryOf(
    'decision.approved',
    { action: 'purge' },
    {
      tenant: TENANT_ID,
      incident: 'CB-0001',
      actor: { kind: 'person', id: '11111111-0000-4000-8000-000000000001', name: 'Dana' },
      platform: 'slack',
      planDigest: DIGEST,
    },
  );
const chain = (n = 3) =>
  sealAll(
    Array.from({ length: n }, () => entry()),
    0,
    GENESIS,
    seal,
    freshSalt,
  );
const [FIRST, SECOND, THIRD] = chain() as [SealedEntry, SealedEntry, SealedEntry];
const head = { seq: 3, hash: THIRD.hash };
const amongFirst: Neighbours = { before: null, after: SECOND.bytes, head };
const amongSecond: Neighbours = { before: FIRST.hash, after: THIRD.bytes, head };
const atTheEnd: Neighbours = { before: SECOND.hash, after: null, head };
const isBelieved = (row: SealedEntry, around: Neighbours, tenant = TENANT_ID) =>
  entryAmong(row, around, tenant, seal).is === 'read';

describe('one entry of the record, read without the whole chain', () => {
  it.each([
    ['the first', FIRST, amongFirst],
    ['one within', SECOND, amongSecond],
    ['the last', THIRD, atTheEnd],
    ['one that is filed under its type too', { ...SECOND, type: 'decision.approved' }, amongSecond],
  ])('is believed where it fits between its neighbours: %s', (_name, row, around) => {
    const read = entryAmong(row, around, TENANT_ID, seal);
    expect(read).toMatchObject({ is: 'read', entry: { ...entry(), seq: row.seq } });
  });

  it.each<[string, SealedEntry, Neighbours]>([
    ['its bytes were changed', { ...SECOND, bytes: SECOND.bytes.replace('purge', 'flag') }, amongSecond],
    ['it is filed under another type', { ...SECOND, type: 'decision.withdrawn' }, amongSecond],
    ['it is filed under another incident', { ...SECOND, incident: 'CB-0002' }, amongSecond],
    ['what opens it was changed', { ...SECOND, opened: SECOND.opened?.replace('Dana', 'Omar') ?? '' }, amongSecond],
    ['another one stands before it', SECOND, { ...amongSecond, before: THIRD.hash }],
    ['nothing stands before it, and it is not the first', SECOND, { ...amongSecond, before: null }],
    ['something stands before the first', FIRST, { ...amongFirst, before: SECOND.hash }],
    ['what stands behind it follows another one', SECOND, { ...amongSecond, after: SECOND.bytes }],
    ['nothing stands behind it, and the chain goes on', SECOND, { ...amongSecond, after: null }],
    ['the chain ends with another one of its number', THIRD, { ...atTheEnd, head: { seq: 3, hash: FIRST.hash } }],
    ['the chain ends with it under another number', THIRD, { ...atTheEnd, head: { seq: 4, hash: THIRD.hash } }],
  ])('is not believed where %s', (_name, row, around) => {
    expect(isBelieved(row, around)).toBe(false);
  });

  it('is not believed of another tenant', () => {
    expect(isBelieved(SECOND, amongSecond, '00000000-0000-4000-8000-000000000bad')).toBe(false);
  });

  it('is not believed where somebody put it at the beginning with a hash of its own', () => {
    const bytes = seal.canonical({ ...entry(), seq: 1, prev: '' });
    const forged = { seq: 1, incident: 'CB-0001', bytes, hash: seal.leafHash(bytes) };
    expect(isBelieved(forged, { before: null, after: null, head: { seq: 1, hash: forged.hash } })).toBe(false);
  });

  it('is not believed where somebody put it behind one that is missing', () => {
    const bytes = seal.canonical({ ...entry(), seq: 5, prev: GENESIS });
    const forged = { seq: 5, incident: 'CB-0001', bytes, hash: seal.leafHash(bytes) };
    expect(isBelieved(forged, { before: null, after: null, head: { seq: 5, hash: forged.hash } })).toBe(false);
  });
});
