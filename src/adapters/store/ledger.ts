import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Kysely, Transaction } from 'kysely';
import { GENESIS, type Seal, sealAll } from '../../core/ledger.ts';
import type { LedgerReader, LedgerWriter } from '../../ports/store.ts';
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
  };
}

export function createLedgerReader(db: Kysely<Tables>, tenant: string): LedgerReader {
  const page = (afterSeq: number, limit: number) =>
    db
      .selectFrom('ledger')
      .select(['seq', 'incident', 'bytes', 'hash'])
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
