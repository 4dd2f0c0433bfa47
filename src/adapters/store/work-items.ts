import { sql, type Transaction } from 'kysely';
import { noOutcomes, OUTCOMES, type Outcome } from '../../core/action/outcome.ts';
import { LONGEST_REQUEST_MS } from '../../core/lease.ts';
import type { CopyEnd } from '../../core/tell/details-rows.ts';
import type { Held, WorkItem, WorkItems } from '../../ports/runs.ts';
import { beforeImageDocument } from './documents/before-image.ts';
import { doubtsOf } from './doubts.ts';
import { COLUMNS, finishRow, type ItemRow, toItem } from './item-row.ts';
import { restMailboxes } from './resting.ts';
import type { Tables } from './schema.ts';

/** Graph allows 4 concurrent requests per app and mailbox (Outlook service limits); a lease stands for one request, whoever has it (`limits.ts`). */
const LEASES_PER_MAILBOX = 4;
/** How soon somebody looks again at a copy that another run has in hand. */
const IN_HAND = sql`interval '1 second'`;
const LONGEST_REQUEST = sql`make_interval(secs => ${LONGEST_REQUEST_MS / 1_000}::double precision)`;
/** How far ahead a claim looks for mailboxes that are not busy: so many times what it wants, then once more further on. */
const NEAR = 2;
const LOOK_AHEAD = 400;

