import { sql } from 'kysely';
import { ClawbackError } from '../../core/error.ts';
import { type Recorded, type SealedEntry, verifyChain } from '../../core/ledger.ts';
import type { Database } from './database.ts';
import { createLedgerReader, seal } from './ledger.ts';

const ROWS_PER_INSERT = 1_000;

/** As `clawback audit export` writes it: one sealed entry a line. Throws ClawbackError 'invalid'. */
export function readExport(text: string, file: string): SealedEntry[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      const { seq, bytes, hash } = JSON.parse(line) as Record<string, unknown>;
      const entry = JSON.parse(String(bytes)) as Recorded;
      return [
        {
          seq: Number(seq),
          incident: entry.incident ?? null,
          type: entry.type,
          bytes: String(bytes),
          hash: String(hash),
        },
      ];
    } catch (cause) {
      throw new ClawbackError(
        'invalid',
        `line ${index + 1} of ${file} is no entry as clawback audit export writes it`,
        { cause },
      );
    }
  });
}

/**
 * Puts entries that were kept elsewhere behind the end of the record, where they fit on it entry by entry; answers them.
 * They are believed for their chain alone: whoever could make them up could have held the database. Throws ClawbackError
 * 'invalid' where they are not of this record.
 */
export async function continueRecord(
  database: Database,
  tenant: string,
  kept: readonly SealedEntry[],
  file: string,
): Promise<readonly Recorded[]> {
  const head = await createLedgerReader(database.db, tenant).head();
  const own = kept.find(({ seq }) => seq === head.seq);
  if (own && own.hash !== head.hash)
    throw new ClawbackError(
      'invalid',
      `entry ${head.seq} in ${file} is another one than in the database: Clawback has gone on after the copy was put back, or it is the record of another database. Nothing was changed`,
    );
  const more = kept.filter(({ seq }) => seq > head.seq);
  const { fault } = verifyChain(more, head, tenant, seal);
  if (fault)
    throw new ClawbackError(
      'invalid',
      `${file} does not continue the record of the database at entry ${fault.seq}: ${fault.problem}. Nothing was changed`,
    );
  const entries = more.map(({ bytes }) => JSON.parse(bytes) as Recorded);
  const last = more.at(-1);
  if (!last) return [];
  await database.db.transaction().execute(async (trx) => {
    for (let at = 0; at < more.length; at += ROWS_PER_INSERT) {
      const rows = more.slice(at, at + ROWS_PER_INSERT).map(({ seq, incident, bytes, hash }, n) => {
        const { type = '', at: when = '' } = entries[at + n] ?? {};
        return { tenant, seq, incident, type, at: when, bytes, hash };
      });
      await trx.insertInto('ledger').values(rows).execute();
    }
    await sql`insert into ledger_head (tenant, seq, hash) values (${tenant}, ${last.seq}, ${last.hash})
              on conflict (tenant) do update set seq = excluded.seq, hash = excluded.hash`.execute(trx);
  });
  return entries;
}
