import { type Carrier, createCarrier } from './carrier.ts';
import { createChannel, type KeptChannel } from './channel.ts';
import { startEmulator } from './emulator.ts';
import { createFaults, type Faults, underFault } from './faults.ts';
import { createLimiter, SLACK_LIMITS, type SlackLimits } from './limits.ts';
import { type Answer, bearer, type Incoming, type Json, listen, type Outcome, text } from './loopback.ts';
import { methodArgs, openConnection, refusedContent, runMethod, type Workspace } from './methods.ts';
import { createPeople, type People } from './people.ts';
import { createResponses, type Responses } from './responses.ts';
import { person, seated } from './seats.ts';
import { createShelf, type Shelf } from './shares.ts';
import { createStamps } from './stamps.ts';
import type { Grid, PersonChange, SeatedPerson, ShownMessage, SlackCall, SlackChange, SlackPerson } from './types.ts';
import { createUploads, type Uploads } from './uploads.ts';
import { createViews } from './views.ts';

export interface SlackOptions {
  readonly signingSecret: string;
  readonly botToken: string;
  /** For Socket Mode. */
  readonly appToken?: string;
  readonly teamId?: string;
  /** Left out: a workspace of its own. */
  readonly grid?: Grid;
  /** Name of the channel, without '#'. */
  readonly channel: string;
  readonly privateChannel?: boolean;
  /** features.app_home.home_tab_enabled of the app's manifest; on when left out. */
  readonly homeTab?: boolean;
  /** features.shortcuts of the app's manifest: those on messages, by callback_id. */
  readonly shortcuts?: readonly string[];
  /** features.app_home.messages_tab_enabled; off when left out. */
  readonly messagesTab?: boolean;
  readonly users: readonly SlackPerson[];
  /** User groups by id (S…), each with its members' keys. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly scopes?: readonly string[];
  readonly limits?: Partial<SlackLimits>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** 0 <= x < 1 */
  readonly random: () => number;
  readonly port?: number;
  /** What a stand-in before this one kept. */
  readonly kept?: KeptChannel;
}

export interface SlackStandIn extends People, Pick<Carrier, 'connect' | 'connectSocket'> {
  readonly url: string;
  /** `slackApiUrl` of the Slack SDK. */
  readonly apiUrl: string;
  readonly teamId: string;
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly channelId: string;
  /** A second channel the bot is in, for cards that were copied. */
  readonly otherChannelId: string;
  readonly users: Readonly<Record<string, SeatedPerson>>;
  readonly calls: readonly SlackCall[];
  readonly responsePosts: Responses['posts'];
  readonly faults: Faults;
  /** Uploads of files that were begun, whatever became of them. */
  readonly uploads: Pick<Uploads, 'begun'>;
  /** Requests for files that people have shared. */
  readonly filesAsked: Shelf['asked'];
  messages(channelId?: string): Promise<ShownMessage[]>;
  /** The messages, also those that one person sees. Windows that are open are not among it: a client closes them. */
  keep(): Promise<KeptChannel>;
  /** Adds fields to conversations.info: is_ext_shared, is_org_shared and is_pending_ext_shared are false without. */
  setChannelFlags(flags: Json): void;
  setBotInChannel(member: boolean): void;
  /** An archived channel takes nothing any more, for good. */
  setArchived(archived: boolean): void;
  /** From now on chat.update answers this for every message; null: it works. Messages stay where they are. */
  setUnchangeable(error: 'edit_window_closed' | 'cant_update_message' | 'message_not_found' | null): void;
  setGroup(id: string, members: readonly string[]): void;
  /** From now on users.info and what this person does tell the change; `key` stays the handle. */
  setPerson(key: string, change: PersonChange): void;
  onChange(listener: (change: SlackChange) => void): () => void;
  close(): Promise<void>;
}

