import type { Json } from '../slack/loopback.ts';
import { type Held, shownActivity, type Thread } from './threads.ts';
import type { SeatedMember, ShownActivity, TeamsChange } from './types.ts';

/** Messages of the bot that only one person in the channel sees (targeted messages). */
export interface Whispers {
  /** null when nobody has that id. `thread` null: in the chat with that person alone. */
  say(thread: Thread | null, memberId: string, activity: Json): Held | null;
  heardBy(user: string): readonly ShownActivity[];
  all(): KeptWhispers;
}

/** By the person's key. */
export type KeptWhispers = readonly (readonly [user: string, heard: Held[]])[];

export function createWhispers(
  members: readonly SeatedMember[],
  mintId: () => string,
  changed: (change: TeamsChange) => void,
  kept: KeptWhispers = [],
): Whispers {
  const heard = new Map(kept);
  return {
    say(thread, memberId, activity) {
      const member = members.find((one) => one.id === memberId || one.aadObjectId === memberId);
      if (member === undefined) {
        return null;
      }
      const held: Held = { id: mintId(), from: 'bot', activity, updates: 0, deleted: false };
      heard.set(member.key, [...(heard.get(member.key) ?? []), held]);
      changed({
        kind: 'whispered',
        conversationId: thread?.conversationId ?? '',
        activityId: held.id,
        user: member.key,
      });
      return held;
    },
    all: () => [...heard],
    heardBy: (user) => (heard.get(user) ?? []).map(shownActivity),
  };
}
