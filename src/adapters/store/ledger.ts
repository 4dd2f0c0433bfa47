import { createHash, hash, randomBytes } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type Kysely, sql, type Transaction } from 'kysely';
import { entryAmong, type Read } from '../../core/record/codec.ts';
import { GENESIS, type Recorded, sealAll } from '../../core/record/ledger.ts';
import type { EntryType } from '../../core/record/payloads.ts';
import { ERASED } from '../../core/record/personal.ts';
import type { Salt, Seal } from '../../core/record/seal.ts';
import type { FoundEntry, LedgerQuestion, LedgerReader, LedgerWriter } from '../../ports/store.ts';
import type { Tables } from './schema.ts';

/** Hex SHA-256 of a text. */
export const sha256 = (text: string): string => hash('sha256', text);

/** RFC 8785 canonical JSON and the RFC 6962 leaf hash (SHA-256 over 0x00 and the bytes). */
export const seal: Seal = {
  canonical(value) {
    const text = canonicalize(value);
    if (text === undefined) throw new TypeError('only JSON values have a canonical form');
    return text;
  },
  leafHash: (bytes) => createHash('sha256').update(Buffer.of(0)).update(bytes, 'utf8').digest('hex'),
  sha256,
};

const SALT_BYTES = 16;

/** For the personal values of entries: nobody guesses a value from its commitment. */
export const freshSalt: Salt = salts();

/** Drawn many at once: an entry takes several, and each drawing alone costs more than all that is hashed for it. */
function salts(): Salt {
  let drawn = Buffer.alloc(0);
  return () => {
    if (drawn.length < SALT_BYTES) drawn = randomBytes(256 * SALT_BYTES);
    const salt = drawn.subarray(0, SALT_BYTES).toString('hex');
    drawn = drawn.subarray(SALT_BYTES);
    return salt;
  };
}

/** The digest of a value: SHA-256 over its canonical bytes. */
export const digestOf = (value: unknown): string => sha256(seal.canonical(value));

const ROWS_PER_INSERT = 1_000;
/** In the place of null in a list of texts: canonical JSON, ids and times never hold it. */
const NOTHING = '\u0001';

/** `before`: done before the record is held, for which everybody waits. */
export function ledgerWriterOf(
  trx: Transaction<Tables>,
  tenant: string,
  salt: Salt,
  before: () => Promise<void> = () => Promise.resolve(),
): LedgerWriter {
  return {
    async append(entries) {
      if (entries.length === 0) return;
      await before();
      const head = await heldHead(trx, tenant);
      const sealed = sealAll(entries, head.seq, head.hash, seal, salt);
      for (let at = 0; at < sealed.length; at += ROWS_PER_INSERT) {
        const page = sealed.slice(at, at + ROWS_PER_INSERT);
        // Each column as one text, which costs half of a parameter for each value. No value has a line end in it: JSON escapes it.
        const column = (of: (entry: (typeof page)[number], n: number) => string | number | null) =>
          sql`string_to_array(${page.map((entry, n) => of(entry, at + n) ?? NOTHING).join('\n')}, E'\n', ${NOTHING})`;
        // What a press calls an incident is whatever its sender likes, line ends as well.
        const called = JSON.stringify(page.map((_, n) => entries[at + n]?.incident ?? null));
        const incidents = sql`array(select json_array_elements_text(${called}::json))`;
        const last = page.at(-1);
        await sql`
          with added as (
          insert into ledger (tenant, seq, incident, type, at, bytes, hash, opened)
          select ${tenant}, seq::int, incident, type, at, bytes, hash, opened
            from unnest(${column(({ seq }) => seq)}, ${incidents},
                        ${column((_, n) => entries[n]?.type ?? null)}, ${column((_, n) => entries[n]?.at ?? null)},
                        ${column(({ bytes }) => bytes)}, ${column(({ hash }) => hash)},
                        ${column(({ opened }) => opened ?? null)}) as r(seq, incident, type, at, bytes, hash, opened))
          update ledger_head set seq = ${last?.seq ?? head.seq}::int, hash = ${last?.hash ?? head.hash}
           where tenant = ${tenant}`.execute(trx);
      }
    },

    find: (asked) => find(trx, tenant, asked),
  };
}

/** Holding the head keeps the chain in one line: writers of one tenant take turns until they commit. */
async function heldHead(
  trx: Transaction<Tables>,
  tenant: string,
): Promise<{ readonly seq: number; readonly hash: string }> {
  const held = () => trx.selectFrom('ledger_head').selectAll().where('tenant', '=', tenant).forUpdate();
  const head = await held().executeTakeFirst();
  if (head) return head;
  await trx
    .insertInto('ledger_head')
    .values({ tenant, seq: 0, hash: GENESIS })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return held().executeTakeFirstOrThrow();
}

