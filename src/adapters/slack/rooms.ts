import type { types, webApi } from '@slack/bolt';
import { z } from 'zod';
import { notOurRoom, RoomError } from '../../core/error.ts';
import type { CardRef, Rooms } from '../../ports/rooms.ts';
import type { SlackCards } from './card.ts';
import { roomError, slackCode } from './failure.ts';

export interface SlackPlace {
  readonly channel: string;
  readonly newPerMinute?: number;
  readonly botId: string;
  readonly botUserId: string;
}

/** Nothing on a card or below it is for Slack to fetch and unfold. */
const QUIET = { unfurl_links: false, unfurl_media: false };
const CARD_EVENT = 'clawback_card';
/** chat.postMessage takes about one message per second and channel, chat.update 50 per minute [docs.slack.dev]. */
const PACE_MS = 1_200;
/** How far back a lost card is looked for: it was sent moments ago. Some apps get 15 messages per call. */
const LOOK_BACK = 200;
const MOST_PAGES = 5;

const History = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      user: z.string().optional(),
      bot_id: z.string().optional(),
      metadata: z
        .object({ event_type: z.string().optional(), event_payload: z.record(z.string(), z.unknown()).optional() })
        .optional(),
    }),
  ),
  has_more: z.boolean().optional(),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
type Message = z.infer<typeof History>['messages'][number];

const NEW_PER_MINUTE = 6;

/** Cards as messages of one Slack channel. */
export function createSlackRooms(place: SlackPlace, client: webApi.WebClient, cards: SlackCards): Rooms {
  const refTo = (ts: string): CardRef => ({ platform: 'slack', channel: place.channel, message: ts, via: '' });
  const post = async (message: ReturnType<SlackCards['incident']>, key: string): Promise<CardRef> => {
    const metadata: types.MessageMetadata = { event_type: CARD_EVENT, event_payload: { key } };
    const answer = await client.chat
      .postMessage({ channel: place.channel, ...message, metadata, ...QUIET })
      .catch((error: unknown) => {
        throw roomError('chat.postMessage', error);
      });
    if (!answer.ts) throw new RoomError('lost', 'Slack took the card but did not say where it is');
    return refTo(answer.ts);
  };
  const update = async (ref: CardRef, message: ReturnType<SlackCards['incident']>): Promise<void> => {
    // Both, always: an update with text alone takes the blocks away [docs.slack.dev, chat.update].
    await client.chat.update({ channel: ref.channel, ts: ref.message, ...message }).catch((error: unknown) => {
      const failure = roomError('chat.update', error);
      throw ref.channel === place.channel ? failure : notOurRoom(failure);
    });
  };
  return {
    platform: 'slack',
    paceMs: PACE_MS,
    roomPaceMs: PACE_MS,
    newPerMinute: place.newPerMinute ?? NEW_PER_MINUTE,
    post: (view, key) => post(cards.incident(view), key),
    update: (ref, view) => update(ref, cards.incident(view)),
    gather: (view, key) => post(cards.gathered(view), key),
    regather: (ref, view) => update(ref, cards.gathered(view)),
    async find(key) {
      let looked = 0;
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES && looked < LOOK_BACK; page += 1) {
        const history = await pageOf(client, place.channel, cursor);
        if (history === 'unknowable') return 'unknowable';
        const found = history.messages.find((message) => isOurs(message, place) && keyOf(message) === key);
        if (found) return refTo(found.ts);
        looked += history.messages.length;
        cursor = history.response_metadata?.next_cursor;
        if (!(history.has_more && cursor)) return null;
      }
      return looked < LOOK_BACK ? 'unknowable' : null;
    },
    async nudge(ref, lines, people) {
      await client.chat
        .postMessage({ channel: ref.channel, thread_ts: ref.message, ...cards.nudge(lines, people), ...QUIET })
        .catch((error: unknown) => {
          throw roomError('chat.postMessage', error);
        });
    },
  };
}

async function pageOf(client: webApi.WebClient, channel: string, cursor: string | undefined) {
  try {
    const answer = await client.conversations.history({
      channel,
      limit: LOOK_BACK,
      include_all_metadata: true,
      ...(cursor ? { cursor } : {}),
    });
    return History.parse(answer);
  } catch (error) {
    // Reading the channel is an optional permission.
    if (slackCode(error) === 'missing_scope' || slackCode(error) === 'not_in_channel') return 'unknowable';
    throw error instanceof z.ZodError
      ? new RoomError('refused', 'Slack’s history has an unknown shape', { cause: error })
      : roomError('conversations.history', error);
  }
}

/** Other apps may write metadata with our event name: only the bot's own messages count. */
function isOurs(message: Message, { botId, botUserId }: SlackPlace): boolean {
  return (botId !== '' && message.bot_id === botId) || message.user === botUserId;
}

function keyOf({ metadata }: Message): unknown {
  return metadata?.event_type === CARD_EVENT ? metadata.event_payload?.['key'] : undefined;
}
