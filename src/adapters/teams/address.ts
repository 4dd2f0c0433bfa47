import { z } from 'zod';
import type { CardRef } from '../../ports/rooms.ts';
import type { Connector } from './connector.ts';

/** The way to a message in a channel [learn: deep links to navigate to channel conversation]. */

const HOST = 'https://teams.microsoft.com';
/** Where governments and China have Teams, its pages are at hosts of their own. */
const OTHER_CLOUD = /\.(?:us|cn)$/;
const CHANNEL = /^19:[\w.-]{1,120}@thread\.(?:tacv2|skype)$/;
const MESSAGE = /^\d{1,20}$/;

/** [learn: get team details] The group behind a team, which its own id does not say. */
const Team = z.object({ aadGroupId: z.guid() });

interface TeamsAddressPlace {
  readonly tenantId: string;
  readonly teamId: string;
  readonly connector: Connector;
}

/** Answers null wherever the address would be guessed. Throws RoomError when Teams says nothing. */
export function addressesIn({
  tenantId,
  teamId,
  connector,
}: TeamsAddressPlace): (ref: CardRef) => Promise<string | null> {
  // It never changes: asked until it is known.
  let group: string | null = null;
  return async ({ channel: conversation, message, via }) => {
    const [channel = '', root = ''] = conversation.split(';messageid=');
    const parent = root === '' ? message : root;
    if (!CHANNEL.test(channel) || !MESSAGE.test(parent) || OTHER_CLOUD.test(new URL(via).hostname)) return null;
    if (group === null) {
      const { status, body } = await connector.ask(via, `v3/teams/${encodeURIComponent(teamId)}`);
      group = status === 200 ? (Team.safeParse(body).data?.aadGroupId.toLowerCase() ?? null) : null;
    }
    if (group === null) return null;
    const asked = new URLSearchParams({ tenantId, groupId: group, parentMessageId: parent, createdTime: parent });
    return `${HOST}/l/message/${encodeURIComponent(channel)}/${parent}?${asked}`;
  };
}
