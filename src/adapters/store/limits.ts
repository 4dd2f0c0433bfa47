import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type Limit, LONGEST_REST_MS } from '../../core/limit.ts';
import type { Limits, Turn } from '../../ports/limits.ts';
import type { Tables } from './schema.ts';

/** Longer than this nobody who has to ask Microsoft waits for the database. */
const ANSWERS_WITHIN_MS = 2_000;

/**
 * What is not in here: 4 requests at a time in one mailbox. A copy's lease stands for one request, and leases of a mailbox are
 * counted over all runs and processes where they are given out (`claim` in `work-items.ts`), so that two processes that purge
 * never have more under way there, without asking the database for each request. Looking for copies holds no lease: where it
 * goes on elsewhere in the same mailbox, and after 10,000 requests in ten minutes, Graph's 429 rests the mailbox, and nothing
 * was done. What the directory and all of Graph allow (3,500 units in 10 s, 130,000 requests in 10 s) is more than the batches
 * of one process come to, and a 429 makes those fewer.
 */

/**
 * One row for each limit of a tenant, and one statement for each turn, on the clock of the database: whatever the clocks of the
 * processes show, and however many ask at once, no two get the same turn. Nobody holds the row while a service is asked, so
 * whoever freezes keeps nothing but the turn it was given. `otherwise`: while the database cannot be asked.
 */
export function sharedLimits(db: Kysely<Tables>, tenant: string, otherwise: Limits): Limits {
  return {
    take: (limit, longestMs) =>
      inTime(takeTurn(db, tenant, limit, longestMs)).catch(() => otherwise.take(limit, longestMs)),
    async rest(limit, ms) {
      // Kept here as well: the next turn may have to be taken without the database.
      await otherwise.rest(limit, ms);
      await inTime(restLimit(db, tenant, limit, ms)).catch(() => undefined);
    },
  };
}

const secondsOf = (ms: number) => sql`make_interval(secs => ${ms / 1_000}::double precision)`;
const NOW = sql`statement_timestamp()`;
const LATEST = sql`${NOW} + ${secondsOf(LONGEST_REST_MS)}`;
/** Null for what was written under a clock that was set back since: it keeps nobody away, as in core. */
const unlessTooFar = (at: RawBuilder<unknown>) => sql`case when ${at} <= ${LATEST} then ${at} end`;

/** The same sum as `nextTurn` in core, in the row that nobody else can change meanwhile. */
async function takeTurn(db: Kysely<Tables>, tenant: string, limit: Limit, longestMs: number): Promise<Turn> {
  const { name, most, windowMs } = limit;
  const place = sql`l.taken[cardinality(l.taken) - ${most}::int + 1]`;
  // Null, too, where fewer than all turns are taken: `greatest` passes over it.
  const free = unlessTooFar(sql`${place} + ${secondsOf(windowMs)}`);
  const at = sql`greatest(${NOW}, ${unlessTooFar(sql`l.rest_until`)}, ${free})`;
  const isNear = sql`${at} <= ${NOW} + ${secondsOf(longestMs)}`;
  const { rows } = await sql<{ given: boolean; wait: number }>`
    insert into service_limit as l (tenant, name, taken, next_at) values (${tenant}, ${name}, array[${NOW}], ${NOW})
    on conflict (tenant, name) do update
       set next_at = ${at}, given = ${isNear},
           taken = case when ${isNear} then (l.taken || ${at})[greatest(1, cardinality(l.taken) + 2 - ${most}::int):]
                        else l.taken end
    returning given, (extract(epoch from next_at - clock_timestamp()) * 1000)::double precision as wait`.execute(db);
  const [turn] = rows;
  return { given: turn?.given ?? true, waitMs: Math.max(0, Math.ceil(Number(turn?.wait ?? 0))) };
}

async function restLimit(db: Kysely<Tables>, tenant: string, { name }: Limit, ms: number): Promise<void> {
  const until = sql`clock_timestamp() + ${secondsOf(Math.min(LONGEST_REST_MS, Math.max(0, ms)))}`;
  await sql`
    insert into service_limit as l (tenant, name, rest_until) values (${tenant}, ${name}, ${until})
    on conflict (tenant, name) do update
       set rest_until = greatest(${unlessTooFar(sql`l.rest_until`)}, excluded.rest_until)`.execute(db);
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new Error('the database did not answer in time')), ANSWERS_WITHIN_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
