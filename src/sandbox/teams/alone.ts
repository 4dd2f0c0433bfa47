import { type Json, record } from '../slack/loopback.ts';
import { findExecute } from './card-actions.ts';
import type { Acted, SeatedMember, ShownActivity } from './types.ts';
import type { Whispers } from './whispers.ts';

/** A person in the chat with the bot alone, where the app is installed for them. Throws when a real user could not do it. */
export interface AloneDriver {
  /** A message; nobody has to be mentioned there. `replies` came before the answer. */
  sayAlone(user: string, words: string): Promise<Acted & { readonly replies: readonly ShownActivity[] }>;
  /** A press on a card of the bot in this chat. */
  clickAlone(user: string, activityId: string, verb: string, title?: string): Promise<Acted>;
}

interface Client {
  readonly appId: string;
  readonly botName: string;
  readonly tenantId: string;
  readonly serviceUrl: string;
  readonly clock: () => number;
  readonly mintId: () => string;
  readonly whispers: Whispers;
  readonly isInstalled: () => boolean;
  member(key: string): SeatedMember;
  send(activity: Json): Promise<Acted>;
}

export function createAlone(client: Client): AloneDriver {
  const { whispers } = client;
  function envelope(member: SeatedMember): Json {
    if (!client.isInstalled()) {
      throw new Error(`the app is not installed for ${member.key}: a real user could not write to it`);
    }
    return {
      timestamp: new Date(client.clock()).toISOString(),
      id: client.mintId(),
      channelId: 'msteams',
      serviceUrl: client.serviceUrl,
      from: { id: member.id, name: member.name, aadObjectId: member.aadObjectId },
      conversation: { conversationType: 'personal', tenantId: client.tenantId, id: `a:${member.id}` },
      recipient: { id: `28:${client.appId}`, name: client.botName },
      channelData: { tenant: { id: client.tenantId } },
      locale: 'en-US',
    };
  }
  return {
    async sayAlone(user, words) {
      const member = client.member(user);
      const before = whispers.heardBy(user).length;
      const acted = await client.send({ ...envelope(member), type: 'message', text: words, textFormat: 'plain' });
      return { ...acted, replies: whispers.heardBy(user).slice(before) };
    },
    clickAlone(user, activityId, verb, title) {
      const card = whispers.heardBy(user).find(({ id }) => id === activityId)?.card ?? null;
      const found = card === null ? null : findExecute(card, verb, title);
      if (found === null) {
        throw new Error(`the card of ${activityId} has no ${verb}: a real user could not click it`);
      }
      const action = { type: 'Action.Execute', title: found.action['title'], verb, data: record(found.action['data']) };
      return client.send({
        ...envelope(client.member(user)),
        type: 'invoke',
        name: 'adaptiveCard/action',
        replyToId: activityId,
        value: { action, trigger: 'manual' },
      });
    },
  };
}
