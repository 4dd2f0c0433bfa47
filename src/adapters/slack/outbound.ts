import type { webApi } from '@slack/bolt';
import type { PrivateFiles } from '../../ports/files.ts';
import type { ChatPeople } from '../../ports/people.ts';
import type { PrivateWords } from '../../ports/private-words.ts';
import type { Rooms } from '../../ports/rooms.ts';
import type { AdapterLog } from '../chat/log.ts';
import { type SlackCards, slackCards } from './card.ts';
import { type ClientOptions, type ClientSettings, clientOptionsOf, createClient } from './client.ts';
import { createSlackFiles } from './files.ts';
import { type Installation, learnIdentity } from './identity.ts';
import { createSlackPeople } from './people.ts';
import { createSlackRooms } from './rooms.ts';
import { createSlackWords } from './words.ts';

export interface SlackOutboundOptions extends ClientSettings {
  readonly botToken: string;
  /** The workspace that is home, or the company where the app is installed for all of it and every workspace is. */
  readonly teamId: string;
  readonly enterpriseId?: string;
  readonly orgWide?: boolean;
  readonly botId: string;
  readonly botUserId: string;
  /** Channel id of the room where cards go. */
  readonly channel: string;
  /** Whether the app may send files to people (files:write, im:write, and messages switched on). */
  readonly files?: boolean;
  /** New incidents a minute that get a card at once. */
  readonly newPerMinute?: number;
  /** Milliseconds since 1970; the system clock when left out. */
  readonly now?: () => number;
  /** Waits that many milliseconds; a timer when left out. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** What goes out to Slack. Nobody has to listen for it. */
export interface SlackOutbound {
  readonly rooms: Rooms;
  readonly people: ChatPeople;
  /** Null where the app may send none. */
  readonly files: PrivateFiles | null;
  /** Null where the app may not write to people. */
  readonly words: PrivateWords | null;
  /** What the half that listens answers with, and goes by. */
  readonly shared: {
    readonly client: webApi.WebClient;
    readonly clientOptions: ClientOptions;
    readonly cards: SlackCards;
    readonly bot: { readonly botToken: string; readonly botId: string; readonly botUserId: string };
    readonly home: { readonly teamId: string; readonly enterpriseId: string; readonly orgWide: boolean };
    readonly log: AdapterLog;
    readonly now: () => number;
    readonly sleep: (ms: number) => Promise<void>;
  };
}

/** Somebody has pressed and waits: longer than this nobody is asked who that is, milliseconds. */
const PATIENCE_MS = 3_000;

/** One workspace, one channel. Makes no call by itself. */
export function createSlackOutbound(options: SlackOutboundOptions): SlackOutbound {
  const { botToken, botId, botUserId, teamId, log, orgWide = false, enterpriseId = '' } = options;
  const sleep = options.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const now = options.now ?? Date.now;
  const clientOptions = clientOptionsOf(options);
  const client = createClient(botToken, clientOptions);
  const cards = slackCards();
  const patient = { ...clientOptions, timeout: Math.min(clientOptions.timeout, PATIENCE_MS) };
  return {
    rooms: createSlackRooms(options, client, cards),
    people: createSlackPeople({ client: createClient(botToken, patient), teamId, orgWide, now, sleep }),
    files: options.files ? createSlackFiles({ client, apiUrl: options.apiUrl }) : null,
    words: options.files ? createSlackWords(client) : null,
    shared: {
      client,
      clientOptions,
      cards,
      bot: { botToken, botId, botUserId },
      home: { teamId, enterpriseId, orgWide },
      log,
      now,
      sleep,
    },
  };
}

/** Like `createSlackOutbound`, with the bot's ids as Slack knows them. Throws as `learnIdentity` does. */
export async function openSlackOutbound(
  options: Omit<SlackOutboundOptions, 'botId' | 'botUserId'> & { readonly installation: Installation },
): Promise<SlackOutbound> {
  const client = createClient(options.botToken, clientOptionsOf(options));
  const { teamId: _proven, ...own } = await learnIdentity(client, options.installation, options.teamId);
  return createSlackOutbound({ ...options, ...own });
}
