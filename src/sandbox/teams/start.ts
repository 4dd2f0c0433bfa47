import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { createFaults, type Faults, underFault } from '../slack/faults.ts';
import { type Answer, type Incoming, listen, type Outcome } from '../slack/loopback.ts';
import { type AloneDriver, createAlone } from './alone.ts';
import { createConnector, type Habits, jsonBody, type Route } from './connector.ts';
import { createDrive, type Drive } from './files.ts';
import { CHANNEL_ISSUER, createIssuer, type Issuer } from './issuer.ts';
import { createWindows } from './limits.ts';
import { refusal } from './message-rules.ts';
import { createTeamsPeople, type People } from './people.ts';
import { createThreads, type Thread } from './threads.ts';
import type {
  ChannelType,
  SeatedMember,
  ShownThread,
  TeamsCall,
  TeamsChange,
  TeamsChannel,
  TeamsPerson,
} from './types.ts';
import { createWhispers, type KeptWhispers } from './whispers.ts';

export interface TeamsOptions {
  readonly tenantId: string;
  readonly appId: string;
  readonly teamId: string;
  /** 19:…@thread.tacv2 */
  readonly channelId: string;
  readonly users: readonly TeamsPerson[];
  readonly botName?: string;
  readonly teamName?: string;
  /** Decides whether an outbound token of the bot is good. Default: a JWT for the Bot Framework audience. */
  readonly verifyBotToken?: (bearer: string) => Promise<boolean>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** For the tokens to the bot. The machine's time by default: botbuilder verifies with no other. */
  readonly tokenClock?: () => number;
  /** 0 <= x < 1 */
  readonly random: () => number;
  readonly port?: number;
  /** Whether the app's manifest lets people report mail: bots[].supportsFiles and composeExtensions. */
  readonly reports?: boolean;
  /** What activities name as their service URL, when it is not this server itself. */
  readonly serviceUrl?: string;
  /** What a stand-in before this one kept. Bots remember the service URL of a thread: `port` has to be the same. */
  readonly kept?: KeptThreads;
}

export interface KeptThreads {
  readonly threads: readonly Thread[];
  readonly whispers: KeptWhispers;
}

export interface TeamsStandIn extends People, AloneDriver {
  readonly url: string;
  readonly serviceUrl: string;
  /** ToBotFromChannelOpenIdMetadataUrl of botbuilder. */
  readonly openIdMetadataUrl: string;
  readonly issuer: string;
  readonly botId: string;
  readonly channelId: string;
  /** A second channel of the team, for cards that were copied. */
  readonly otherChannelId: string;
  readonly members: Readonly<Record<string, SeatedMember>>;
  readonly calls: readonly TeamsCall[];
  /** Files that people have sent to the bot. */
  readonly drive: Pick<Drive, 'asked' | 'remove'>;
  /** Operations: create, send, update, delete, members, channels, team, metadata. */
  readonly faults: Faults;
  messages(): ShownThread[];
  /** The messages. What a client shows for a moment, or in place of a card, is not among it. */
  keep(): KeptThreads;
  /** false: the bot was taken out of the team. */
  setInstalled(installed: boolean): void;
  /** What this tenant's services are like. All of it is as the documents say until it is changed here. */
  readonly habits: Habits;
  /** What the channel list says of the channel with the cards, or of the one named. */
  setChannelType(type: ChannelType, channelId?: string): void;
  onChange(listener: (change: TeamsChange) => void): () => void;
  close(): Promise<void>;
}

async function isBotToken(bearer: string): Promise<boolean> {
  try {
    return decodeJwt(bearer).aud === CHANNEL_ISSUER;
  } catch {
    return false;
  }
}

function seatedMembers(users: readonly TeamsPerson[], appId: string): SeatedMember[] {
  // The 29: id of a person differs from bot to bot.
  const local = (user: TeamsPerson) => Buffer.from(`${appId}/${user.aadObjectId}`).toString('base64url');
  return users.map((user) => ({ ...user, id: `29:1${local(user)}` }));
}

function named(members: readonly SeatedMember[], key: string): SeatedMember {
  const found = members.find((one) => one.key === key);
  if (found === undefined) {
    throw new Error(`nobody called ${key} is in this team`);
  }
  return found;
}

/** Of the group behind the team. */
export const GROUP_ID = '00000000-0000-4000-8000-0000000000e1';

