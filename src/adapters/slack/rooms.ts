import type { types, webApi } from '@slack/bolt';
import { z } from 'zod';
import { RoomError } from '../../core/error.ts';
import { callLines } from '../../core/tell/call-words.ts';
import { isMeasures } from '../../core/tell/measures-view.ts';
import type { Rooms } from '../../ports/rooms.ts';
import { cardsOf } from '../chat/room.ts';
import type { SlackCards } from './card.ts';
import { isRefusal, roomError } from './failure.ts';
import { SLACK } from './platform.ts';

export interface SlackPlace {
  readonly channel: string;
  readonly newPerMinute?: number;
  readonly botId: string;
  readonly botUserId: string;
}

/** Nothing on a card or below it is for Slack to fetch and unfold. */
const QUIET = { unfurl_links: false, unfurl_media: false };
const HISTORY = 'conversations.history';
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

/** Cards as messages of one Slack channel. */
export function createSlackRooms(place: SlackPlace, client: webApi.WebClient, cards: SlackCards): Rooms {
  const placeOf = (ts: string) => ({ channel: place.channel, message: ts, via: '' });
  const sent = cardsOf(SLACK, {
    paceMs: PACE_MS,
    roomPaceMs: PACE_MS,
    newPerMinute: place.newPerMinute,
    card: (view) => (isMeasures(view) ? cards.measures(view) : cards.incident(view)),
    gathering: (view) => cards.gathered(view),
    holds: (ref) => ref.channel === place.channel,
    async post(message, key) {
      const metadata: types.MessageMetadata = { event_type: CARD_EVENT, event_payload: { key } };
      const answer = await client.chat
        .postMessage({ channel: place.channel, ...message, metadata, ...QUIET })
        .catch((error: unknown) => {
          throw roomError('chat.postMessage', error);
        });
      return answer.ts ? placeOf(answer.ts) : null;
    },
    async replace(ref, message) {
      // Both, always: an update with text alone takes the blocks away [docs.slack.dev, chat.update].
      await client.chat.update({ channel: ref.channel, ts: ref.message, ...message }).catch((error: unknown) => {
        throw roomError('chat.update', error);
      });
    },
  });
  return {
    ...sent,
    async find(key) {
      let looked = 0;
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES && looked < LOOK_BACK; page += 1) {
        const history = await pageOf(client, place.channel, cursor).catch((error: unknown) => {
          // Some apps get one page a minute. A card that was sent moments ago is on the first, and nobody waits for more.
          if (page > 0 && error instanceof RoomError && error.kind === 'throttled') return 'unknowable' as const;
          throw error;
        });
        if (history === 'unknowable') return 'unknowable';
        const found = history.messages.find((message) => isOurs(message, place) && keyOf(message) === key);
        if (found) return { platform: SLACK.platform, ...placeOf(found.ts) };
        looked += history.messages.length;
        cursor = history.response_metadata?.next_cursor;
        if (!(history.has_more && cursor)) return null;
      }
      return looked < LOOK_BACK ? 'unknowable' : null;
    },
    async addressOf(ref) {
      const answer = await client.chat
        .getPermalink({ channel: ref.channel, message_ts: ref.message })
        .catch((error: unknown) => {
          throw roomError('chat.getPermalink', error);
        });
      return answer.permalink ?? null;
    },
    async nudge(ref, call, people) {
      await client.chat
        .postMessage({
          channel: ref.channel,
          thread_ts: ref.message,
          ...cards.nudge(callLines(call), people),
          ...QUIET,
        })
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
    if (error instanceof z.ZodError)
      throw new RoomError('refused', 'Slack’s history has an unknown shape', { cause: error });
    // Reading the channel is an optional permission, and a no to it says nothing of posting: that is for the post to hear.
    if (isRefusal(HISTORY, error)) return 'unknowable';
    throw roomError(HISTORY, error);
  }
}

/** Other apps may write metadata with our event name: only the bot's own messages count. */
function isOurs(message: Message, { botId, botUserId }: SlackPlace): boolean {
  return (botId !== '' && message.bot_id === botId) || message.user === botUserId;
}

function keyOf({ metadata }: Message): unknown {
  return metadata?.event_type === CARD_EVENT ? metadata.event_payload?.['key'] : undefined;
}
