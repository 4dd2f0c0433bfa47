import { type Selectable, sql, type Transaction } from 'kysely';
import { type CardRow, type Cards, type Manners, WAITING_LIST } from '../../ports/outbox.ts';
import type { CardRef, Platform } from '../../ports/rooms.ts';
import { cardsToldElsewhere, GATHERING } from './cards-elsewhere.ts';
import { cardRefDocument } from './documents/card-ref.ts';
import { readingRow } from './documents/document.ts';
import { hold, letGo, lockRoom, type Room, seconds } from './rooms.ts';
import type { Tables } from './schema.ts';

type Row = Selectable<Tables['card']>;
/** `revision` null: a gathering, which is behind whenever it is due. */
type Candidate = Row & { readonly revision: number | null; readonly rank: number };

const NEW = 3;
/** Each so many messages one goes to whatever has waited longest, so that nothing waits for ever. */
const FAIR_EVERY = 4;
const SHORTEST_WAIT_MS = 50;

/**
 * The outbox: one row per card; what is to be sent is always the newest state, so updates collapse by themselves. A card
 * is due from the transaction that changed its incident until it is taken for sending. Nobody waits here for a row that
 * somebody else holds: whoever changes it asks for the room again.
 */
export function cardsOf(trx: Transaction<Tables>, tenant: string, newId: () => string): Cards {
  const own = (incident: string, platform: Platform) =>
    sql`tenant = ${tenant} and incident = ${incident} and platform = ${platform}`;

  /** 0: somebody waits for it; 1: decided or running; 2: asks, or may be there already; 3: new. */
  async function mostUrgent(platform: Platform, isFairTurn: boolean): Promise<Candidate | undefined> {
    const rank = sql`
      case when c.awaited then 0 when c.ref is not null and (i.run_id is not null or i.state not in ('received', 'open')) then 1
           when c.ref is not null or c.posting or i.id is null then 2 else 3 end`;
    const { rows } = await sql<Candidate>`
      select c.*, i.revision, ${rank} as rank from card c
        left join incident i on i.tenant = c.tenant and i.id = c.incident
       where c.tenant = ${tenant} and c.platform = ${platform} and (c.due or c.lease is not null)
         and coalesce(c.lease_until < clock_timestamp(), true) and c.not_before <= clock_timestamp()
       order by case when ${isFairTurn} then 0 else ${rank} end, c.not_before, c.incident limit 1 for update of c skip locked`.execute(
      trx,
    );
    return rows[0];
  }

  /** Until the first of those that rest, or that are being sent, is due. */
  async function untilNext(platform: Platform): Promise<{ incident: string; wait: number } | undefined> {
    const { rows } = await sql<{ incident: string; wait: number }>`
      select incident, (extract(epoch from at - clock_timestamp()) * 1000)::double precision as wait
        from (select incident, greatest(not_before, coalesce(lease_until, not_before), clock_timestamp()) as at from card
               where tenant = ${tenant} and platform = ${platform} and (due or lease is not null)) as resting
       order by at limit 1`.execute(trx);
    return rows[0];
  }

  /** Puts what is new and more than may have a message of its own into gatherings, as many as it takes. */
  async function gather(platform: Platform, { fresh, gathering }: Room, manners: Manners): Promise<boolean> {
    const { newPerMinute, linesPerGathering: most } = manners;
    const { rows } = await sql<{ incident: string }>`
      select c.incident from card c join incident i on i.tenant = c.tenant and i.id = c.incident
       where c.tenant = ${tenant} and c.platform = ${platform} and c.due and c.lease is null and c.ref is null
         and not c.posting and not c.awaited
       order by c.not_before, c.incident offset ${Math.max(0, newPerMinute - fresh)}::int for update of c skip locked`.execute(
      trx,
    );
    const left = rows.map(({ incident }) => incident);
    let into = gathering;
    let room = into === null ? 0 : most - (await countIn(platform, into));
    for (let at = 0; at < left.length; ) {
      if (into === null || room <= 0) {
        into = `${GATHERING}${newId()}`;
        room = most;
      }
      const some = left.slice(at, at + room);
      await putInto(platform, into, some, left.length - at);
      at += some.length;
      room -= some.length;
    }
    return left.length > 0;
  }

  /** The one before goes before this one, even within one tick of the clock: `behind` says how many lines are to follow. */
  async function putInto(
    platform: Platform,
    into: string,
    incidents: readonly string[],
    behind: number,
  ): Promise<void> {
    await sql`
      insert into card (tenant, incident, platform, key, not_before)
      values (${tenant}, ${into}, ${platform}, ${newId()}, clock_timestamp() - ${behind}::int * interval '1 microsecond')
      on conflict (tenant, incident, platform) do update set due = true`.execute(trx);
    await sql`
      update card set gathered = ${into}, due = false
       where tenant = ${tenant} and platform = ${platform} and incident = any(${[...incidents]})`.execute(trx);
    await sql`
      update room set gathering = ${into},
             gathering_since = case when gathering = ${into} then gathering_since else clock_timestamp() end
       where tenant = ${tenant} and platform = ${platform}`.execute(trx);
  }

  async function countIn(platform: Platform, gathering: string): Promise<number> {
    const { rows } = await sql<{ lines: number }>`
      select count(*)::int as lines from card
       where tenant = ${tenant} and platform = ${platform} and gathered = ${gathering}`.execute(trx);
    return rows[0]?.lines ?? 0;
  }

  /** The most urgent one that there is something to say about; what is new and too much is gathered first. */
  async function behind(platform: Platform, room: Room, manners: Manners): Promise<Candidate | null> {
    const isFair = (room.turn + 1) % FAIR_EVERY === 0;
    for (;;) {
      let row = await mostUrgent(platform, isFair);
      if (row?.rank === NEW && (await gather(platform, room, manners))) row = await mostUrgent(platform, isFair);
      if (!row) return null;
      if (row.revision === null || row.stale || row.sent_revision < row.revision) return row;
      // Said already, by whoever sent it while this was being asked for. The card is of now, being held; its incident was read
      // as before it was, and may have news that only another statement sees: then it is asked for again.
      await sql`
        update card c set due = false, awaited = false, lease = null, lease_until = null
         where ${own(row.incident, platform)} and not stale
           and not exists (select 1 from incident i
                            where i.tenant = c.tenant and i.id = c.incident and i.revision > c.sent_revision)`.execute(
        trx,
      );
    }
  }

  async function lend(row: Candidate, platform: Platform, { leaseMs, holdMs }: Manners): Promise<string> {
    const lease = newId();
    await sql`
      update card set lease = ${lease}, posting = posting or ref is null, due = false, stale = false,
             lease_until = clock_timestamp() + ${seconds(leaseMs)} where ${own(row.incident, platform)}`.execute(trx);
    await hold(trx, tenant, platform, holdMs, row.rank === NEW);
    return lease;
  }

  async function listWaiting(...platforms: readonly Platform[]): Promise<void> {
    if (platforms.length === 0) return;
    await sql`
      insert into card (tenant, incident, platform, key, not_before)
      select ${tenant}, ${WAITING_LIST}, platform, key, clock_timestamp()
        from unnest(${[...platforms]}::text[], ${platforms.map(() => newId())}::text[]) as r(platform, key) order by platform
          on conflict (tenant, incident, platform) do update set due = true`.execute(trx);
  }

  return {
    ensure(incident, platform, key, gathered) {
      return this.open(incident, new Map([[platform, key]]), gathered);
    },

    async open(incident, keys, gathered) {
      await sql`
        insert into card (tenant, incident, platform, key, not_before, gathered, due)
        select ${tenant}, ${incident}, platform, key, clock_timestamp(), ${gathered ?? null}::text, ${gathered === undefined}
          from unnest(${[...keys.keys()]}::text[], ${[...keys.values()]}::text[]) as r(platform, key)
            on conflict do nothing`.execute(trx);
      if (gathered === WAITING_LIST) await listWaiting(...keys.keys());
    },

    async touch(incident, awaited = false) {
      // One that has only a line in a gathering is not sent by itself until somebody asks for it. What a gathering of many
      // says does not get old; the card of a campaign does, whether its wave has one by now or not, and so does the list of what waits.
      await sql`
        with own as (
          select platform, gathered as teller from card where tenant = ${tenant} and incident = ${incident}
           union
          select c.platform, i.campaign from card c join incident i on i.tenant = c.tenant and i.id = c.incident
           where c.tenant = ${tenant} and c.incident = ${incident}
        ), sent as (
          update card set due = true, awaited = awaited or ${awaited}
           where tenant = ${tenant} and incident = ${incident}
             and (${awaited} or gathered is null or ref is not null or posting or awaited))
        update card c set due = true, stale = true from own
         where c.tenant = ${tenant} and c.incident = own.teller and c.platform = own.platform
           and (c.gathered is null or c.ref is not null or c.posting or c.awaited)
           and (own.teller = ${WAITING_LIST} or own.teller not like ${`${GATHERING}%`})`.execute(trx);
    },

    async redraw(incident) {
      await sql`
        update card set due = true, stale = true
         where tenant = ${tenant} and incident = ${incident}
           and (gathered is null or ref is not null or posting or awaited)`.execute(trx);
    },

    async release(incident) {
      await this.touch(incident);
      await sql`
        update card set gathered = null, due = true where tenant = ${tenant} and incident = ${incident} and gathered is not null`.execute(
        trx,
      );
    },

    async hold(incident, teller = WAITING_LIST) {
      const { rows } = await sql<{ platform: Platform; before: string | null }>`
        with before as (
          select platform, gathered from card
           where tenant = ${tenant} and incident = ${incident} and ref is null and not posting and not awaited for update)
        update card c set gathered = ${teller}, due = false from before b
         where c.tenant = ${tenant} and c.incident = ${incident} and c.platform = b.platform
        returning c.platform, b.gathered as before`.execute(trx);
      const isListed = rows.filter(({ before }) => [teller, before].includes(WAITING_LIST));
      await listWaiting(...isListed.map(({ platform }) => platform));
    },

    ...cardsToldElsewhere(trx, tenant),

    async claim(platform, manners) {
      const room = await lockRoom(trx, tenant, platform);
      if ('waitMs' in room) return { kind: 'wait', incident: '', waitMs: room.waitMs };
      const row = await behind(platform, room, manners);
      if (row) return { kind: 'send', card: toCard(row), lease: await lend(row, platform, manners) };
      const next = await untilNext(platform);
      if (!next) return { kind: 'nothing' };
      return { kind: 'wait', incident: next.incident, waitMs: Math.max(SHORTEST_WAIT_MS, Math.ceil(next.wait)) };
    },

    async finish(incident, platform, lease, result) {
      // In the same order as a claim takes them: whoever waits here for the other way round waits for ever.
      await sql`select 1 from room where tenant = ${tenant} and platform = ${platform} for update`.execute(trx);
      const done = await sql`
        update card set ref = ${result.ref ? cardRefDocument.write(result.ref) : null}, sent_revision = ${result.sentRevision},
               posting = ${result.posting}, attempts = ${result.attempts}, lease = null, lease_until = null,
               due = due or ${result.again},
               awaited = awaited and ${result.again}, not_before = clock_timestamp() + ${seconds(result.restMs)}
         where ${own(incident, platform)} and lease = ${lease}`.execute(trx);
      const isOurs = Number(done.numAffectedRows) > 0;
      if (isOurs) await letGo(trx, tenant, platform, result.roomRestMs);
      return isOurs;
    },

    async of(incident) {
      const rows = await trx
        .selectFrom('card')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('incident', '=', incident)
        .orderBy('platform')
        .execute();
      return rows.map(toCard);
    },

    async gatheredIn(gathering, platform) {
      const { rows } = await sql<{ incident: string }>`
        select c.incident from card c join incident i on i.tenant = c.tenant and i.id = c.incident
         where c.tenant = ${tenant} and c.platform = ${platform} and c.gathered = ${gathering}
         order by i.created_at, c.incident`.execute(trx);
      return rows.map(({ incident }) => incident);
    },

    async othersTaken(incident, platform, withinMs) {
      // A card that was taken rests from then on; what is asked to wait is not turned away either.
      const { rows } = await sql<{ taken: boolean }>`
        select exists (select 1 from card where tenant = ${tenant} and platform = ${platform} and incident <> ${incident}
                          and ref is not null and attempts = 0
                          and not_before > clock_timestamp() - ${seconds(withinMs)}) as taken`.execute(trx);
      return rows[0]?.taken === true;
    },

    async waiting() {
      const rows = await trx
        .selectFrom('card')
        .select('platform')
        .distinct()
        .where('tenant', '=', tenant)
        .where(sql<boolean>`(due or lease is not null)`)
        .execute();
      return rows.map(({ platform }) => platform as Platform);
    },
  };
}

function toCard(row: Row): CardRow {
  return {
    incident: row.incident,
    platform: row.platform as Platform,
    key: row.key,
    // One that cannot be read is posted anew: a decision that waits must not become invisible.
    ref: row.ref
      ? readingRow({ tenant: row.tenant, id: row.incident }).take<CardRef | null>(cardRefDocument, row.ref, null)
      : null,
    sentRevision: row.sent_revision,
    posting: row.posting,
    attempts: row.attempts,
    awaited: row.awaited,
    gathered: row.gathered,
  };
}