export function workItemsOf(trx: Transaction<Tables>, tenant: string): WorkItems {
  const items = (run: string) => trx.selectFrom('work_item').where('tenant', '=', tenant).where('run', '=', run);
  // By their numbers, so that each is found by its key: joined to a list alone, the whole run is read for each of them.
  const named = (run: string, ones: readonly { readonly seq: number }[]) =>
    sql`w.tenant = ${tenant} and w.run = ${run} and w.seq = any(${`{${ones.map(({ seq }) => seq).join()}}`}::int[])`;
  async function claimAmong(ahead: number, run: string, limit: number, leaseMs: number): Promise<readonly WorkItem[]> {
    const claimed = await sql<ItemRow>`
        with open as (
          select seq, mailbox, message from work_item
           where tenant = ${tenant} and run = ${run} and state in ('ready', 'leased')
             and ((state = 'ready' and not_before <= clock_timestamp())
               or (state = 'leased' and lease_until < clock_timestamp()))
           order by seq limit ${ahead}),
        elsewhere as (
          select open.seq, max(case when o.state <> 'leased' then o.air_until
                                    when o.lease_until >= clock_timestamp() then clock_timestamp() + ${IN_HAND}
                                    else greatest(o.air_until, o.lease_until + ${LONGEST_REQUEST}) end) as until
            from open join work_item o
              on o.tenant = ${tenant} and o.mailbox = open.mailbox and o.message = open.message and o.run <> ${run}
           where o.state = 'leased' or o.air_until > clock_timestamp()
           group by open.seq
          having max(case when o.state <> 'leased' then o.air_until else greatest(o.air_until, o.lease_until + ${LONGEST_REQUEST}) end)
                 > clock_timestamp()),
        waiting as (
          update work_item w
             set state = 'ready', fence = w.fence + (w.state = 'leased')::int, lease_until = null, not_before = elsewhere.until,
                 air_until = ${airOfTheOvertaken}
            from elsewhere
           where w.tenant = ${tenant} and w.run = ${run} and w.seq = elsewhere.seq and w.state <> 'done'
             and w.seq = any(array(select seq from elsewhere))
          returning w.seq),
        due as (
          select seq, mailbox, row_number() over (partition by mailbox order by seq) as place
            from open where seq not in (select seq from elsewhere)),
        busy as (
          select mailbox, count(*) as held from work_item
           where tenant = ${tenant} and state = 'leased' and lease_until >= clock_timestamp() group by mailbox),
        pick as (
          select due.seq from due left join busy using (mailbox)
           where due.place + coalesce(busy.held, 0) <= ${LEASES_PER_MAILBOX} order by due.seq limit ${limit})
        update work_item w
           set state = 'leased', attempts = w.attempts + 1, fence = w.fence + 1, air_until = ${airOfTheOvertaken},
               lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1_000}::double precision)
         where w.tenant = ${tenant} and w.run = ${run} and w.seq = any(array(select seq from pick)) and w.state <> 'done'
        returning w.tenant, w.run, w.seq, w.mailbox, w.address, w.message, w.folder_id, w.folder, w.before, w.attempts,
                  w.fence::text as fence, w.intent_at, w.outcome, w.detail`.execute(trx);
    return claimed.rows.map(toItem);
  }

  return {
    async claim(run, limit, leaseMs) {
      await takeTurns(trx, tenant);
      const near = await claimAmong(NEAR * limit, run, limit, leaseMs);
      const isEnough = near.length >= limit || NEAR * limit >= LOOK_AHEAD;
      const far = isEnough ? [] : await claimAmong(LOOK_AHEAD, run, limit - near.length, leaseMs);
      return [...near, ...far].sort((a, b) => a.seq - b.seq);
    },

    async skip(run, mailboxes, outcome, detail) {
      await takeTurns(trx, tenant);
      const open = trx
        .updateTable('work_item')
        .set({ state: 'done', outcome, detail })
        .where('tenant', '=', tenant)
        .where('run', '=', run)
        .where('state', '=', 'ready')
        .where('intent_at', 'is', null);
      // One parameter for all of them: the wire protocol allows 65,535, and a run may reach more mailboxes.
      const those = sql<string>`(select jsonb_array_elements_text(${JSON.stringify(mailboxes)}::jsonb))`;
      const meant = mailboxes === 'all' ? open : open.where('mailbox', 'in', those);
      const skipped = await meant.returning(COLUMNS).execute();
      return skipped.map(toItem).sort((a, b) => a.seq - b.seq);
    },

    async release(run, held) {
      const rows = JSON.stringify(held.map(({ seq, fence }) => ({ seq, fence })));
      await sql`
        update work_item w
           set state = 'ready', lease_until = null, attempts = w.attempts - 1, not_before = '-infinity'
          from jsonb_to_recordset(${rows}::jsonb) as r(seq int, fence bigint)
         where ${named(run, held)} and w.seq = r.seq and w.fence = r.fence and w.state = 'leased'`.execute(trx);
    },

    async extend(run, held, leaseMs) {
      const rows = JSON.stringify(held.map(({ seq, fence }) => ({ seq, fence })));
      const kept = await sql<{ seq: number }>`
        update work_item w
           set lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1_000}::double precision)
          from jsonb_to_recordset(${rows}::jsonb) as r(seq int, fence bigint)
         where ${named(run, held)} and w.seq = r.seq and w.fence = r.fence and w.state = 'leased'
           and w.lease_until >= clock_timestamp()
        returning w.seq`.execute(trx);
      return kept.rows.map((row) => row.seq);
    },

    async intend(run, intents, at) {
      const rows = JSON.stringify(
        intents.map(({ seq, fence, before }) => ({ seq, fence, before: beforeImageDocument.write(before) })),
      );
      const held = await sql<{ seq: number }>`
        update work_item w set intent_at = ${at}, before = coalesce(w.before, r.before)
          from jsonb_to_recordset(${rows}::jsonb) as r(seq int, fence bigint, before text)
         where ${named(run, intents)} and w.seq = r.seq and w.fence = r.fence and w.state = 'leased'
           and w.lease_until >= clock_timestamp()
        returning w.seq`.execute(trx);
      return held.rows.map((row) => row.seq);
    },

    async finish(run, results) {
      const held = await sql<{ seq: number }>`
        update work_item w
           set state = r.state, outcome = r.outcome, detail = r.detail, request_id = r.request_id, lease_until = null,
               attempts = w.attempts - r.refund,
               intent_at = case when r.untried then null else w.intent_at end,
               before = case when r.untried then r.before else coalesce(r.before, w.before) end,
               air_until = case when r.air then clock_timestamp() + ${LONGEST_REQUEST} else w.air_until end,
               not_before = clock_timestamp() + make_interval(secs => r.wait)
          from jsonb_to_recordset(${JSON.stringify(results.map(finishRow))}::jsonb)
            as r(seq int, fence bigint, state text, outcome text, detail text, request_id text, wait double precision,
                 refund int, air boolean, untried boolean, before text)
         where ${named(run, results)} and w.seq = r.seq and w.fence = r.fence and w.state = 'leased'
        returning w.seq`.execute(trx);
      const kept = new Set(held.rows.map((row) => row.seq));
      await restMailboxes(
        trx,
        tenant,
        run,
        results.filter((result) => kept.has(result.seq)),
      );
      return [...kept];
    },

    async counts(run) {
      // Counted in an index. The clock is asked once: for each of 20,000 copies it would take longer than all the rest.
      const { rows } = await sql<{ outcome: Outcome | null; n: string; resting: string }>`
        select outcome, count(*)::text as n,
               (select count(*) from work_item where tenant = ${tenant} and run = ${run} and state = 'ready'
                   and not_before > (select clock_timestamp()))::text as resting
          from work_item where tenant = ${tenant} and run = ${run} group by outcome`.execute(trx);
      const outcomes = noOutcomes();
      for (const row of rows) if (row.outcome !== null) outcomes[row.outcome] += Number(row.n);
      const unfinished = rows.find((row) => row.outcome === null);
      return {
        total: rows.reduce((sum, row) => sum + Number(row.n), 0),
        open: Number(unfinished?.n ?? 0),
        resting: Number(unfinished?.resting ?? 0),
        outcomes,
      };
    },

    ...doubtsOf(trx, tenant),

    async nextDueMs(run) {
      // The first of each by its index: a run may have a hundred thousand copies waiting.
      const { rows } = await sql<{ wait: number | null; open: boolean }>`
        select ready is not null or held is not null as open,
               (extract(epoch from least(case when ready is not null then greatest(ready, clock_timestamp()) end, held) - clock_timestamp())
                 * 1000)::double precision as wait
          from (select (select min(not_before) from work_item
                         where tenant = ${tenant} and run = ${run} and state = 'ready') as ready,
                       (select min(lease_until) from work_item
                         where tenant = ${tenant} and run = ${run} and state = 'leased') as held) as first`.execute(
        trx,
      );
      const row = rows[0];
      return row?.open ? Math.max(0, Math.ceil(Number(row.wait ?? 0))) : null;
    },

    async page(run, offset, limit) {
      const rows = await items(run)
        .select(COLUMNS)
        .orderBy('address')
        .orderBy('seq')
        .offset(offset)
        .limit(limit)
        .execute();
      return rows.map(toItem);
    },

    async all(run, outcome) {
      const rows = await items(run).select(COLUMNS).where('outcome', '=', outcome).orderBy('seq').execute();
      return rows.map(toItem);
    },

    async ends(run) {
      const { rows } = await sql<{ target: string; outcome: string | null; detail: string | null }>`
        select mailbox || ' ' || message as target, outcome, case when outcome = 'failed' then detail end as detail
          from work_item where tenant = ${tenant} and run = ${run}`.execute(trx);
      return new Map(rows.map(({ target, outcome, detail }) => [target, endOf(outcome, detail)]));
    },

    async troubled(run, outcomes, most) {
      const { rows } = await sql<{ outcome: Outcome; address: string; mailboxes: string }>`
        select outcome, address, mailboxes::text as mailboxes
          from (select outcome, address, row_number() over (partition by outcome order by address) as place,
                       count(*) over (partition by outcome) as mailboxes
                  from (select distinct outcome, address from work_item
                         where tenant = ${tenant} and run = ${run}
                           and outcome in (${sql.join(outcomes)})) as behind) as placed
         where place <= ${most} order by address`.execute(trx);
      return outcomes.flatMap((outcome) => {
        const behind = rows.filter((row) => row.outcome === outcome);
        const addresses = behind.map(({ address }) => address);
        return behind[0] ? [{ outcome, addresses, mailboxes: Number(behind[0].mailboxes) }] : [];
      });
    },

    async holders(copies) {
      const named = JSON.stringify(copies.map(({ mailbox, message }) => ({ mailbox, message })));
      const { rows } = await sql<Held>`
        select w.run, w.mailbox, w.message, w.outcome
          from (select distinct mailbox, message from jsonb_to_recordset(${named}::jsonb) as c(mailbox text, message text)) as c
          join work_item w on w.tenant = ${tenant} and w.mailbox = c.mailbox and w.message = c.message
         order by w.run, w.seq`.execute(trx);
      return rows;
    },

    async sharedWith(run, outcomes) {
      const rows = await trx
        .selectFrom('work_item as own')
        .innerJoin('work_item as other', (join) =>
          join
            .onRef('other.tenant', '=', 'own.tenant')
            .onRef('other.mailbox', '=', 'own.mailbox')
            .onRef('other.message', '=', 'own.message'),
        )
        .where('own.tenant', '=', tenant)
        .where('own.run', '=', run)
        .where('own.outcome', 'in', outcomes)
        .where('other.run', '!=', run)
        .groupBy('other.run')
        .orderBy('other.run')
        .select(['other.run', (eb) => eb.fn.countAll<string>().as('copies')])
        .execute();
      return rows.map((row) => ({ run: row.run, copies: Number(row.copies) }));
    },
  };
}

