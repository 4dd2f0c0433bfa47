import type { Delivered, Json } from './loopback.ts';
import type { GivenFile, Shelf } from './shares.ts';
import type { CallOptions, SeatedPerson } from './types.ts';

/** A person who shares files in a message, and who chooses an app's shortcut in the menu of one. */
export interface ShortcutDriver {
  /** Answers the ts of the message. `channel`: another conversation, such as one that the app is not in. */
  share(user: string, files: readonly GivenFile[], options?: { readonly channel?: string }): string;
  /** Everybody's client shows a tombstone from now on. */
  removeFiles(ts: string): void;
  shortcut(user: string, ts: string, callbackId: string, options?: CallOptions): Promise<Delivered>;
}

export interface Sharing {
  readonly shelf: Shelf;
  /** features.shortcuts of the app's manifest: those on messages, by callback_id. */
  readonly shortcuts: readonly string[];
}

interface Client {
  readonly deps: Sharing & {
    readonly channelId: string;
    readonly channelName: string;
    readonly baseUrl: string;
    readonly mintTs: () => string;
    readonly responses: { open(user: string, channel: string, source: string): string };
    readonly views: { trigger(user: string, view: string): string };
    readonly carrier: { interactive(payload: Json, options: CallOptions): Promise<Delivered> };
    person(key: string): SeatedPerson;
  };
  common(person: SeatedPerson, options: CallOptions): Json;
  fine(delivered: Delivered, user: string): boolean;
}

/** `shortcut` throws when a real user could not do it. */
export function createShortcuts({ deps, common, fine }: Client): ShortcutDriver {
  const messages = new Map<string, { readonly channel: string; readonly user: string; files: readonly Json[] }>();
  return {
    share(user, files, { channel = deps.channelId } = {}) {
      const { id } = deps.person(user);
      const ts = deps.mintTs();
      messages.set(ts, { channel, user: id, files: files.map((file) => deps.shelf.put(id, channel, file)) });
      return ts;
    },
    removeFiles(ts) {
      const message = messages.get(ts);
      if (!message) throw new Error(`there is no message ${ts}`);
      for (const { id } of message.files) deps.shelf.remove(String(id));
      message.files = message.files.map(({ id }) => ({ id, mode: 'tombstone' }));
    },
    async shortcut(user, ts, callbackId, options = {}) {
      const person = deps.person(user);
      const message = messages.get(ts);
      if (!message) throw new Error(`there is no message ${ts}: a real user could not open its menu`);
      if (!deps.shortcuts.includes(callbackId))
        throw new Error(`the app has no shortcut ${callbackId}: a real user could not choose it`);
      const channel = options.channel ?? message.channel;
      const { user: whole, ...rest } = common(person, options);
      // @slack/bolt 5.1, MessageShortcut: the workspace of the person stands there at times only.
      const { team_id, ...nameless } = whole as Json;
      const delivered = await deps.carrier.interactive(
        {
          type: 'message_action',
          ...rest,
          user: options.userTeam === undefined && !person.stranger ? nameless : { ...nameless, team_id },
          callback_id: callbackId,
          trigger_id: deps.views.trigger(person.id, ''),
          action_ts: deps.mintTs(),
          response_url: deps.baseUrl + deps.responses.open(person.id, channel, ''),
          channel: { id: channel, name: deps.channelName },
          message_ts: ts,
          message: { type: 'message', subtype: 'file_share', text: '', user: message.user, ts, files: message.files },
        },
        options,
      );
      fine(delivered, person.id);
      return delivered;
    },
  };
}
