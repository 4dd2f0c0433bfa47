import { z } from 'zod';
import { RoomError } from '../../core/error.ts';
import type { PrivateWords, SentWords } from '../../ports/private-words.ts';
import { CARD_TYPE, replyCard } from './card.ts';
import type { Connector } from './connector.ts';
import { TEAMS } from './platform.ts';

interface Place {
  readonly connector: Connector;
  readonly appId: string;
  readonly tenantId: string;
  /** Used until the channel itself has told us its service URL. */
  readonly serviceUrl: string;
  /** What the channel told us last, or null. */
  reference(): Promise<string | null>;
}

const Opened = z.object({ id: z.string().min(1) });

/**
 * Words in the chat between somebody and the app, which has to be installed for them or for a team that they are in; people
 * are found by their Entra object id [learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages].
 */
export function createTeamsWords({ connector, appId, tenantId, serviceUrl, reference }: Place): PrivateWords {
  return {
    platform: TEAMS.platform,
    async send(account, lines, title = 'Clawback: a mail that you reported') {
      let path: string;
      const via = (await reference()) ?? serviceUrl;
      try {
        const answer = await connector.send(via, 'POST', 'v3/conversations', {
          isGroup: false,
          bot: { id: `28:${appId}` },
          members: [{ id: account }],
          tenantId,
          channelData: { tenant: { id: tenantId } },
        });
        const opened = Opened.safeParse(answer).data;
        if (!opened) throw new RoomError('refused', 'Teams did not say where the chat with one person is');
        path = `v3/conversations/${encodeURIComponent(opened.id)}/activities`;
      } catch (error) {
        // Nobody sees that a chat was opened.
        return notSent(error, 'unseen');
      }
      try {
        await connector.send(via, 'POST', path, {
          type: 'message',
          summary: title,
          attachments: [{ contentType: CARD_TYPE, content: replyCard(lines) }],
        });
        return { is: 'sent' };
      } catch (error) {
        return notSent(error, 'seen');
      }
    },
  };
}

function notSent(error: unknown, step: 'seen' | 'unseen'): SentWords {
  if (!(error instanceof RoomError)) throw error;
  if (error.kind === 'lost' && step === 'seen') return { is: 'not known', why: error.message };
  const passes = error.kind === 'throttled' || error.kind === 'lost';
  return { is: 'not sent', why: error.message, againMs: passes ? error.retryAfterMs : null };
}
