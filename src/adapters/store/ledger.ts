import { createHash, hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type Kysely, sql, type Transaction } from 'kysely';
import { entryAmong, GENESIS, type Seal, sealAll } from '../../core/record/ledger.ts';
import type { FoundEntry, LedgerQuestion, LedgerReader, LedgerWriter } from '../../ports/store.ts';
import type { Tables } from './schema.ts';

/** RFC 8785 canonical JSON and the RFC 6962 leaf hash (SHA-256 over 0x00 and the bytes). */
export const seal: Seal = {
  canonical(value) {
    const text = canonicalize(value);
    if (text === undefined) throw new TypeError('only JSON values have a canonical form');
    return text;
  },
  leafHash: (bytes) => createHash('sha256').update(Buffer.of(0)).update(bytes, 'utf8').digest('hex'),
};

/** Hex SHA-256 of a text. */
export const sha256 = (text: string): string => hash('sha256', text);

/** The digest of a value: SHA-256 over its canonical bytes. */
export const digestOf = (value: unknown): string => sha256(seal.canonical(value));

const ROWS_PER_INSERT = 1_000;

export function ledgerWriterOf(trx: Transaction<Tables>, tenant: string): LedgerWriter {
  return {
    async append(entries) {
      if (entries.length === 0) return;
      await trx
        .insertInto('ledger_head')
        .values({ tenant, seq: 0, hash: GENESIS })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      // Holding the head keeps the chain in one line: writers of one tenant take turns until they commit.
      const head = await trx
        .selectFrom('ledger_head')
        .selectAll()
        .where('tenant', '=', tenant)
        .forUpdate()
        .executeTakeFirstOrThrow();
      const sealed = sealAll(entries, head.seq, head.hash, seal);
      const rows = sealed.map((entry, index) => ({
        tenant,
        seq: entry.seq,
        incident: entries[index]?.incident ?? null,
        type: entries[index]?.type ?? '',
        at: entries[index]?.at ?? '',
        bytes: entry.bytes,
        hash: entry.hash,
      }));
      for (let at = 0; at < rows.length; at += ROWS_PER_INSERT) {
        await trx
          .insertInto('ledger')
          .values(rows.slice(at, at + ROWS_PER_INSERT))
          .execute();
      }
      const last = sealed.at(-1);
      if (last) {
        await trx
          .updateTable('ledger_head')
          .set({ seq: last.seq, hash: last.hash })
          .where('tenant', '=', tenant)
          .execute();
      }
    },

    find: (asked) => find(trx, tenant, asked),
  };
}

interface Standing {
  seq: number;
  incident: string | null;
  type: string;
  bytes: string;
  hash: string;
  before: string | null;
  after: string | null;
  head_seq: number | null;
  head_hash: string | null;
}

/** One statement, so that entry, neighbours and head are of the same moment. */
async function find(trx: Transaction<Tables>, tenant: string, asked: LedgerQuestion): Promise<readonly FoundEntry[]> {
  const { incident, types, detail, afterSeq = 0, newest = false } = asked;
  const limit = newest ? 1 : (asked.limit ?? 1_000_000);
  const text = detail && `${JSON.stringify(detail[0])}:${JSON.stringify(detail[1])}`;
  const { rows } = await sql<Standing>`
    select l.seq, l.incident, l.type, l.bytes, l.hash,
           (select b.hash from ledger b where b.tenant = l.tenant and b.seq = l.seq - 1) as before,
           (select a.bytes from ledger a where a.tenant = l.tenant and a.seq = l.seq + 1) as after,
           (select h.seq from ledger_head h where h.tenant = l.tenant) as head_seq,
           (select h.hash from ledger_head h where h.tenant = l.tenant) as head_hash
      from ledger l
     where l.tenant = ${tenant} and l.incident ${incident === null ? sql`is null` : sql`= ${incident}`}
       and l.type in (${sql.join(types)}) and l.seq > ${afterSeq}::int
       ${text === undefined ? sql`` : sql`and position(${text} in l.bytes) > 0`}
     order by l.seq ${newest ? sql`desc` : sql``} limit ${limit}::int`.execute(trx);
  return rows.flatMap((row) => {
    const around = {
      before: row.before,
      after: row.after,
      head: { seq: row.head_seq ?? 0, hash: row.head_hash ?? GENESIS },
    };
    const { seq, bytes, hash, type } = row;
    const entry = entryAmong({ seq, incident: row.incident, type, bytes, hash }, around, tenant, seal);
    return entry && detail && entry.detail[detail[0]] !== detail[1] ? [] : [{ seq, entry }];
  });
}

export function createLedgerReader(db: Kysely<Tables>, tenant: string): LedgerReader {
  const page = (afterSeq: number, limit: number) =>
    db
      .selectFrom('ledger')
      .select(['seq', 'incident', 'type', 'bytes', 'hash'])
      .where('tenant', '=', tenant)
      .where('seq', '>', afterSeq)
      .orderBy('seq')
      .limit(limit);
  return {
    async head() {
      const row = await db.selectFrom('ledger_head').selectAll().where('tenant', '=', tenant).executeTakeFirst();
      return { seq: row?.seq ?? 0, hash: row?.hash ?? GENESIS };
    },
    read: (afterSeq, limit) => page(afterSeq, limit).execute(),
    ofIncident: (incident, afterSeq, limit) => page(afterSeq, limit).where('incident', '=', incident).execute(),
  };
}
