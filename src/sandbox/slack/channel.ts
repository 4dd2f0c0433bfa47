import type { Emulated } from './emulator.ts';
import { type Json, list, record, text } from './loopback.ts';
import type { Stamps } from './stamps.ts';
import type { Ephemeral, ShownMessage, SlackChange } from './types.ts';

/** The messages of the workspace: what everybody sees lives in the emulator, what one person sees lives here. */
export interface Channel {
  /** chat.postMessage, update and delete as the app calls them; the answer carries shown stamps. */
  answer(method: string, args: Json): Promise<Json>;
  post(channel: string, message: Json): Promise<void>;
  update(channel: string, ts: string, message: Json): Promise<void>;
  remove(channel: string, ts: string): Promise<void>;
  whisper(user: string, channel: string, message: Json): string;
  isEphemeral(user: string, ts: string): boolean;
  /** null takes it away. */
  replaceEphemeral(user: string, ts: string, message: Json | null): void;
  ephemerals(user: string): readonly Ephemeral[];
  /** conversations.history or .replies, newest first or oldest first as Slack has them. */
  history(method: string, args: Json): Promise<Json>;
  /** Raw messages of the channel with their thread replies, oldest first. */
  raw(channel: string): Promise<Json[]>;
  shown(channel: string): Promise<ShownMessage[]>;
  keep(channels: readonly string[]): Promise<KeptChannel>;
  /** Into a workspace where nothing was said yet: messages get their former stamps. */
  restore(kept: KeptChannel): Promise<void>;
}

export interface KeptChannel {
  /** By channel, oldest first. */
  readonly messages: readonly (readonly [channel: string, messages: readonly Json[]])[];
  readonly edits: readonly (readonly [ts: string, times: number])[];
  readonly whispers: readonly (readonly [user: string, heard: readonly Ephemeral[]])[];
}

function shownMessage(message: Json, edits: number): ShownMessage {
  return {
    ts: text(message['ts']),
    user: text(message['user']),
    text: text(message['text']),
    blocks: list(message['blocks']).map(record),
    metadata: message['metadata'] === undefined ? null : record(message['metadata']),
    threadTs: text(message['thread_ts']) || null,
    edits,
  };
}

function withinHistory(args: Json): (ts: string) => boolean {
  const oldest = Number(args['oldest'] ?? 0);
  const latest = Number(args['latest'] ?? Number.POSITIVE_INFINITY);
  const inclusive = args['inclusive'] === true || args['inclusive'] === 'true';
  return (ts) => {
    const at = Number(ts);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  };
}

/** docs.slack.dev: with `blocks` an update leaves no "edited" mark; metadata comes only when asked for. */
function asListed(message: Json, withMetadata: boolean): Json {
  const { metadata, edited, ...rest } = message;
  const marked = edited !== undefined && list(message['blocks']).length === 0;
  return {
    ...rest,
    ...(marked ? { edited } : {}),
    ...(withMetadata && metadata !== undefined ? { metadata } : {}),
  };
}

