import { ConfigurationBotFrameworkAuthentication, type TurnContext } from 'botbuilder';
import type { CardView } from '../../core/card.ts';
import { ClawbackError } from '../../core/error.ts';
import type { Desk } from '../../ports/desk.ts';
import type { ChatPeople } from '../../ports/people.ts';
import type { Rooms } from '../../ports/rooms.ts';
import { type AdapterLog, ClawbackBot, type TeamsReference } from './bot.ts';
import { createConnector } from './connector.ts';
import { OwnCredentials } from './credentials.ts';
import { type Endpoint, InboundAdapter, isBelieved, teamsEndpoint } from './endpoint.ts';
import { claimed } from './guard.ts';
import { createConnectorKeys } from './keys.ts';
import { createTeamsPeople, type MemberIds, memberIdsInMemory } from './people.ts';
import { createTeamsRooms } from './rooms.ts';

export interface TeamsOptions {
  /** Client id of the bot's own app registration. */
  readonly appId: string;
  /** The one Entra tenant whose people may use this bot. */
  readonly tenantId: string;
  /** Hosts that service URLs may name, e.g. `smba.trafficmanager.net`. */
  readonly hosts: readonly string[];
  /** Issuer of inbound tokens, `https://api.botframework.com` in the public cloud. */
  readonly issuer: string;
  readonly openIdMetadataUrl: string;
  /** Where to post before the channel has told us its own service URL. */
  readonly serviceUrl: string;
  readonly channelId: string;
  readonly teamId: string;
  /** New incidents a minute that get a card at once. */
  readonly newPerMinute?: number;
  /** What Teams calls people itself, by Entra object id: kept, so that whoever pressed once can be asked about again. */
  readonly members?: MemberIds;
  readonly desk: Desk;
  readonly log: AdapterLog;
  /** One attempt of one outbound call, milliseconds. */
  readonly timeoutMs?: number;
  /** One attempt of a question that a person waits for, milliseconds. */
  readonly askTimeoutMs?: number;
  readonly answerWithinMs?: number;
  /** Waits that many milliseconds; a timer when left out. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Milliseconds since 1970; the system clock when left out. */
  readonly now?: () => number;
  /** Bearer token with the scope `https://api.botframework.com/.default`. */
  token(): Promise<string>;
  /** Called for every event that says where the bot lives in our team. */
  learned(reference: TeamsReference): Promise<void>;
  /** The stored service URL of our team, null before anything was learned. */
  reference(): Promise<string | null>;
  /** The card of an incident as it is now. */
  current(incident: string): Promise<CardView | null>;
}

export interface TeamsAdapter {
  readonly rooms: Rooms;
  readonly people: ChatPeople;
  readonly handle: Endpoint;
  /** Whether Teams itself sent this just now. Uses nothing up. */
  believes(header: string | undefined, raw: Buffer): Promise<boolean>;
  /** What a token claims, unproven: only for choosing among several bots. */
  claims(header: string | undefined): { aud: string; tenant: string | null } | null;
}

/** A name with a dot in it: `com` would take half of the world for Teams. */
const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;
/** Entra issues our own tokens: whoever got hold of one could speak as Teams. */
const ENTRA = /(?:^|[/.])(?:sts\.windows\.net|login\.windows\.net|login\.(?:partner\.)?microsoftonline\.[a-z]+)/i;

/** Throws ClawbackError `config`: without an app id botbuilder checks nobody, and other settings let anybody in. */
function requireSafe({ appId, tenantId, issuer, hosts }: TeamsOptions): void {
  for (const [field, value] of Object.entries({ appId, tenantId, issuer })) {
    if (!value.trim()) throw new ClawbackError('config', `Teams needs ${field}`, { field });
  }
  if (ENTRA.test(issuer)) {
    throw new ClawbackError('config', 'the issuer of Teams is never Entra, which issues our own tokens', {
      field: 'issuer',
    });
  }
  const wide = hosts.find((host) => !HOST.test(host));
  if (wide !== undefined) {
    throw new ClawbackError('config', `'${wide}' is not the whole name of a host of Teams`, { field: 'hosts' });
  }
}

/** One bot in one channel of one tenant. Throws ClawbackError `config` for settings that are not safe. */
export function createTeams(options: TeamsOptions): TeamsAdapter {
  requireSafe(options);
  const { appId, tenantId, hosts, issuer, teamId, log } = options;
  const now = options.now ?? Date.now;
  const connector = createConnector({
    hosts,
    timeoutMs: options.timeoutMs ?? 10_000,
    askTimeoutMs: options.askTimeoutMs ?? 3_000,
    token: () => options.token(),
  });
  const members = options.members ?? memberIdsInMemory();
  const place = { ...options, reference: () => options.reference() };
  const bot = new ClawbackBot({
    desk: options.desk,
    channelId: options.channelId,
    connector,
    members,
    appId,
    tenantId,
    sleep: options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
    log,
    answerWithinMs: options.answerWithinMs ?? 8_000,
    current: (incident) => options.current(incident),
    learned: async (reference) => {
      if (reference.teamId === teamId) await options.learned(reference);
      else log.warn({ team: reference.teamId }, 'the bot was added to a team that is not configured');
    },
  });
  const adapter = new InboundAdapter(
    new ConfigurationBotFrameworkAuthentication(
      {
        MicrosoftAppId: appId,
        MicrosoftAppType: 'SingleTenant',
        MicrosoftAppTenantId: tenantId,
        ToBotFromChannelTokenIssuer: issuer,
      },
      new OwnCredentials(appId, () => options.token()),
    ),
    appId,
  );
  const keys = createConnectorKeys({
    metadataUrl: options.openIdMetadataUrl,
    fetch,
    now,
    timeoutMs: options.askTimeoutMs ?? 3_000,
    stale: (error) => log.warn({ err: error }, 'the keys of the Bot Connector could not be renewed'),
  });
  const turn = {
    run: (context: TurnContext) => bot.run(context),
    failed: (error: unknown) => log.error({ err: error }, 'a request from Teams broke here'),
  };
  const door = {
    policy: { appId, issuer, hosts, tenants: [tenantId] },
    keys,
    now,
    isFresh: (key: string) => options.desk.isFresh('teams', key),
  };
  return {
    rooms: createTeamsRooms(place, connector),
    people: createTeamsPeople({ ...place, connector, now, members }),
    handle: teamsEndpoint(adapter, door, turn),
    believes: (header, raw) => isBelieved(header, raw, door, turn),
    claims: claimed,
  };
}
