import { type Json, record } from '../slack/loopback.ts';
import type { GivenFile } from '../slack/shares.ts';
import { findExecute } from './card-actions.ts';
import type { Drive } from './files.ts';
import type { Acted, ActOptions, SeatedMember, ShownActivity } from './types.ts';
import type { Whispers } from './whispers.ts';

/** A person in the chat with the bot alone, where the app is installed for them. Throws when a real user could not do it. */
export interface AloneDriver {
  /** A message; nobody has to be mentioned there. `replies` came before the answer. */
  sayAlone(user: string, words: string): Promise<Acted & { readonly replies: readonly ShownActivity[] }>;
  /** Files, with or without words; only where the app's manifest says that its bot takes them. */
  sendFiles(
    user: string,
    files: readonly GivenFile[],
    words?: string,
    options?: ActOptions,
  ): Promise<Acted & { readonly replies: readonly ShownActivity[] }>;
  /** The app's action in the menu of a message, with the files that stand in it. Answers what the client shows. */
  actOn(user: string, files: readonly GivenFile[], options?: ActOptions): Promise<Acted & { readonly shown: string }>;
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
  /** What the manifest of the app says: bots[].supportsFiles, and the command in composeExtensions. */
  readonly takesReports: () => boolean;
  readonly drive: Drive;
  readonly channel: { readonly id: string; readonly teamId: string };
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
  function requireReports(): void {
    if (!client.takesReports())
      throw new Error('the manifest of the app has no such thing: a real user could not do it');
  }
  return {
    async sendFiles(user, files, words, options = {}) {
      requireReports();
      const member = client.member(user);
      const before = whispers.heardBy(user).length;
      const page = { contentType: 'text/html', content: '<p>a picture of the message</p>' };
      const message: Json = {
        ...envelope(member),
        type: 'message',
        ...(words === undefined ? {} : { text: words, textFormat: 'plain' }),
        attachments: [...files.map((file) => client.drive.attach(file)), page],
      };
      const acted = await client.send(options.patch?.(message) ?? message);
      return { ...acted, replies: whispers.heardBy(user).slice(before) };
    },
    async actOn(user, files, options = {}) {
      requireReports();
      const member = client.member(user);
      const { id, teamId } = client.channel;
      const invoke: Json = {
        timestamp: new Date(client.clock()).toISOString(),
        id: `f:${client.mintId()}`,
        channelId: 'msteams',
        serviceUrl: client.serviceUrl,
        from: { id: member.id, name: member.name, aadObjectId: member.aadObjectId },
        conversation: { isGroup: true, conversationType: 'channel', tenantId: client.tenantId, id },
        recipient: { id: `28:${client.appId}`, name: client.botName },
        channelData: {
          tenant: { id: client.tenantId },
          channel: { id },
          team: { id: teamId },
          source: { name: 'message' },
        },
        type: 'invoke',
        name: 'composeExtension/fetchTask',
        value: {
          commandId: 'report',
          commandContext: 'message',
          context: { theme: 'default' },
          messagePayload: {
            id: client.mintId(),
            attachments: files.map((file) => client.drive.refer(file)),
            body: { contentType: 'html', content: '<div>see the file</div>' },
          },
        },
      };
      const acted = await client.send(options.patch?.(invoke) ?? invoke);
      // learn, create-task-module: a window with a card or a page, or a message.
      const task = record(record(acted.body)['task']);
      const isMessage = acted.status === 200 && task['type'] === 'message' && typeof task['value'] === 'string';
      return { ...acted, shown: isMessage ? String(task['value']) : 'Unable to reach app. Please try again.' };
    },
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
