import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seal } from '../../src/adapters/store/ledger.ts';
import {
  type Entry,
  GENESIS,
  type Heading,
  type SealedEntry,
  sealAll,
  verifyChain,
} from '../../src/core/record/ledger.ts';
import { verifyLedger } from '../../src/flow/record/audit.ts';
import { tellIncident } from '../../src/flow/tell/story.ts';
import type { LedgerReader } from '../../src/ports/store.ts';
import { DIGEST, TENANT_ID } from '../support/cases.ts';
import { entryOf } from '../support/entries.ts';

const entry = (change: Partial<Heading> = {}): Entry =>
  entryOf(
    'copy.outcome',
    {},
    {
      tenant: TENANT_ID,
      incident: 'CB-0001',
      platform: 'graph',
      planDigest: DIGEST,
      mailbox: 'mailbox-1',
      message: 'message-1',
      requestId: 'request-1',
      outcome: 'removed',
      ...change,
    },
  );
/** The same each time, so that the same entries are the same chain. */
const salt = () => '0'.repeat(32);
const chainOf = (n: number) =>
  sealAll(
    Array.from({ length: n }, (_none, i) => entry({ message: `message-${i}` })),
    0,
    GENESIS,
    seal,
    salt,
  );
const faultOf = (rows: readonly SealedEntry[], tenant = TENANT_ID) =>
  verifyChain(rows, { seq: 0, hash: GENESIS }, tenant, seal).fault;
const reading = (
  rows: readonly SealedEntry[],
  head = { seq: rows.at(-1)?.seq ?? 0, hash: rows.at(-1)?.hash ?? GENESIS },
): LedgerReader => ({
  head: () => Promise.resolve(head),
  read: (after, limit) => Promise.resolve(rows.filter((row) => row.seq > after).slice(0, limit)),
  ofIncident: (_incident, after, limit) => Promise.resolve(rows.filter((row) => row.seq > after).slice(0, limit)),
});
const verified = (rows: readonly SealedEntry[], head?: { seq: number; hash: string }) =>
  verifyLedger(reading(rows, head), TENANT_ID, seal);

const CHAIN = chainOf(12);
const place = fc.integer({ min: 0, max: CHAIN.length - 1 });
const without = (at: number) => CHAIN.toSpliced(at, 1);

describe('the chain of the record', () => {
  it('is whole when nobody touched it', () => {
    expect(faultOf(CHAIN)).toBeNull();
  });

  it('is the same whether sealed at once or entry by entry', () => {
    let rows: SealedEntry[] = [];
    for (let i = 0; i < 12; i += 1) {
      rows = [...rows, ...sealAll([entry({ message: `message-${i}` })], i, rows.at(-1)?.hash ?? GENESIS, seal, salt)];
    }
    expect(rows).toEqual(CHAIN);
  });

  it('can be checked in pages of any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 13 }), (size) => {
        let end = { seq: 0, hash: GENESIS };
        for (let at = 0; at < CHAIN.length; at += size)
          end = verifyChain(CHAIN.slice(at, at + size), end, TENANT_ID, seal).end;
        expect(end.hash).toBe(CHAIN.at(-1)?.hash);
      }),
    );
  });

  it('shows any flipped bit of an entry', () => {
    fc.assert(
      fc.property(place, fc.nat(), fc.integer({ min: 0, max: 6 }), (at, where, bit) => {
        const bytes = Buffer.from(CHAIN[at]?.bytes ?? '');
        bytes[where % bytes.length] = (bytes[where % bytes.length] ?? 0) ^ (1 << bit);
        expect(faultOf(CHAIN.with(at, { ...(CHAIN[at] as SealedEntry), bytes: bytes.toString('latin1') }))?.seq).toBe(
          at + 1,
        );
      }),
    );
  });

  it('shows an entry that was changed together with its hash', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: CHAIN.length - 2 }), (at) => {
        const bytes = (CHAIN[at]?.bytes ?? '').replace('removed', 'failed!');
        expect(
          faultOf(
            CHAIN.with(at, { seq: at + 1, incident: CHAIN[at]?.incident ?? null, bytes, hash: seal.leafHash(bytes) }),
          )?.seq,
        ).toBe(at + 2);
      }),
    );
  });

  it('shows a missing entry', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: CHAIN.length - 2 }), (at) => faultOf(without(at))?.seq === at + 1));
  });

  it('shows a missing entry even when the rest was renumbered', () => {
    const renumbered = without(4).map((row, i) => ({ ...row, seq: i + 1 }));
    expect(faultOf(renumbered)?.seq).toBe(5);
  });

  it('shows two swapped entries', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        fc.pre(a !== b);
        const rows = CHAIN.with(a, CHAIN[b] as SealedEntry).with(b, CHAIN[a] as SealedEntry);
        expect(faultOf(rows)?.seq).toBe(Math.min(a, b) + 1);
      }),
    );
  });

  it('shows an entry that is there twice', () => {
    fc.assert(fc.property(place, (at) => faultOf(CHAIN.toSpliced(at, 0, CHAIN[at] as SealedEntry)) !== null));
  });

  it('shows an entry slipped in', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: CHAIN.length - 1 }), (at) => {
        const [forged] = sealAll([entry({ outcome: 'forged' })], at, CHAIN[at - 1]?.hash ?? '', seal, salt);
        expect(faultOf(CHAIN.toSpliced(at, 0, forged as SealedEntry))).not.toBeNull();
      }),
    );
  });

  it('shows the chain of another tenant', () => {
    expect(faultOf(CHAIN, '00000000-0000-4000-8000-000000000bad')?.problem).toContain('another tenant');
  });

  it('shows an entry that was filed under another incident, where the story would not tell it', () => {
    const at = CHAIN.findIndex((row) => row.incident !== null);
    const row = CHAIN[at];
    expect(row && faultOf(CHAIN.with(at, { ...row, incident: 'CB-9999' }))?.problem).toContain('another incident');
  });

  it.each(['null', '1', '"x"', '[]', '{', '', '{"seq":1}'])(
    'calls the entry %j a fault, and does not fall over it',
    (bytes) => {
      expect(faultOf([{ seq: 1, incident: null, bytes, hash: seal.leafHash(bytes) }])?.seq).toBe(1);
    },
  );
});