/** Binds 127.0.0.1: the Bot Connector of one team, the issuer of its tokens, and the people at their clients. */
export async function startTeams(options: TeamsOptions): Promise<TeamsStandIn> {
  const { clock, random } = options;
  const teamName = options.teamName ?? 'Security';
  const members = seatedMembers(options.users, options.appId);
  const otherChannelId = '19:elsewhere@thread.tacv2';
  let channels: readonly TeamsChannel[] = [
    { id: options.channelId, name: 'Mail alerts', type: 'standard' },
    { id: otherChannelId, name: 'Elsewhere', type: 'standard' },
  ];
  const listeners = new Set<(change: TeamsChange) => void>();
  const changed = (change: TeamsChange) => {
    for (const listener of listeners) {
      listener(change);
    }
  };
  const ids = channels.map((one) => one.id);
  const threads = createThreads(ids, clock, changed, options.kept?.threads);
  const whispers = createWhispers(members, threads.mintId, changed, options.kept?.whispers);
  const faults = createFaults();
  const calls: TeamsCall[] = [];
  // botbuilder caches keys by metadata address for as long as the process lives: each start has an address of its own.
  const serial = randomUUID();
  let installed = true;
  const habits: Habits = { updateLie: () => null, rosterByEntraId: true, targeted: true, personal: false };
  let issuer: Issuer | undefined;
  const connector = createConnector({
    threads,
    members,
    tenantId: options.tenantId,
    teamId: options.teamId,
    teamName,
    groupId: GROUP_ID,
    channels: () => channels,
    installed: () => installed,
    wait: createWindows(clock),
    habits,
    whisper: whispers.say,
    replaced: (activityId) => people.forget(activityId),
  });
  const verify = options.verifyBotToken ?? isBotToken;

  function metadata(path: string): Answer {
    const root = `${server.url}/${serial}/v1/.well-known`;
    if (path.endsWith('/openidconfiguration')) {
      const body = {
        issuer: CHANNEL_ISSUER,
        authorization_endpoint: 'https://invalid.botframework.com',
        jwks_uri: `${root}/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
      };
      return { status: 200, body };
    }
    return path.endsWith('/keys') ? { status: 200, body: issuer?.jwks } : { status: 404 };
  }

  async function effect(route: Route, call: TeamsCall, request: Incoming): Promise<Answer> {
    const body = jsonBody(request);
    const answer =
      body === undefined ? refusal(400, 'BadSyntax', 'The body is not JSON.') : route.run(body, request.query);
    call.effect = answer.status;
    return answer;
  }

  async function api(route: Route, request: Incoming): Promise<Outcome> {
    const { method, path } = request;
    const call: TeamsCall = {
      operation: route.operation,
      method,
      path,
      body: jsonBody(request) ?? {},
      at: clock(),
      status: 0,
      effect: null,
    };
    calls.push(call);
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const allowed = bearer !== '' && (await verify(bearer));
    const outcome = allowed
      ? await underFault(faults.take(route.operation), () => effect(route, call, request))
      : { status: 401, body: { message: 'Authorization has been denied for this request.' } };
    call.status = typeof outcome === 'string' ? 0 : outcome.status;
    return outcome;
  }

  async function handle(request: Incoming): Promise<Outcome> {
    if (request.method === 'GET' && request.path.startsWith(`/${serial}/v1/.well-known/`)) {
      return underFault(faults.take('metadata'), async () => metadata(request.path));
    }
    if (faults.isDown()) {
      return 'drop';
    }
    if (request.method === 'GET' && request.path.startsWith('/_layouts/')) {
      return drive.receive(request);
    }
    const route = connector.route(request);
    return route === null ? { status: 404, body: { message: 'No HTTP resource was found.' } } : api(route, request);
  }

  const drive = createDrive(() => server.url, clock);
  const server = await listen(handle, options.port ?? 0);
  const serviceUrl = options.serviceUrl ?? `${server.url}/`;
  issuer = await createIssuer(options.appId, serviceUrl, options.tokenClock ?? Date.now, serial);
  const people = createTeamsPeople({
    threads,
    issuer,
    whispers,
    tenantId: options.tenantId,
    appId: options.appId,
    botName: options.botName ?? 'Clawback',
    teamId: options.teamId,
    teamName,
    channelId: options.channelId,
    serviceUrl,
    clock,
    random,
    changed,
    member: (key) => named(members, key),
    memberCount: members.length,
  });
  const { forget: _forget, ...doors } = people;
  const alone = createAlone({
    appId: options.appId,
    botName: options.botName ?? 'Clawback',
    tenantId: options.tenantId,
    serviceUrl,
    clock,
    mintId: threads.mintId,
    whispers,
    isInstalled: () => habits.personal,
    takesReports: () => options.reports ?? false,
    drive,
    channel: { id: options.channelId, teamId: options.teamId },
    member: (key) => named(members, key),
    send: async (activity) => ({ ...(await people.raw(activity)), activity }),
  });
  return {
    ...doors,
    ...alone,
    url: server.url,
    serviceUrl,
    openIdMetadataUrl: `${server.url}/${serial}/v1/.well-known/openidconfiguration`,
    issuer: CHANNEL_ISSUER,
    botId: `28:${options.appId}`,
    channelId: options.channelId,
    otherChannelId,
    members: Object.fromEntries(members.map((one) => [one.key, one])),
    calls,
    drive,
    faults,
    habits,
    messages: threads.shown,
    keep: () => ({ threads: threads.all, whispers: whispers.all() }),
    setInstalled(value) {
      installed = value;
    },
    setChannelType(type, channelId = options.channelId) {
      channels = channels.map((one) => (one.id === channelId ? { ...one, type } : one));
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: server.close,
  };
}