export function createChannel(
  emulator: Emulated,
  stamps: Stamps,
  clock: () => number,
  changed: (change: SlackChange) => void,
): Channel {
  const edits = new Map<string, number>();
  const whispers = new Map<string, Ephemeral[]>();

  async function answer(method: string, args: Json): Promise<Json> {
    const answered = await emulator.call(method, stamps.toHeld(args));
    if (answered['ok'] !== true) {
      return answered;
    }
    const channel = text(answered['channel']);
    if (method === 'chat.postMessage') {
      const shown = stamps.mint();
      stamps.bind(shown, text(answered['ts']));
      changed({ kind: 'posted', channel, id: shown, user: '' });
      const message = { ...record(answered['message']), bot_id: emulator.botId, app_id: emulator.appId };
      return stamps.toShown({ ...answered, message });
    }
    const ts = text(args['ts']);
    if (method === 'chat.update') {
      edits.set(ts, (edits.get(ts) ?? 0) + 1);
    }
    changed({ kind: method === 'chat.update' ? 'updated' : 'deleted', channel, id: ts, user: '' });
    return stamps.toShown({
      ...answered,
      ...(answered['message'] ? { message: asListed(record(answered['message']), false) } : {}),
    });
  }

  async function raw(channel: string): Promise<Json[]> {
    const top = await emulator.inside('conversations.history', { channel, limit: 1000 });
    const roots = list(top['messages']).map(record).reverse();
    const threads = await Promise.all(
      roots.map(async (root) => {
        if (root['reply_count'] === undefined) {
          return [root];
        }
        const replies = await emulator.inside('conversations.replies', { channel, ts: root['ts'] });
        return list(replies['messages']).map(record);
      }),
    );
    return stamps.toShown(threads.flat());
  }

  async function history(method: string, args: Json): Promise<Json> {
    const { cursor, limit, oldest, latest, inclusive, include_all_metadata: all, ...rest } = args;
    const asked = await emulator.call(method, stamps.toHeld({ ...rest, limit: 1000 }));
    if (asked['ok'] !== true) {
      return asked;
    }
    const fits = withinHistory({ oldest, latest, inclusive });
    const found = stamps.toShown(list(asked['messages']).map(record)).filter((one) => fits(text(one['ts'])));
    const from = Number(cursor ?? 0) || 0;
    const size = Math.min(Number(limit) || 100, 999);
    const page = found.slice(from, from + size);
    const more = from + size < found.length;
    return {
      ok: true,
      messages: page.map((one) => asListed(one, all === true || all === 'true')),
      has_more: more,
      ...(more ? { response_metadata: { next_cursor: String(from + size) } } : {}),
    };
  }

  const own = (user: string) => whispers.get(user) ?? [];

  async function putBack(channel: string, message: Json): Promise<void> {
    const { ts, thread_ts: root, text: words, blocks, metadata } = message;
    const reply = root === undefined || root === ts ? {} : { thread_ts: root };
    const args = stamps.toHeld({ channel, text: words, blocks, metadata, ...reply });
    const answered = await emulator.call('chat.postMessage', args);
    if (answered['ok'] !== true) throw new Error(`a message cannot be put back: ${text(answered['error'])}`);
    stamps.bind(text(ts), text(answered['ts']));
  }

  return {
    answer,
    history,
    raw,
    async post(channel, message) {
      await answer('chat.postMessage', { channel, text: message['text'], blocks: message['blocks'] });
    },
    async update(channel, ts, message) {
      await answer('chat.update', { channel, ts, text: message['text'] ?? '', blocks: message['blocks'] });
    },
    async remove(channel, ts) {
      await answer('chat.delete', { channel, ts });
    },
    whisper(user, channel, message) {
      const ts = stamps.mint();
      const heard = { ts, text: text(message['text']), blocks: list(message['blocks']).map(record), at: clock() };
      whispers.set(user, [...own(user), heard]);
      changed({ kind: 'ephemeral', channel, id: ts, user });
      return ts;
    },
    isEphemeral: (user, ts) => own(user).some((one) => one.ts === ts),
    replaceEphemeral(user, ts, message) {
      const swapped = own(user).flatMap((one) => {
        if (one.ts !== ts) {
          return [one];
        }
        return message === null
          ? []
          : [{ ...one, text: text(message['text']), blocks: list(message['blocks']).map(record) }];
      });
      whispers.set(user, swapped);
      changed({ kind: 'ephemeral', channel: '', id: ts, user });
    },
    ephemerals: own,
    async keep(channels) {
      const messages = await Promise.all(channels.map(async (channel) => [channel, await raw(channel)] as const));
      return { messages, edits: [...edits], whispers: [...whispers] };
    },
    async restore(kept) {
      for (const [channel, messages] of kept.messages) for (const one of messages) await putBack(channel, one);
      for (const [ts, times] of kept.edits) edits.set(ts, times);
      for (const [user, heard] of kept.whispers) whispers.set(user, [...heard]);
    },
    async shown(channel) {
      const messages = await raw(channel);
      return messages.map((one) => shownMessage(one, edits.get(text(one['ts'])) ?? 0));
    },
  };
}
