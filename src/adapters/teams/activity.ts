import { z } from 'zod';
import type { ChatUser } from '../../ports/desk.ts';
import { TEAMS } from './platform.ts';

/** The parts of an inbound Bot Framework activity that we read. Everything else is dropped here. */
const Id = z.string().max(1_000);
const Text = z.string().max(28_000);

const Attached = z.object({
  contentType: z.string().max(200),
  name: z.string().max(1_000).nullish(),
  content: z.unknown().optional(),
});

export const Inbound = z.object({
  type: z.string().max(100),
  name: z.string().max(200).nullish(),
  id: Id.nullish(),
  replyToId: Id.nullish(),
  serviceUrl: Id,
  action: z.string().max(100).nullish(),
  text: Text.nullish(),
  value: z.unknown().optional(),
  from: z.object({ id: Id.nullish(), name: z.string().max(400).nullish(), aadObjectId: z.string().max(100).nullish() }),
  recipient: z.object({ id: Id.nullish() }).nullish(),
  conversation: z.object({ id: Id, conversationType: z.string().nullish(), tenantId: z.string().nullish() }),
  channelData: z
    .object({
      tenant: z.object({ id: z.string() }).nullish(),
      team: z.object({ id: Id }).nullish(),
      channel: z.object({ id: Id }).nullish(),
    })
    .nullish(),
  entities: z
    .array(z.object({ type: z.string().nullish(), text: Text.nullish(), mentioned: z.object({ id: Id }).nullish() }))
    .max(100)
    .nullish(),
  /** Files beside words and cards; what is of another shape is none, and keeps nothing else from being read. */
  attachments: z.array(Attached.nullable().catch(null)).max(50).nullish().catch(null),
  membersRemoved: z.array(z.object({ id: Id })).nullish(),
});
export type Inbound = z.infer<typeof Inbound>;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&nbsp;', ' '],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&amp;', '&'],
]);
const MOST_WORDS = 500;

/** The token names the tenant nowhere; the guard has held this value against the allow-list. */
export function tenantOf(activity: Inbound): string {
  return activity.channelData?.tenant?.id ?? activity.conversation.tenantId ?? '';
}

/** Only the Entra object id decides; the name is for people and the `29:` id differs per bot. */
export function userOf(activity: Inbound): ChatUser {
  const { aadObjectId, name } = activity.from;
  return { platform: TEAMS.platform, id: aadObjectId ?? '', home: tenantOf(activity), name: name ?? '' };
}

/** What was said to the bot, without its mention and markup; null when it was not spoken to. */
export function wordsToBot(activity: Inbound): string | null {
  const mentions = (activity.entities ?? []).filter(
    (entity) => entity.type === 'mention' && entity.mentioned?.id === activity.recipient?.id && entity.text,
  );
  if (!activity.text) return null;
  if (mentions.length === 0 && activity.conversation.conversationType !== 'personal') return null;
  const spoken = mentions.reduce((text, mention) => text.replaceAll(mention.text ?? '', ' '), activity.text);
  return spoken
    .replace(/<[^>]{0,200}>/g, ' ')
    .replace(/&[a-z]{2,4};/g, (entity) => ENTITIES.get(entity) ?? entity)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MOST_WORDS);
}
