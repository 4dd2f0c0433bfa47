import { type Kysely, sql } from 'kysely';
import type { Tables } from './schema.ts';

/**
 * What the planner knows of a table is what was true when it was analysed last. A campaign fills an empty one with a hundred
 * thousand rows in a minute; until then it is taken for one of a row, and each question about it reads all of it. The embedded
 * database never analyses by itself, a server once a minute.
 */

/** In pages of 8 KB: smaller ones are read whole sooner than anything else. */
const SMALL = 40;
/** By how many times it has to have grown. */
const TIMES = 2;

/** Has each table analysed that has grown much since that was done last. */
export async function refreshStatistics(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select c.oid::regclass::text as name from pg_class c
     where c.relkind = 'r' and c.relnamespace in (select oid from pg_namespace where nspname in ('public', 'pgboss'))
       and pg_relation_size(c.oid) / 8192 > ${SMALL} + ${TIMES} * greatest(c.relpages, 0)`.execute(db);
  // Names out of the catalogue, quoted by it.
  for (const { name } of rows) await sql`analyze ${sql.raw(name)}`.execute(db);
}