describe('verifying a ledger to its end', () => {
  it('an empty one is whole', async () => {
    expect(await verified([])).toMatchObject({ ok: true, entries: 0 });
  });

  it('a long one is whole over many pages', async () => {
    expect(await verified(chainOf(4_500))).toMatchObject({ ok: true, entries: 4_500 });
  });

  it('a page that is exactly full is not the end', async () => {
    expect(await verified(chainOf(2_000))).toMatchObject({ ok: true, entries: 2_000 });
  });

  it('a cut tail shows', async () => {
    expect(await verified(CHAIN.slice(0, 9), { seq: 12, hash: CHAIN[11]?.hash ?? '' })).toMatchObject({
      ok: false,
      fault: { seq: 10 },
    });
  });

  it('a ledger whose entries are all gone shows', async () => {
    expect(await verified([], { seq: 12, hash: CHAIN[11]?.hash ?? '' })).toMatchObject({ ok: false });
  });

  it('a head that was set back shows', async () => {
    expect(await verified(CHAIN, { seq: 9, hash: CHAIN[8]?.hash ?? '' })).toMatchObject({ ok: false });
  });

  it('a head that was deleted shows', async () => {
    expect(await verified(CHAIN, { seq: 0, hash: GENESIS })).toMatchObject({ ok: false });
  });

  it('an entry put far behind the end shows, because the story would tell it', async () => {
    const bytes = seal.canonical({ ...entry({ outcome: 'forged' }), seq: 9_999, prev: GENESIS });
    const forged = { seq: 9_999, incident: null, bytes, hash: seal.leafHash(bytes) };
    expect(await verified([...CHAIN, forged], { seq: 12, hash: CHAIN[11]?.hash ?? '' })).toMatchObject({ ok: false });
  });

  it('another last entry than the head says shows', async () => {
    const [other] = sealAll([entry({ outcome: 'forged' })], 11, CHAIN[10]?.hash ?? '', seal, salt);
    expect(
      await verified([...CHAIN.slice(0, 11), other as SealedEntry], { seq: 12, hash: CHAIN[11]?.hash ?? '' }),
    ).toMatchObject({ ok: false });
  });

  it('entries written meanwhile are no fault', async () => {
    let written = 5;
    const growing: LedgerReader = {
      ...reading(CHAIN),
      read: (after, limit) => Promise.resolve(CHAIN.slice(after, Math.min(after + limit, written))),
      head: () => {
        written = Math.min(written + 3, 12);
        return Promise.resolve({ seq: written, hash: CHAIN[written - 1]?.hash ?? '' });
      },
    };
    expect(await verifyLedger(growing, TENANT_ID, seal)).toMatchObject({ ok: true });
  });
});

describe('the story of an incident', () => {
  it('is one line per entry', async () => {
    expect(await tellIncident(reading(CHAIN), seal, 'CB-0001')).toHaveLength(12);
  });
});

describe('what is wrong with a chain', () => {
  it('is said of the entry that is missing, not of the one behind it', () => {
    const rows = chainOf(3);
    expect(faultOf(rows.filter(({ seq }) => seq !== 2))).toEqual({
      seq: 2,
      problem: 'entry 2 is missing or out of order (found 3)',
    });
  });

  it('is said of a number that its bytes do not bear', () => {
    const [first] = chainOf(1);
    const bytes = seal.canonical({ ...entry(), seq: 7, prev: GENESIS });
    const renumbered = { ...(first as SealedEntry), bytes, hash: seal.leafHash(bytes) };
    expect(faultOf([renumbered])?.problem).toBe('the entry calls itself number 7');
  });
});
