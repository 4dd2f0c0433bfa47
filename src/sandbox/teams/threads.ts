import { type Json, list, record, text } from '../slack/loopback.ts';
import type { ShownActivity, ShownThread, TeamsChange } from './types.ts';

export const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';

export interface Held {
  readonly id: string;
  readonly from: string;
  activity: Json;
  updates: number;
  deleted: boolean;
}

export interface Thread {
  readonly conversationId: string;
  readonly channelId: string;
  readonly activities: Held[];
}

/** The conversations of one team as the connector holds them. */
export interface Threads {
  readonly all: readonly Thread[];
  /** A new root message in the channel; null when the team has no such channel. */
  start(channelId: string, from: string, activity: Json): (Held & { readonly conversationId: string }) | null;
  append(thread: Thread, from: string, activity: Json): Held;
  /** By `<channel>;messageid=<root>`. */
  thread(conversationId: string): Thread | null;
  isChannel(conversationId: string): boolean;
  /** The activity in that conversation (or, for a bare channel id, in any of its threads). */
  find(conversationId: string, activityId: string): { readonly thread: Thread; readonly held: Held } | null;
  update(thread: Thread, held: Held, activity: Json): void;
  remove(thread: Thread, held: Held): void;
  shown(): ShownThread[];
  mintId(): string;
}

export function cardOf(activity: Json): Json | null {
  const attachment = list(activity['attachments'])
    .map(record)
    .find((one) => one['contentType'] === CARD_TYPE);
  return attachment === undefined ? null : record(attachment['content']);
}

export function mentionsIn(activity: Json): readonly Json[] {
  return list(activity['entities'])
    .map(record)
    .filter((one) => one['type'] === 'mention');
}

export function shownActivity(held: Held): ShownActivity {
  return {
    id: held.id,
    from: held.from,
    text: text(held.activity['text']),
    mentions: mentionsIn(held.activity).map((one) => text(record(one['mentioned'])['id'])),
    card: held.deleted ? null : cardOf(held.activity),
    updates: held.updates,
    deleted: held.deleted,
  };
}

export function createThreads(
  channels: readonly string[],
  clock: () => number,
  changed: (change: TeamsChange) => void,
  kept: readonly Thread[] = [],
): Threads {
  const all: Thread[] = [...kept];
  let last = Math.max(0, ...kept.flatMap(({ activities }) => activities.map(({ id }) => Number(id))));

  function mintId(): string {
    last = Math.max(last + 1, Math.floor(clock()));
    return String(last);
  }

  function say(kind: TeamsChange['kind'], thread: Thread, held: Held): void {
    changed({ kind, conversationId: thread.conversationId, activityId: held.id, user: '' });
  }

  function append(thread: Thread, from: string, activity: Json, id = mintId()): Held {
    const held: Held = { id, from, activity, updates: 0, deleted: false };
    thread.activities.push(held);
    say('posted', thread, held);
    return held;
  }

  return {
    all,
    mintId,
    append: (thread, from, activity) => append(thread, from, activity),
    start(channelId, from, activity) {
      if (!channels.includes(channelId)) {
        return null;
      }
      const id = mintId();
      const thread: Thread = { conversationId: `${channelId};messageid=${id}`, channelId, activities: [] };
      all.push(thread);
      return { ...append(thread, from, activity, id), conversationId: thread.conversationId };
    },
    thread: (conversationId) => all.find((one) => one.conversationId === conversationId) ?? null,
    isChannel: (conversationId) => channels.includes(conversationId),
    find(conversationId, activityId) {
      for (const thread of all) {
        const here = thread.conversationId === conversationId || thread.channelId === conversationId;
        const held = here ? thread.activities.find((one) => one.id === activityId && !one.deleted) : undefined;
        if (held !== undefined) {
          return { thread, held };
        }
      }
      return null;
    },
    update(thread, held, activity) {
      held.activity = activity;
      held.updates += 1;
      say('updated', thread, held);
    },
    remove(thread, held) {
      held.deleted = true;
      say('deleted', thread, held);
    },
    shown: () =>
      all.map(({ conversationId, channelId, activities }) => ({
        conversationId,
        channelId,
        activities: activities.map(shownActivity),
      })),
  };
}
