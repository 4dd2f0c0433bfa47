import { type Kysely, sql } from 'kysely';
import type { Tables } from './schema.ts';

/** What one look at the database showed. Times are the database's own. */
export interface Beat {
  /** Milliseconds since 1970, on the database's clock. */
  readonly databaseNow: number;
  /** How long the oldest job has been due; null when none is. */
  readonly oldestDueMs: number | null;
}

/**
 * Writes, because a database can be read that takes nothing any more: a full disk, a standby, a server set to read only.
 * `queue`: whether there is one already; it is made at the first start.
 */
export async function beat(db: Kysely<Tables>, queue: boolean): Promise<Beat> {
  const { rows } = await sql<{ now: string }>`
    insert into kv (ns, k, v, exp) values ('vitals', 'beat', clock_timestamp()::text, null)
    on conflict (ns, k) do update set v = excluded.v
    returning (extract(epoch from clock_timestamp()) * 1000)::bigint::text as now`.execute(db);
  const databaseNow = Number(rows[0]?.now);
  if (!queue) return { databaseNow, oldestDueMs: null };
  const due = await sql<{ waits: string | null }>`
    select (extract(epoch from clock_timestamp() - min(start_after)) * 1000)::bigint::text as waits
      from pgboss.job where state in ('created', 'retry') and start_after <= clock_timestamp()`.execute(db);
  const waits = due.rows[0]?.waits ?? null;
  return { databaseNow, oldestDueMs: waits === null ? null : Number(waits) };
}
