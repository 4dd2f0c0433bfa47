import { z } from 'zod';
import { callLines } from '../../core/tell/call-words.ts';
import type { CardView, GatheredView } from '../../core/tell/card.ts';
import { isMeasures, type MeasuresView } from '../../core/tell/measures-view.ts';
import type { AnyCard, NudgedPerson, Rooms } from '../../ports/rooms.ts';
import { cardsOf } from '../chat/room.ts';
import { addressesIn } from './address.ts';
import { CARD_TYPE, gatheredCard, incidentCard, measuresCard, plainId, replyCard } from './card.ts';
import type { Connector } from './connector.ts';
import { TEAMS } from './platform.ts';

export interface TeamsPlace {
  readonly appId: string;
  readonly tenantId: string;
  readonly channelId: string;
  readonly teamId: string;
  /** Used until the channel itself has told us its service URL. */
  readonly serviceUrl: string;
  readonly newPerMinute?: number;
  /** What the channel told us last, or null. */
  reference(): Promise<string | null>;
}

const Created = z.object({ id: z.string().min(1), activityId: z.string().min(1) });

/** Teams allows a bot 7 sends per second and 60 per 30 s in one thread [learn: rate-limit]; half of the latter. */
const PACE_MS = 1_000;
/** Each card is a thread of its own; what a bot may say in all of them together is not published. */
const ROOM_PACE_MS = 500;

/** Mentions by Entra object id are good in texts and cards of bots [learn: cards-format]. */
const ENTRA_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOST_CALLED = 20;

function notice(view: CardView): string {
  if (view.stopped) return 'Clawback is stopped';
  return view.asks === 'nothing' ? 'news' : `${view.asks} needed`;
}

function message(view: AnyCard): object {
  if (isMeasures(view)) return measuresMessage(view);
  return {
    type: 'message',
    summary: `Clawback ${plainId(view.incident)}: ${notice(view)}`,
    attachments: [{ contentType: CARD_TYPE, content: incidentCard(view) }],
  };
}

function measuresMessage(view: MeasuresView): object {
  const asks = view.actions.length > 0 && view.deadline !== '' ? 'approval needed' : 'news';
  return {
    type: 'message',
    summary: `Clawback ${plainId(view.incident)}: ${asks}`,
    attachments: [{ contentType: CARD_TYPE, content: measuresCard(view) }],
  };
}

function gathering(view: GatheredView): object {
  return {
    type: 'message',
    summary: `Clawback: ${view.lines.length} more alerts in a short time`,
    attachments: [{ contentType: CARD_TYPE, content: gatheredCard(view) }],
  };
}

/**
 * The text of a message is markup, so it holds nothing but names, and of those only what cannot be any. Two people of one
 * name are told apart by a number: a mention is found by its text.
 */
function calls(people: readonly NudgedPerson[]): { readonly text: string; readonly entities: readonly object[] } {
  const taken = new Map<string, number>();
  const called = people.slice(0, MOST_CALLED).map(({ account, name }) => {
    const plain =
      name
        .replace(/[^\p{L}\p{M}\p{N} .-]/gu, '')
        .trim()
        .slice(0, 80)
        .toWellFormed() || 'Approver';
    const times = (taken.get(plain) ?? 0) + 1;
    taken.set(plain, times);
    return { account, name: times === 1 ? plain : `${plain} ${times}` };
  });
  // Teams refuses the whole message for a mention of nobody.
  const mentions = called.filter(({ account }) => ENTRA_ID.test(account));
  return {
    text: called.map(({ account, name }) => (ENTRA_ID.test(account) ? `<at>${name}</at>` : name)).join(', '),
    entities: mentions.map(({ account, name }) => {
      return { type: 'mention', text: `<at>${name}</at>`, mentioned: { id: account, name } };
    }),
  };
}

/** Cards as threads of one Teams channel. Teams has no search for bots, so a lost post stays unknowable. */
export function createTeamsRooms(place: TeamsPlace, connector: Connector): Rooms {
  const sent = cardsOf(TEAMS, {
    paceMs: PACE_MS,
    roomPaceMs: ROOM_PACE_MS,
    newPerMinute: place.newPerMinute,
    card: message,
    gathering,
    holds: (ref) => ref.channel.split(';')[0] === place.channelId,
    async post(activity: object) {
      const via = (await place.reference()) ?? place.serviceUrl;
      const answer = await connector.send(via, 'POST', 'v3/conversations', {
        isGroup: true,
        tenantId: place.tenantId,
        bot: { id: `28:${place.appId}` },
        channelData: { channel: { id: place.channelId }, tenant: { id: place.tenantId } },
        activity,
      });
      const created = Created.safeParse(answer).data;
      return created ? { channel: created.id, message: created.activityId, via } : null;
    },
    async replace(ref, activity: object) {
      const path = `v3/conversations/${encodeURIComponent(ref.channel)}/activities/${encodeURIComponent(ref.message)}`;
      await connector.send(ref.via, 'PUT', path, { ...activity, id: ref.message });
    },
  });
  return {
    ...sent,
    find: () => Promise.resolve('unknowable'),
    addressOf: addressesIn({ ...place, connector }),
    async nudge(ref, call, people) {
      await connector.send(ref.via, 'POST', `v3/conversations/${encodeURIComponent(ref.channel)}/activities`, {
        type: 'message',
        summary: 'Clawback: somebody is needed',
        ...(people.length > 0 ? calls(people) : {}),
        attachments: [{ contentType: CARD_TYPE, content: replyCard(callLines(call)) }],
      });
    },
  };
}
