import { z } from 'zod';
import type { CardView } from '../../core/card.ts';
import { RoomError } from '../../core/error.ts';
import type { CardRef, Rooms } from '../../ports/rooms.ts';
import { CARD_TYPE, incidentCard, plainId } from './card.ts';
import type { Connector } from './connector.ts';

export interface TeamsPlace {
  readonly appId: string;
  readonly tenantId: string;
  readonly channelId: string;
  /** Used until the channel itself has told us its service URL. */
  readonly serviceUrl: string;
  /** What the channel told us last, or null. */
  reference(): Promise<string | null>;
}

const Created = z.object({ id: z.string().min(1), activityId: z.string().min(1) });

/** Teams allows a bot 7 sends per second and 60 per 30 s in one thread [learn: rate-limit]; half of the latter. */
const PACE_MS = 1_000;

function message(view: CardView): object {
  return {
    type: 'message',
    summary: `Clawback ${plainId(view.incident)}: ${view.canPurge ? 'approval needed' : 'news'}`,
    attachments: [{ contentType: CARD_TYPE, content: incidentCard(view) }],
  };
}

/** Cards as threads of one Teams channel. Teams has no search for bots, so a lost post stays unknowable. */
export function createTeamsRooms(place: TeamsPlace, connector: Connector): Rooms {
  return {
    platform: 'teams',
    paceMs: PACE_MS,
    async post(view): Promise<CardRef> {
      const via = (await place.reference()) ?? place.serviceUrl;
      const answer = await connector.send(via, 'POST', 'v3/conversations', {
        isGroup: true,
        tenantId: place.tenantId,
        bot: { id: `28:${place.appId}` },
        channelData: { channel: { id: place.channelId }, tenant: { id: place.tenantId } },
        activity: message(view),
      });
      const created = Created.safeParse(answer);
      if (!created.success) throw new RoomError('lost', 'Teams took the card but did not say where it is');
      return { platform: 'teams', channel: created.data.id, message: created.data.activityId, via };
    },
    find: () => Promise.resolve('unknowable'),
    async update(ref, view) {
      const path = `v3/conversations/${encodeURIComponent(ref.channel)}/activities/${encodeURIComponent(ref.message)}`;
      await connector.send(ref.via, 'PUT', path, { ...message(view), id: ref.message });
    },
  };
}
