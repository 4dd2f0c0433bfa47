import { sql, type Transaction } from 'kysely';
import type { RoomStates } from '../../ports/outbox.ts';
import type { Platform } from '../../ports/rooms.ts';
import type { Tables } from './schema.ts';

/** As soon as a room may be free again when somebody is speaking in it, milliseconds. */
const LOOK_AGAIN_MS = 250;

export interface Room {
  readonly turn: number;
  /** New incidents that got a message of their own within the last minute. */
  readonly fresh: number;
  /** The gathering that still takes lines. */
  readonly gathering: string | null;
}

/** One row a room, for all processes: whoever holds it speaks. */
export function roomsOf(trx: Transaction<Tables>, tenant: string): RoomStates {
  return {
    async take(platform, holdMs) {
      const room = await lockRoom(trx, tenant, platform);
      if ('waitMs' in room) return room.waitMs;
      await hold(trx, tenant, platform, holdMs);
      return 0;
    },
    rest: (platform, restMs) => letGo(trx, tenant, platform, restMs),
    async died(platform, why, at) {
      await ensure(trx, tenant, platform);
      const done = await sql`
        update room set dead_since = ${at}, dead_why = ${why}
         where tenant = ${tenant} and platform = ${platform} and dead_since is null`.execute(trx);
      return Number(done.numAffectedRows) > 0;
    },
    async revived(platform) {
      const done = await sql`
        update room set dead_since = null, dead_why = null
         where tenant = ${tenant} and platform = ${platform} and dead_since is not null`.execute(trx);
      return Number(done.numAffectedRows) > 0;
    },
    async dead() {
      const rows = await trx
        .selectFrom('room')
        .select(['platform', 'dead_since', 'dead_why'])
        .where('tenant', '=', tenant)
        .where('dead_since', 'is not', null)
        .orderBy('platform')
        .execute();
      return rows.map((row) => ({
        platform: row.platform as Platform,
        deadSince: row.dead_since,
        why: row.dead_why ?? '',
      }));
    },
  };
}

async function ensure(trx: Transaction<Tables>, tenant: string, platform: Platform): Promise<void> {
  await trx
    .insertInto('room')
    .values({ tenant, platform })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Holds the row until the transaction ends. */
export async function lockRoom(
  trx: Transaction<Tables>,
  tenant: string,
  platform: Platform,
): Promise<Room | { readonly waitMs: number }> {
  await ensure(trx, tenant, platform);
  const { rows } = await sql<Room & { held: boolean; wait: number }>`
    select turn, coalesce(held_until > clock_timestamp(), false) as held,
           (extract(epoch from greatest(next_at, clock_timestamp()) - clock_timestamp()) * 1000)::double precision as wait,
           case when fresh_since > clock_timestamp() - interval '1 minute' then fresh else 0 end as fresh,
           case when gathering_since > clock_timestamp() - interval '1 minute' then gathering end as gathering
      from room where tenant = ${tenant} and platform = ${platform} for update`.execute(trx);
  const room = rows[0];
  if (!room || room.held) return { waitMs: LOOK_AGAIN_MS };
  return room.wait > 0 ? { waitMs: Math.ceil(room.wait) } : room;
}

export async function hold(
  trx: Transaction<Tables>,
  tenant: string,
  platform: Platform,
  holdMs: number,
  isNew = false,
): Promise<void> {
  await sql`
    update room set turn = turn + 1, held_until = clock_timestamp() + ${seconds(holdMs)},
           fresh = case when fresh_since > clock_timestamp() - interval '1 minute' then fresh else 0 end + ${isNew ? 1 : 0}::int,
           fresh_since = case when fresh_since > clock_timestamp() - interval '1 minute' then fresh_since else clock_timestamp() end
     where tenant = ${tenant} and platform = ${platform}`.execute(trx);
}

export async function letGo(
  trx: Transaction<Tables>,
  tenant: string,
  platform: Platform,
  restMs: number,
): Promise<void> {
  await sql`
    update room set held_until = null, next_at = greatest(next_at, clock_timestamp() + ${seconds(restMs)})
     where tenant = ${tenant} and platform = ${platform}`.execute(trx);
}

export function seconds(ms: number) {
  return sql`make_interval(secs => ${ms / 1_000}::double precision)`;
}
