import { ConfigurationBotFrameworkAuthentication, type TurnContext } from 'botbuilder';
import { ClawbackError } from '../../core/error.ts';
import type { Desk } from '../../ports/desk.ts';
import type { AnyCard } from '../../ports/rooms.ts';
import { ClawbackBot, type TeamsReference } from './bot.ts';
import { OwnCredentials } from './credentials.ts';
import { type Endpoint, InboundAdapter, isBelieved, teamsEndpoint } from './endpoint.ts';
import { claimed } from './guard.ts';
import { createConnectorKeys } from './keys.ts';
import type { TeamsOutbound } from './outbound.ts';
import { TEAMS } from './platform.ts';
import { FILE_HOSTS } from './report.ts';

export interface TeamsInboundOptions {
  readonly desk: Desk;
  /** Issuer of inbound tokens, `https://api.botframework.com` in the public cloud. */
  readonly issuer: string;
  readonly openIdMetadataUrl: string;
  readonly answerWithinMs?: number;
  /** Whether people report mail files in the chat with the bot alone. */
  readonly reports?: boolean;
  /** Where their files lie; SharePoint when left out. */
  readonly fileHosts?: readonly string[];
  /** Called for every event that says where the bot lives in our team. */
  learned(reference: TeamsReference): Promise<void>;
  /** The card of an incident as it is now. */
  current(incident: string): Promise<AnyCard | null>;
}

/** What comes in from Teams. */
export interface TeamsInbound {
  readonly handle: Endpoint;
  /** Whether Teams itself sent this just now. Uses nothing up. */
  believes(header: string | undefined, raw: Buffer): Promise<boolean>;
  /** What a token claims, unproven: only for choosing among several bots. */
  claims(header: string | undefined): { aud: string; tenant: string | null } | null;
}

/** Entra issues our own tokens: whoever got hold of one could speak as Teams. */
const ENTRA = /(?:^|[/.])(?:sts\.windows\.net|login\.windows\.net|login\.(?:partner\.)?microsoftonline\.[a-z]+)/i;

/** Throws ClawbackError `config`: other issuers let anybody in. */
function requireIssuer(issuer: string): void {
  if (!issuer.trim()) throw new ClawbackError('config', 'Teams needs issuer', { field: 'issuer' });
  if (ENTRA.test(issuer)) {
    throw new ClawbackError('config', 'the issuer of Teams is never Entra, which issues our own tokens', {
      field: 'issuer',
    });
  }
}

/** Throws ClawbackError `config` for an issuer that is not safe. */
export function createTeamsInbound({ shared }: TeamsOutbound, options: TeamsInboundOptions): TeamsInbound {
  requireIssuer(options.issuer);
  const { appId, tenantId, hosts, channelId, teamId, log, connector, members, now, sleep } = shared;
  const { desk, issuer } = options;
  const bot = new ClawbackBot({
    desk,
    channelId,
    connector,
    members,
    reports: options.reports ? { hosts: options.fileHosts ?? FILE_HOSTS, fetch } : null,
    appId,
    tenantId,
    sleep,
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
      new OwnCredentials(appId, shared.token),
    ),
    appId,
  );
  const keys = createConnectorKeys({
    metadataUrl: options.openIdMetadataUrl,
    fetch,
    now,
    timeoutMs: shared.askTimeoutMs,
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
    isFresh: (key: string) => desk.isFresh(TEAMS.platform, key),
  };
  return {
    handle: teamsEndpoint(adapter, door, turn),
    believes: (header, raw) => isBelieved(header, raw, door, turn),
    claims: claimed,
  };
}