/** A row of the record, and what stands around it. */
export interface Standing {
  seq: number;
  incident: string | null;
  type: string;
  bytes: string;
  hash: string;
  opened: string | null;
  before: string | null;
  after: string | null;
  head_seq: number | null;
  head_hash: string | null;
}

export const standingColumns = sql`l.seq, l.incident, l.type, l.bytes, l.hash, l.opened,
           (select b.hash from ledger b where b.tenant = l.tenant and b.seq = l.seq - 1) as before,
           (select a.bytes from ledger a where a.tenant = l.tenant and a.seq = l.seq + 1) as after,
           (select h.seq from ledger_head h where h.tenant = l.tenant) as head_seq,
           (select h.hash from ledger_head h where h.tenant = l.tenant) as head_hash`;

function readAmong(row: Standing, tenant: string): Read {
  const { seq, incident, bytes, hash, type, opened } = row;
  const head = { seq: row.head_seq ?? 0, hash: row.head_hash ?? GENESIS };
  const around = { before: row.before, after: row.after, head };
  return entryAmong({ seq, incident, type, bytes, hash, opened }, around, tenant, seal);
}

/** Null where it does not fit its place in the chain, or is of a newer version. */
export function believedAmong(row: Standing, tenant: string): Recorded | null {
  const read = readAmong(row, tenant);
  return read.is === 'read' ? read.entry : null;
}

/** One statement, so that entry, neighbours and head are of the same moment. */
async function find<T extends EntryType>(
  trx: Transaction<Tables>,
  tenant: string,
  asked: LedgerQuestion<T>,
): Promise<readonly FoundEntry<T>[]> {
  const { incident, types, detail, afterSeq = 0, newest = false } = asked;
  const limit = newest ? 1 : (asked.limit ?? 1_000_000);
  const { rows } = await sql<Standing>`
    select ${standingColumns}
      from ledger l
     where l.tenant = ${tenant} and l.incident ${incident === null ? sql`is null` : sql`= ${incident}`}
       and l.type in (${sql.join(types)}) and l.seq > ${afterSeq}::int
       ${detail ? sql`and ${mayHold(detail)}` : sql``}
     order by l.seq ${newest ? sql`desc` : sql``} limit ${limit}::int`.execute(trx);
  return rows.flatMap((row): readonly FoundEntry<T>[] => {
    const { seq } = row;
    const read = readAmong(row, tenant);
    if (read.is !== 'read') return [{ seq, entry: null, newer: read.is === 'newer' }];
    const { entry } = read;
    // It is filed under the type that it is of.
    return detail && !holds(entry, detail) ? [] : [{ seq, entry: entry as Recorded<T>, newer: false }];
  });
}

type Wanted = readonly [field: string, text: string];

/**
 * The text in the bytes themselves, or in what opens a personal field. Where nothing opens that, or something that does not
 * fit, the entry is answered as well: nobody hides one by writing another value beside it.
 */
function mayHold([field, text]: Wanted) {
  const plain = `${JSON.stringify(field)}:${JSON.stringify(text)}`;
  const personal = `${JSON.stringify(field)}:{"sha256":"`;
  const path = `detail.${field}`;
  // No text here can hold U+0000, and half characters none either: with such an escape in it, it is looked at elsewhere.
  const asked = text.replaceAll('\0', '');
  const opening = sql`(l.opened::jsonb -> ${path}::text)`;
  const commitment = sql`encode(sha256(convert_to(
    (${opening} ->> 0) || E'\\n' || ${path}::text || E'\\n' || (${opening} ->> 1), 'UTF8')), 'hex')`;
  return sql`(position(${plain} in l.bytes) > 0
    or (position(${personal} in l.bytes) > 0 and case when l.opened ~ '\\\\u(0000|d[89ab])' then true else
      ${opening} ->> 1 is null or ${opening} ->> 1 = ${asked}::text or (${opening} ->> 0) !~ '^[0-9a-f]{32}$'
      or coalesce(position(${personal}::text || ${commitment} || '"' in l.bytes), 0) = 0 end))`;
}

function holds({ detail }: Recorded, [field, text]: Wanted): boolean {
  const value: unknown = Object.entries(detail).find(([name]) => name === field)?.[1];
  return value === text || value === ERASED;
}

export function createLedgerReader(db: Kysely<Tables>, tenant: string): LedgerReader {
  const page = (afterSeq: number, limit: number) =>
    db
      .selectFrom('ledger')
      .select(['seq', 'incident', 'type', 'bytes', 'hash', 'opened'])
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