// What the product's Slack app asks for at most: posting, commands, who approves, is the channel shared, is my card there.
const SCOPES = [
  ...['chat:write', 'commands', 'usergroups:read', 'users:read', 'users:read.email'],
  ...['channels:read', 'groups:read', 'channels:history', 'groups:history'],
];
const BOT = 'clawback';
const OTHER = 'elsewhere';

/** Binds 127.0.0.1. Close it to end the emulator, the proxy and everything that hangs. */
export async function startSlack(options: SlackOptions): Promise<SlackStandIn> {
  const { clock, random } = options;
  const teamId = options.teamId ?? 'T0SANDBOX01';
  const scopes = options.scopes ?? SCOPES;
  const emulator = await startEmulator({
    teamId,
    team: 'sandbox',
    channels: [
      { name: options.channel, private: options.privateChannel ?? false },
      { name: OTHER, private: false },
    ],
    people: options.users.map((one) => ({ name: one.key, realName: one.name, email: one.email })),
    bot: BOT,
    token: options.botToken,
    scopes,
  });
  const listeners = new Set<(change: SlackChange) => void>();
  const changed = (change: SlackChange) => {
    for (const listener of listeners) listener(change);
  };
  const stamps = createStamps(clock);
  const channel = createChannel(emulator, stamps, clock, changed);
  const homeTab = { isOn: options.homeTab ?? true };
  const shown = (kind: 'modal' | 'home', id: string, user: string) => changed({ kind, channel: '', id, user });
  const views = createViews(emulator, clock, random, shown, homeTab);
  if (options.kept) await channel.restore(options.kept);
  const responses = createResponses(channel, clock, random);
  let ownUrl = '';
  const { byKey, byId } = seated(options.users, teamId, emulator.userId);
  const members = (keys: readonly string[]) => keys.map((key) => person({ byKey }, key).id);
  const channelId = emulator.channelId(options.channel);
  const uploads = createUploads({
    baseUrl: () => ownUrl,
    scopes,
    botUserId: emulator.userId(BOT),
    messagesTab: options.messagesTab ?? false,
    people: byId,
    isChannel: (id) => [channelId, emulator.channelId(OTHER)].includes(id),
    clock,
    random,
    changed: (user, id) => changed({ kind: 'file', channel: '', id, user }),
  });
  const left = new Set<string>();
  const shelf = createShelf({
    baseUrl: () => ownUrl,
    teamId,
    botToken: options.botToken,
    scopes,
    isIn: (id) => [channelId, emulator.channelId(OTHER)].includes(id) && !left.has(id),
    clock,
  });
  const carrier = createCarrier(options.signingSecret, clock);
  const faults = createFaults();
  const limit = createLimiter({ ...SLACK_LIMITS, ...options.limits }, clock);
  const calls: SlackCall[] = [];
  let unchangeable: string | null = null;
  const space: Workspace = {
    emulator,
    channel,
    views,
    uploads,
    teamId,
    scopes,
    people: byId,
    firstEmails: new Map([...byId].map(([id, one]) => [id, one.email])),
    groups: new Map(
      Object.entries(options.groups ?? {}).map(([id, keys]) => [
        id,
        { handle: id.toLowerCase(), users: members(keys) },
      ]),
    ),
    channelFlags: new Map(),
    left,
    archived: new Set(),
    unchangeable: () => unchangeable,
    grid: options.grid ?? null,
    socketUrl: () => carrier.socket()?.url ?? null,
  };

  function refusedToken(method: string, token: string): string | null {
    const wanted = method === 'apps.connections.open' ? options.appToken : options.botToken;
    if (token === '') {
      return 'not_authed';
    }
    return token === wanted ? null : 'invalid_auth';
  }

  async function effect(call: SlackCall): Promise<Answer> {
    const wait = limit(call.method, text(call.args['channel']));
    if (wait > 0) {
      call.answer = { ok: false, error: 'ratelimited' };
      return { status: 429, headers: { 'retry-after': String(wait) }, body: call.answer };
    }
    const refused = refusedContent(call.method, call.args);
    const opens = call.method === 'apps.connections.open';
    call.answer = refused ?? (opens ? openConnection(space) : await runMethod(call.method, call.args, space));
    // Every answer to a good token names its scopes.
    return { status: 200, headers: { 'x-oauth-scopes': scopes.join(',') }, body: call.answer };
  }

  async function api(method: string, request: Incoming): Promise<Outcome> {
    const given = methodArgs(request.headers['content-type'] ?? '', request.body.toString('utf8'));
    const { token: _token, ...args } = given;
    const call: SlackCall = { method, args, at: clock(), answer: null, status: 0 };
    calls.push(call);
    const refused = refusedToken(method, bearer(request.headers.authorization) ?? text(given['token']));
    if (refused !== null) {
      call.answer = { ok: false, error: refused };
    }
    const denied = { status: 200, body: call.answer };
    const outcome = refused === null ? await underFault(faults.take(method), () => effect(call)) : denied;
    call.status = typeof outcome === 'string' ? 0 : outcome.status;
    return outcome;
  }

  async function handle(request: Incoming): Promise<Outcome> {
    if (faults.isDown()) {
      return 'drop';
    }
    if (request.method === 'POST' && request.path.startsWith('/api/')) {
      return api(request.path.slice('/api/'.length), request);
    }
    if (request.method === 'POST' && request.path.startsWith('/upload/v1/')) {
      return underFault(faults.take('upload_url'), async () => uploads.receive(request));
    }
    if (request.path.startsWith('/files-pri/')) {
      return underFault(faults.take('file'), async () => shelf.receive(request));
    }
    if (request.method === 'POST' && request.path.startsWith('/response/')) {
      return underFault(faults.take('response_url'), () => responses.receive(request.path, request.body));
    }
    return { status: 404, body: 'not found' };
  }

  const server = await listen(handle, options.port ?? 0).catch(async (error: unknown) => {
    await emulator.close();
    throw error;
  });
  ownUrl = server.url;
  const people = createPeople({
    carrier,
    appId: emulator.appId,
    teamId,
    teamDomain: 'sandbox',
    grid: options.grid ?? null,
    channelId,
    channelName: options.channel,
    baseUrl: server.url,
    clock,
    random,
    mintTs: stamps.mint,
    channel,
    views,
    homeTab,
    responses,
    uploads,
    shelf,
    shortcuts: options.shortcuts ?? [],
    person: (key) => person({ byKey }, key),
  });
  return {
    ...people,
    connect: carrier.connect,
    connectSocket: carrier.connectSocket,
    url: server.url,
    apiUrl: `${server.url}/api/`,
    teamId,
    appId: emulator.appId,
    botId: emulator.botId,
    botUserId: emulator.userId(BOT),
    channelId,
    otherChannelId: emulator.channelId(OTHER),
    users: byKey,
    calls,
    responsePosts: responses.posts,
    faults,
    uploads,
    filesAsked: shelf.asked,
    messages: (id = channelId) => channel.shown(id),
    keep: () => channel.keep([channelId, emulator.channelId(OTHER)]),
    setChannelFlags: (flags) => void space.channelFlags.set(channelId, flags),
    setBotInChannel: (member) => void (member ? space.left.delete(channelId) : space.left.add(channelId)),
    setArchived: (archived) => void (archived ? space.archived.add(channelId) : space.archived.delete(channelId)),
    setUnchangeable(error) {
      unchangeable = error;
    },
    setGroup(id, keys) {
      space.groups.set(id, { handle: id.toLowerCase(), users: members(keys) });
    },
    setPerson(key, change) {
      const changed = { ...person({ byKey }, key), ...change };
      byKey[key] = changed;
      byId.set(changed.id, changed);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      await server.close();
      await emulator.close();
    },
  };
}
