import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshSalt, seal } from '../../src/adapters/store/ledger.ts';
import { readEntry } from '../../src/core/record/codec.ts';
import { type Entry, GENESIS, type SealedEntry, sealAll, verifyChain } from '../../src/core/record/ledger.ts';
import { tellRead } from '../../src/core/record/ledger-story.ts';
import { ERASED } from '../../src/core/record/personal.ts';
import { DIGEST, TENANT_ID } from '../support/cases.ts';
import { entryOf, sealOld } from '../support/entries.ts';

/** An entry is sealed without what is personal, opened beside it, and read back as it was written. */

const DANA = { kind: 'person', id: '11111111-0000-4000-8000-000000000001', name: 'Dana' } as const;
const rejected = entryOf(
  'decision.rejected',
  {
    reason: 'our own newsletter',
    roles: ['approver', 'lead'],
    seats: [{ role: 'approver', count: 2 }],
    approvedBy: [DANA.id, 'somebody-else'],
  },
  { tenant: TENANT_ID, incident: 'CB-0001', actor: DANA, platform: 'slack', planDigest: DIGEST },
);
const outcome = entryOf(
  'copy.outcome',
  { address: 'ann@contoso.example', action: 'purge', note: 'seen' },
  { tenant: TENANT_ID, incident: 'CB-0001', mailbox: 'ann-id', message: 'message-1', outcome: 'removed' },
);

const sealed = (...entries: readonly Entry[]) => sealAll(entries, 0, GENESIS, seal, freshSalt);
const one = (entry: Entry) => sealed(entry)[0] as SealedEntry;
const openings = ({ opened }: SealedEntry) => JSON.parse(opened ?? '{}') as Record<string, [string, string]>;
const reopened = (row: SealedEntry, change: Record<string, unknown>): SealedEntry => ({
  ...row,
  opened: JSON.stringify({ ...openings(row), ...change }),
});
const without = (row: SealedEntry, ...paths: readonly string[]): SealedEntry => ({
  ...row,
  opened: JSON.stringify(Object.fromEntries(Object.entries(openings(row)).filter(([path]) => !paths.includes(path)))),
});
const read = (row: SealedEntry) => readEntry(row, seal);
const faultOf = (rows: readonly SealedEntry[]) =>
  verifyChain(rows, { seq: 0, hash: GENESIS }, TENANT_ID, seal).fault?.problem ?? null;

describe('an entry that is sealed', () => {
  it.each([
    ['of a person', rejected],
    ['of a copy', outcome],
  ])('reads back as it was written: %s', (_what, entry) => {
    expect(read(one(entry))).toEqual({ is: 'read', entry: { ...entry, seq: 1, prev: GENESIS } });
  });

  it('bears its version, and nothing personal', () => {
    const { bytes } = one(rejected);
    expect(JSON.parse(bytes)).toMatchObject({
      v: 2,
      type: 'decision.rejected',
      detail: { roles: ['approver', 'lead'] },
    });
    for (const text of [DANA.id, DANA.name, 'newsletter', 'somebody-else']) expect(bytes).not.toContain(text);
    for (const text of ['ann@contoso', 'ann-id', 'message-1']) expect(one(outcome).bytes).not.toContain(text);
  });

  it('keeps a value and a salt for each of them, and the salts are different', () => {
    const opened = openings(one(rejected));
    expect(Object.keys(opened).sort()).toEqual([
      'actor.id',
      'actor.name',
      'detail.approvedBy.0',
      'detail.approvedBy.1',
      'detail.reason',
    ]);
    const salts = Object.values(opened).map(([salt]) => salt);
    expect([new Set(salts).size, salts.every((salt) => /^[0-9a-f]{32}$/.test(salt))]).toEqual([5, true]);
    expect(one(rejected).bytes).not.toBe(one(rejected).bytes);
  });

  it('can be opened by an outsider: SHA-256 over salt, path and value, a line each', () => {
    const row = one(rejected);
    const [salt, value] = openings(row)['detail.approvedBy.1'] ?? [];
    const hash = createHash('sha256').update(`${salt}\ndetail.approvedBy.1\n${value}`).digest('hex');
    expect(JSON.parse(row.bytes).detail.approvedBy[1]).toEqual({ sha256: hash });
  });

  it('names a service and a source, which are nobody, and not whoever runs the machine', () => {
    const by = (kind: 'service' | 'source', id: string, name: string) =>
      one(entryOf('stray', {}, { tenant: TENANT_ID, actor: { kind, id, name } })).bytes;
    expect(by('service', 'clawback', 'Clawback')).toContain('Clawback');
    expect(by('source', 'detector', 'detector')).toContain('detector');
    expect(by('service', 'operator', 'root')).not.toContain('root');
  });

  it('takes over nothing that its payload does not have', () => {
    const signIn = { context: 'c1', at: '2026-11-20T08:00:00.000Z', person: DANA.id };
    const { bytes } = one(entryOf('decision.approved', { signIn }, { tenant: TENANT_ID }));
    expect([bytes.includes('c1'), bytes.includes(DANA.id)]).toEqual([true, false]);
  });

  it('is whatever text it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const reason = text.toWellFormed();
        const entry = entryOf('brake.stopped', { reason }, { tenant: TENANT_ID });
        expect(read(one(entry))).toMatchObject({ is: 'read', entry: { detail: { reason } } });
      }),
      { numRuns: 40 },
    );
  });
});

