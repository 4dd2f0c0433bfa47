import { ClawbackError } from '../../core/error.ts';
import type { ChatPeople } from '../../ports/people.ts';
import type { PrivateWords } from '../../ports/private-words.ts';
import type { Rooms } from '../../ports/rooms.ts';
import type { AdapterLog } from '../chat/log.ts';
import { type Connector, createConnector } from './connector.ts';
import { createTeamsPeople, type MemberIds, memberIdsInMemory } from './people.ts';
import { createTeamsRooms } from './rooms.ts';
import { createTeamsWords } from './words.ts';

export interface TeamsOutboundOptions {
  /** Client id of the bot's own app registration. */
  readonly appId: string;
  /** The one Entra tenant whose people may use this bot. */
  readonly tenantId: string;
  /** Hosts that service URLs may name, e.g. `smba.trafficmanager.net`. */
  readonly hosts: readonly string[];
  /** Where to post before the channel has told us its own service URL. */
  readonly serviceUrl: string;
  readonly channelId: string;
  readonly teamId: string;
  /** New incidents a minute that get a card at once. */
  readonly newPerMinute?: number;
  /** What Teams calls people itself, by Entra object id: kept, so that whoever pressed once can be asked about again. */
  readonly members?: MemberIds;
  readonly log: AdapterLog;
  /** One attempt of one outbound call, milliseconds. */
  readonly timeoutMs?: number;
  /** One attempt of a question that a person waits for, milliseconds. */
  readonly askTimeoutMs?: number;
  /** Waits that many milliseconds; a timer when left out. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Milliseconds since 1970; the system clock when left out. */
  readonly now?: () => number;
  /** Bearer token with the scope `https://api.botframework.com/.default`. */
  token(): Promise<string>;
  /** The stored service URL of our team, null before anything was learned. */
  reference(): Promise<string | null>;
}

/** What goes out to Teams. Nobody has to listen for it. */
export interface TeamsOutbound {
  readonly rooms: Rooms;
  readonly words: PrivateWords;
  readonly people: ChatPeople;
  /** What the half that listens answers with, and goes by. */
  readonly shared: Pick<TeamsOutboundOptions, 'appId' | 'tenantId' | 'hosts' | 'channelId' | 'teamId' | 'log'> & {
    readonly connector: Connector;
    readonly members: MemberIds;
    readonly token: () => Promise<string>;
    readonly askTimeoutMs: number;
    readonly now: () => number;
    readonly sleep: (ms: number) => Promise<void>;
  };
}

/** A name with a dot in it: `com` would take half of the world for Teams. */
const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;

/** Throws ClawbackError `config`: without an app id botbuilder checks nobody. */
function requireSafe({ appId, tenantId, hosts }: TeamsOutboundOptions): void {
  for (const [field, value] of Object.entries({ appId, tenantId })) {
    if (!value.trim()) throw new ClawbackError('config', `Teams needs ${field}`, { field });
  }
  const wide = hosts.find((host) => !HOST.test(host));
  if (wide !== undefined) {
    throw new ClawbackError('config', `'${wide}' is not the whole name of a host of Teams`, { field: 'hosts' });
  }
}

/** One bot in one channel of one tenant. Throws ClawbackError `config` for settings that are not safe. */
export function createTeamsOutbound(options: TeamsOutboundOptions): TeamsOutbound {
  requireSafe(options);
  const { appId, tenantId, hosts, channelId, teamId, log } = options;
  const now = options.now ?? Date.now;
  const askTimeoutMs = options.askTimeoutMs ?? 3_000;
  const token = () => options.token();
  const connector = createConnector({ hosts, timeoutMs: options.timeoutMs ?? 10_000, askTimeoutMs, token });
  const members = options.members ?? memberIdsInMemory();
  const place = { ...options, reference: () => options.reference() };
  const sleep = options.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  return {
    rooms: createTeamsRooms(place, connector),
    people: createTeamsPeople({ ...place, connector, now, members }),
    words: createTeamsWords({ ...place, connector }),
    shared: { appId, tenantId, hosts, channelId, teamId, log, connector, members, token, askTimeoutMs, now, sleep },
  };
}
