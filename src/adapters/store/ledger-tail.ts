import { sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { ClawbackError } from '../../core/error.ts';
import { type Read, readEntry } from '../../core/record/codec.ts';
import { type ChainState, type SealedEntry, verifyChain } from '../../core/record/ledger.ts';
import type { Database } from './database.ts';
import { createLedgerReader, seal } from './ledger.ts';
import type { Tables } from './schema.ts';

const ROWS_PER_INSERT = 1_000;

/** Entries that were kept elsewhere, oldest first: there may be more of them than memory holds. */
export type Kept = Iterable<SealedEntry> | AsyncIterable<SealedEntry>;

/** As `clawback audit export` writes it: one sealed entry a line. Throws ClawbackError 'invalid'. */
export async function* readExport(
  lines: Iterable<string> | AsyncIterable<string>,
  file: string,
): AsyncGenerator<SealedEntry> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() !== '') yield entryOf(line, `line ${number} of ${file}`);
  }
}

/** `opened`: in exports from before there was such a thing there is none. */
const Line = z.object({ seq: z.int(), bytes: z.string(), hash: z.string(), opened: z.string().nullish() });
/** What an entry is filed under, whichever version wrote it. */
const Filed = z.object({ incident: z.string().nullish(), type: z.string(), at: z.string() });

function entryOf(line: string, where: string): SealedEntry {
  try {
    const { seq, bytes, hash, opened } = Line.parse(JSON.parse(line));
    const { incident, type } = Filed.parse(JSON.parse(bytes));
    return { seq, incident: incident ?? null, type, bytes, hash, opened: opened ?? null };
  } catch (cause) {
    throw new ClawbackError('invalid', `${where} is no entry as clawback audit export writes it`, { cause });
  }
}

/**
 * Puts entries that were kept elsewhere behind the end of the record, where they fit on it entry by entry; tells of each, and
 * answers how many. They are believed for their chain alone: whoever could make them up could have held the database. Throws
 * ClawbackError 'invalid' where they are not of this record. For a connection that may be idle in a transaction while a
 * file is read.
 */
export async function continueRecord(
  database: Database,
  tenant: string,
  { kept, file }: { readonly kept: Kept; readonly file: string },
  tell: (entry: Read) => void,
): Promise<number> {
  const reader = createLedgerReader(database.db, tenant);
  const head = await reader.head();
  let own: SealedEntry | null = null;
  return database.db.transaction().execute(async (trx) => {
    const pages = pagesInto(trx);
    let end: ChainState = head;
    for await (const entry of kept) {
      if (entry.seq <= head.seq) {
        own = entry;
        continue;
      }
      if (end === head) await refuseOther(trx, tenant, own, file);
      end = follow(end, entry, tenant, file);
      tell(readEntry(entry, seal));
      const { type, at } = Filed.parse(JSON.parse(entry.bytes));
      await pages.add({ ...entry, tenant, type, at, opened: entry.opened ?? null });
    }
    if (end === head) {
      await refuseOther(trx, tenant, own, file);
      return 0;
    }
    await pages.end();
    await sql`insert into ledger_head (tenant, seq, hash) values (${tenant}, ${end.seq}, ${end.hash})
              on conflict (tenant) do update set seq = excluded.seq, hash = excluded.hash`.execute(trx);
    return end.seq - head.seq;
  });
}

type Row = SealedEntry & { tenant: string; type: string; at: string; opened: string | null };

function pagesInto(trx: Transaction<Tables>) {
  let page: Row[] = [];
  const end = async () => {
    if (page.length > 0) await trx.insertInto('ledger').values(page).execute();
    page = [];
  };
  return {
    end,
    async add(row: Row) {
      page.push(row);
      if (page.length >= ROWS_PER_INSERT) await end();
    },
  };
}

/** `own`: the last kept entry that the database should hold as well. */
async function refuseOther(
  trx: Transaction<Tables>,
  tenant: string,
  own: SealedEntry | null,
  file: string,
): Promise<void> {
  if (own === null) return;
  const found = trx.selectFrom('ledger').select('hash').where('tenant', '=', tenant).where('seq', '=', own.seq);
  if ((await found.executeTakeFirst())?.hash === own.hash) return;
  throw new ClawbackError(
    'invalid',
    `entry ${own.seq} in ${file} is another one than in the database: either more was written since the copy was put back, by Clawback or by clawback restored with another file, and then put the copy back once more and begin with this file; or it is the record of another database. Nothing was changed`,
  );
}

function follow(end: ChainState, entry: SealedEntry, tenant: string, file: string): ChainState {
  const { end: next, fault } = verifyChain([entry], end, tenant, seal);
  if (!fault) return next;
  throw new ClawbackError(
    'invalid',
    `${file} does not continue the record of the database at entry ${fault.seq}: ${fault.problem}. Nothing was changed`,
  );
}