function endOf(outcome: string | null, detail: string | null): CopyEnd {
  if (outcome === null) return { outcome: 'waiting', detail };
  const known = OUTCOMES.find((one) => one === outcome);
  return known
    ? { outcome: known, detail }
    : { outcome: 'failed', detail: 'a newer version of Clawback knows what became of it' };
}

/** What the holder of a lease that ran out had sent is broken off at its end; the other side may still finish it. */
const airOfTheOvertaken = sql`
  case when w.state = 'leased' and w.intent_at is not null then greatest(w.air_until, w.lease_until + ${LONGEST_REQUEST})
       else w.air_until end`;

/** Whoever gives out the copies of a tenant does so alone: leases of a mailbox are counted over all processes. */
async function takeTurns(trx: Transaction<Tables>, tenant: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`claim ${tenant}`}))`.execute(trx);
}

/** For a database that nobody else can have open: what a dead process held is free again. */
export async function freeAllLeases(trx: Transaction<Tables>): Promise<void> {
  // What a dead process had asked for may still happen; a card that it was sending is as due as after any lease.
  await sql`
    update work_item
       set state = 'ready', lease_until = null,
           air_until = case when intent_at is null then air_until else clock_timestamp() + ${LONGEST_REQUEST} end
     where state = 'leased'`.execute(trx);
  await sql`update card set lease = null, lease_until = null, due = true where lease is not null`.execute(trx);
  await sql`update look_part set held_until = null where held_until is not null`.execute(trx);
}
