import type { SlackInbound } from './adapters/slack/inbound.ts';
import { SLACK } from './adapters/slack/platform.ts';
import type { Database } from './adapters/store/database.ts';
import { openCache, type SealedCache } from './adapters/store/keyv.ts';
import type { TeamsInbound } from './adapters/teams/inbound.ts';
import { TEAMS } from './adapters/teams/platform.ts';
import type { Tenant } from './config/schema.ts';
import type { TenantSecrets } from './config/secrets.ts';
import { isListId } from './core/find/measure-list.ts';
import type { ChatNames } from './core/tell/chats.ts';
import { presentMeasures } from './core/tell/measures-view.ts';
import { present } from './core/tell/present.ts';
import type { Flow } from './flow/flow.ts';
import { type FactSources, factsOf } from './flow/tell/facts.ts';
import { measureFactsOf } from './flow/tell/measures.ts';
import type { Log } from './log.ts';
import type { Desk } from './ports/desk.ts';
import type { PrivateFiles } from './ports/files.ts';
import type { ChatPeople } from './ports/people.ts';
import type { PrivateWords } from './ports/private-words.ts';
import type { Rooms } from './ports/rooms.ts';
import { tokensFor } from './tokens.ts';

/** The chats there are, each set up for one tenant. The library of one that nobody uses is not loaded: each takes 30 MB. */

export const CHAT_NAMES: ChatNames = new Map([SLACK, TEAMS].map(({ platform, name }) => [platform, name]));

export interface ChatWiring {
  readonly tenant: Tenant;
  readonly database: Database;
  readonly cardsPerMinute: number;
}

/** The halves of a chat: what goes out is there before the flow, and what comes in after it. */
interface Chat<In> {
  readonly rooms: Rooms;
  readonly people: ChatPeople;
  /** Null where the chat takes no files from us. */
  readonly files: PrivateFiles | null;
  /** Null where nobody can be written to alone. */
  readonly words: PrivateWords | null;
  listen(desk: Desk, flow: FactSources & Pick<Flow, 'store' | 'measures'>): In;
}

export async function slackOf(
  { database, tenant, cardsPerMinute }: ChatWiring,
  { slack: secrets }: TenantSecrets,
  log: Log,
): Promise<Chat<SlackInbound> | null> {
  const { slack: at } = tenant;
  if (!at || !secrets) return null;
  const [{ openSlackOutbound }, { createSlackInbound }] = await Promise.all([
    import('./adapters/slack/outbound.ts'),
    import('./adapters/slack/inbound.ts'),
  ]);
  const installations = openCache(database.db, tenant.id, 'slack-installation');
  const outbound = await openSlackOutbound({
    ...at,
    ...secrets,
    log,
    newPerMinute: cardsPerMinute,
    installation: {
      get: () => installations.get(at.teamId),
      set: (value) => installations.set(at.teamId, value).then(() => undefined),
    },
  });
  return { ...outbound, listen: (desk) => createSlackInbound(outbound, { ...at, ...secrets, desk }) };
}

export async function teamsOf(
  { database, tenant, cardsPerMinute }: ChatWiring,
  { bot: credential }: TenantSecrets,
  cache: SealedCache | null,
  log: Log,
): Promise<Chat<TeamsInbound> | null> {
  const { teams: at } = tenant;
  if (!at || !credential) return null;
  const [{ createTeamsOutbound }, { createTeamsInbound }] = await Promise.all([
    import('./adapters/teams/outbound.ts'),
    import('./adapters/teams/inbound.ts'),
  ]);
  const bot = tokensFor(
    { authority: at.authority, clientId: at.appId },
    tenant.id,
    credential,
    'https://api.botframework.com/.default',
    cache,
    log,
  );
  const references = openCache(database.db, tenant.id, 'conversation');
  const members = openCache(database.db, tenant.id, 'teams-member');
  const outbound = createTeamsOutbound({
    appId: at.appId,
    tenantId: tenant.id,
    hosts: at.hosts,
    serviceUrl: at.serviceUrl,
    channelId: at.channelId,
    teamId: at.teamId,
    token: bot.token,
    reference: async () => (await references.get<string>(at.channelId)) ?? null,
    members: {
      get: async (entraId) => (await members.get<string>(entraId)) ?? null,
      set: (entraId, id) => members.set(entraId, id).then(() => undefined),
    },
    newPerMinute: cardsPerMinute,
    log,
  });
  return {
    ...outbound,
    files: null,
    listen: (desk, flow) =>
      createTeamsInbound(outbound, {
        desk,
        issuer: at.issuer,
        openIdMetadataUrl: at.openIdMetadata,
        reports: at.reports,
        learned: async ({ event, serviceUrl }) => {
          if (event === 'present') await references.set(at.channelId, serviceUrl);
          else await references.delete(at.channelId);
        },
        current: async (incident) => {
          if (isListId(incident)) {
            const list = await flow.store.transact((tx) => measureFactsOf(flow, tx, incident));
            return list && presentMeasures(list);
          }
          const facts = await flow.store.transact((tx) => factsOf(flow, tx, incident));
          return facts && present(facts);
        },
      }),
  };
}
