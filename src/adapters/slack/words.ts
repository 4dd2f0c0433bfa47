import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { RoomError } from '../../core/error.ts';
import type { PrivateWords, SentWords } from '../../ports/private-words.ts';
import { roomError } from './failure.ts';
import { SLACK } from './platform.ts';

/** Of one person and the app, never of a channel. */
const Opened = z.object({ channel: z.object({ id: z.string().regex(/^D[A-Z0-9]+$/) }) });
/** Nothing in it is for Slack to fetch and unfold. */
const QUIET = { unfurl_links: false, unfurl_media: false };

/**
 * Words in the messages between somebody and the app [docs.slack.dev, conversations.open, chat.postMessage]: im:write, and
 * messages switched on. Each is a block of plain text, which Slack shows as it is.
 */
export function createSlackWords(client: webApi.WebClient): PrivateWords {
  async function channelOf(account: string): Promise<string> {
    const answer = await client.conversations.open({ users: account }).catch((error: unknown) => {
      throw roomError('conversations.open', error);
    });
    const opened = Opened.safeParse(answer).data;
    if (!opened) throw new RoomError('refused', 'Slack did not say where the messages with one person are');
    return opened.channel.id;
  }

  return {
    platform: SLACK.platform,
    async send(account, lines, title = 'Clawback: a mail that you reported') {
      try {
        const channel = await channelOf(account);
        const blocks = lines.map((text) => ({ type: 'section' as const, text: { type: 'plain_text' as const, text } }));
        await client.chat.postMessage({ channel, text: title, blocks, ...QUIET }).catch((error: unknown) => {
          throw roomError('chat.postMessage', error);
        });
        return { is: 'sent' };
      } catch (error) {
        return notSent(error);
      }
    },
  };
}

function notSent(error: unknown): SentWords {
  if (!(error instanceof RoomError)) throw error;
  // To open the messages changes nothing that anybody sees: only the message itself may have arrived.
  const isDoubtful = error.kind === 'lost' && !error.message.includes('conversations.open');
  if (isDoubtful) return { is: 'not known', why: error.message };
  const passes = error.kind === 'throttled' || error.kind === 'lost';
  return { is: 'not sent', why: error.message, againMs: passes ? error.retryAfterMs : null };
}