describe('what was erased', () => {
  const rows = sealed(rejected, outcome);
  it('reads as such, value by value, and the chain holds', () => {
    const row = without(rows[0] as SealedEntry, 'actor.name', 'detail.approvedBy.1');
    expect(read(row)).toMatchObject({
      is: 'read',
      entry: {
        actor: { id: DANA.id, name: ERASED },
        detail: { approvedBy: [DANA.id, ERASED], reason: 'our own newsletter' },
      },
    });
    expect(faultOf([row, ...rows.slice(1)])).toBeNull();
  });

  it.each([
    ['nothing opens it', null],
    ['nothing is said of it', undefined],
  ])('reads as such where %s', (_how, opened) => {
    const all = rows.map(({ opened: _opened, ...row }) => (opened === undefined ? row : { ...row, opened }));
    expect(all.map(read)).toMatchObject([
      { entry: { actor: { id: ERASED, name: ERASED }, detail: { reason: ERASED, approvedBy: [ERASED, ERASED] } } },
      { entry: { mailbox: ERASED, message: ERASED, detail: { address: ERASED, action: 'purge' } } },
    ]);
    expect(faultOf(all)).toBeNull();
  });
});

describe('an opening that does not fit', () => {
  const row = one(rejected);
  const [salt = '', value = ''] = openings(row)['detail.reason'] ?? [];
  it.each<[string, SealedEntry]>([
    ['another value', reopened(row, { 'detail.reason': [salt, 'phishing'] })],
    ['another salt', reopened(row, { 'detail.reason': ['0'.repeat(32), value] })],
    ['that of another field', reopened(row, { 'detail.reason': openings(row)['actor.name'] })],
    ['for a field that has none', reopened(row, { 'detail.roles.0': [salt, 'lead'] })],
    ['that of a field which is not there', reopened(row, { 'detail.approvedBy.2': [salt, value] })],
    ['of another form', reopened(row, { 'detail.reason': value })],
    ['half a character', reopened(row, { 'detail.reason': [salt, '\ud800'] })],
    ['nonsense', { ...row, opened: 'nonsense' }],
    ['null', { ...row, opened: 'null' }],
  ])('makes the entry a changed one: %s', (_what, changed) => {
    expect(read(changed)).toEqual({ is: 'changed' });
    expect(faultOf([changed])).toBe('what opens its personal values does not fit them');
  });

  it('is no other one either: a salt takes over no part of a value', () => {
    const entry = entryOf('brake.stopped', { reason: 'a\ndetail.reason\nb' }, { tenant: TENANT_ID });
    const stopped = one(entry);
    const [own] = openings(stopped)['detail.reason'] ?? [];
    expect(read(reopened(stopped, { 'detail.reason': [`${own}\ndetail.reason\na`, 'b'] }))).toEqual({ is: 'changed' });
  });
});

describe('an entry of a newer version', () => {
  const written = (change: object) => {
    const bytes = seal.canonical({ ...outcome, v: 3, seq: 1, prev: GENESIS, ...change });
    return { seq: 1, incident: 'CB-0001', bytes, hash: seal.leafHash(bytes) };
  };
  it.each([
    ['with a version that is newer', {}],
    ['of a type that is not known', { v: 2, type: 'copy.teleported' }],
    ['of a type that is not known, without a version', { v: undefined, type: 'toString' }],
    ['with another payload', { v: 2, detail: { address: 7 } }],
    ['with another heading', { v: 2, actor: 'Dana' }],
  ])('is kept in the chain, and told as one: %s', (_how, change) => {
    const row = written(change);
    expect([read(row).is, faultOf([row])]).toEqual(['newer', null]);
    expect(tellRead(read(row))).toMatch(/^written by a newer version of Clawback, which can tell it: [\w[\].-]+$/);
  });

  it.each(['null', '1', '"x"', '[]', '{', '', '{"seq":1}'])('is none that holds %j', (bytes) => {
    expect(read({ seq: 1, incident: null, bytes, hash: '' })).toEqual({ is: 'changed' });
  });
});

describe('an entry from before there were versions', () => {
  it('is part of the same chain', () => {
    const old = sealOld([{ type: 'service.started', tenant: TENANT_ID, detail: { version: '1' } }]);
    const { seq, hash } = old[0] as SealedEntry;
    const all = [...old, ...sealAll([rejected], seq, hash, seal, freshSalt)];
    expect(faultOf(all)).toBeNull();
    expect(all.map((row) => read(row).is)).toEqual(['read', 'read']);
  });

  it('opens nothing: what stands beside it is not its own', () => {
    const [row] = sealOld([{ type: 'service.started', tenant: TENANT_ID, detail: { version: '1' } }]);
    const opened = JSON.stringify({ 'detail.version': ['0'.repeat(32), '2'] });
    expect(row && read({ ...row, opened })).toEqual({ is: 'changed' });
  });
});
