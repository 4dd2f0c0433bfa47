import { isClosed } from '../../core/incident/incident.ts';
import type { RoomTrouble } from '../../core/tell/chats.ts';
import type { Platform } from '../../ports/rooms.ts';
import type { Bookkeeping, Flow } from '../flow.ts';
import { announce, record } from '../record/record.ts';

/** As often in a row a message is refused or lost, and something is wrong that does not pass by itself: about a minute. */
export const TROUBLE_AFTER = 5;
/** So many of the newest incidents are told that a room died or came back. */
const MOST_TOLD = 100;

/** Writes down what became of a room, and lets people and counters hear of it. */
export type Announcing = Bookkeeping & Pick<Flow, 'observe'>;

/** A room that takes nothing any more: one entry and one alarm, however often it is tried, and a word on the other cards. */
export async function roomDied(flow: Announcing, platform: Platform, why: string): Promise<void> {
  const isNew = await flow.store.transact(async (tx) => {
    const died = await tx.rooms.died(platform, why.slice(0, 300), flow.clock.now());
    if (died)
      await record(flow, tx, [{ type: 'room.lost', platform, outcome: 'dead', detail: { why: why.slice(0, 300) } }]);
    return died;
  });
  if (isNew) await tellRoom(flow, platform, 'dead');
}

/** It has just taken a message. */
export async function roomIsBack(flow: Announcing, platform: Platform): Promise<void> {
  const wasDead = await flow.store.transact(async (tx) => {
    const revived = await tx.rooms.revived(platform);
    if (revived) await record(flow, tx, [{ type: 'room.back', platform }]);
    return revived;
  });
  if (wasDead) await tellRoom(flow, platform, 'back');
}

async function tellRoom(flow: Announcing, platform: Platform, result: 'dead' | 'back'): Promise<void> {
  flow.observe({ what: 'room', platform, result });
  await flow.store.transact(async (tx) => {
    for (const { id, state } of await tx.incidents.list(MOST_TOLD)) if (!isClosed(state)) await announce(flow, tx, id);
  });
}

/** For whoever asks whether everything works: what is wrong with each room, null where nothing is. */
export async function roomTroubles(
  flow: Pick<Flow, 'store' | 'rooms'>,
): Promise<ReadonlyMap<Platform, RoomTrouble | null>> {
  const dead = await flow.store.transact((tx) => tx.rooms.dead());
  return new Map(
    flow.rooms.map(({ platform }) => {
      const found = dead.find((room) => room.platform === platform);
      return [platform, found ? { since: found.deadSince, why: found.why } : null];
    }),
  );
}
