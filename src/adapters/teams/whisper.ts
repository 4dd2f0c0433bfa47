import { z } from 'zod';
import { RoomError } from '../../core/error.ts';
import { patiently } from '../chat/patience.ts';
import { type Inbound, userOf } from './activity.ts';
import { CARD_TYPE, replyCard } from './card.ts';
import type { Connector } from './connector.ts';
import type { InvokeAnswer } from './press.ts';

/** Telling one person something after the answer to the press has left. */

export interface Whisperer {
  readonly connector: Connector;
  readonly appId: string;
  readonly tenantId: string;
  /** Waits that many milliseconds. */
  sleep(ms: number): Promise<void>;
}

const Opened = z.object({ id: z.string().min(1) });
const AGAIN = 'What Clawback has to show you needs another press: press the button on the card again.';
const CALLED = 'Your press could not be answered in time. Press the button on the card again to see what came of it.';

/**
 * In the chat with that person, where the app is installed for them; else in the thread, for their eyes only [public
 * preview]; where neither is to be had, in the thread, where everybody sees that there is an answer and nobody what it says.
 */
export async function whisper(activity: Inbound, answer: InvokeAnswer, whisperer: Whisperer): Promise<void> {
  const lines = linesOf(answer);
  const ways = [inOwnChat, forTheirEyes, inTheThread];
  for (const [index, way] of ways.entries()) {
    try {
      return await patiently(
        () => way(activity, lines, whisperer),
        waitOf,
        (ms) => whisperer.sleep(ms),
      );
    } catch (error) {
      if (!(error instanceof RoomError) || index === ways.length - 1) throw error;
    }
  }
}

/** A card in another message would not be the card any more that a press on it is about. */
function linesOf({ type, value }: InvokeAnswer): readonly string[] {
  if (typeof value === 'string') return value.split('\n');
  const problem = z.object({ message: z.string() }).safeParse(value).data?.message;
  return [type.endsWith('.error') && problem ? problem : AGAIN];
}

/** What was not taken up is tried again; what may have arrived is not. */
function waitOf(error: unknown): number | null {
  return error instanceof RoomError && error.kind === 'throttled' ? error.retryAfterMs : null;
}

type Way = (activity: Inbound, lines: readonly string[], whisperer: Whisperer) => Promise<void>;

const inOwnChat: Way = async ({ from, serviceUrl }, lines, { connector, appId, tenantId }) => {
  const answer = await connector.send(serviceUrl, 'POST', 'v3/conversations', {
    isGroup: false,
    bot: { id: `28:${appId}` },
    members: [{ id: from.id }],
    tenantId,
    channelData: { tenant: { id: tenantId } },
  });
  const opened = Opened.safeParse(answer).data;
  if (!opened) throw new RoomError('refused', 'Teams did not say where the chat with one person is');
  await connector.send(serviceUrl, 'POST', activitiesOf(opened.id), message(lines));
};

const forTheirEyes: Way = async ({ from, serviceUrl, conversation }, lines, { connector }) => {
  const path = `${activitiesOf(conversation.id)}?isTargetedActivity=true`;
  await connector.send(serviceUrl, 'POST', path, { ...message(lines), recipient: { id: from.id } });
};

const inTheThread: Way = async (activity, _lines, { connector }) => {
  const name =
    userOf(activity)
      .name.replace(/[^\p{L}\p{M}\p{N} .-]/gu, '')
      .trim()
      .slice(0, 80) || 'You';
  const text = `<at>${name}</at>`;
  await connector.send(activity.serviceUrl, 'POST', activitiesOf(activity.conversation.id), {
    ...message([CALLED]),
    text,
    entities: [{ type: 'mention', text, mentioned: { id: activity.from.id, name } }],
  });
};

function activitiesOf(conversation: string): string {
  return `v3/conversations/${encodeURIComponent(conversation)}/activities`;
}

function message(lines: readonly string[]): object {
  return {
    type: 'message',
    summary: 'Clawback has answered',
    attachments: [{ contentType: CARD_TYPE, content: replyCard(lines) }],
  };
}
