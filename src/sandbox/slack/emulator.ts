import { createHash } from 'node:crypto';
import { createEmulator } from 'emulate';
import { type Json, list, parseJson, record, text } from './loopback.ts';

export interface Seed {
  /** Id of the workspace: with a name, it decides somebody's id. */
  readonly teamId: string;
  readonly team: string;
  readonly channels: readonly { readonly name: string; readonly private: boolean }[];
  readonly people: readonly { readonly name: string; readonly realName: string; readonly email: string }[];
  readonly bot: string;
  readonly token: string;
  readonly scopes: readonly string[];
}

export interface Emulated {
  /** A Web API call with the bot's own token and scopes. */
  call(method: string, args: Json): Promise<Json>;
  /** The same without scope limits: what the stand-in itself needs to know. */
  inside(method: string, args: Json): Promise<Json>;
  readonly appId: string;
  readonly botId: string;
  /** By name, without '@' or '#'. */
  userId(name: string): string;
  channelId(name: string): string;
  close(): Promise<void>;
}

const APP_ID = 'A0SANDBOX01';
const BOT_ID = 'B0SANDBOX01';
const INSIDE = 'xoxb-stand-in';
/** The emulator answers 5,000 requests an hour with each token and then 403, as no Slack does: many tokens take turns. */
const TURNS = 64;
const EVERY_SCOPE = [
  ...['chat:write', 'channels:read', 'channels:history', 'groups:read', 'groups:history', 'im:read', 'im:history'],
  ...['users:read', 'users:read.email'],
];

async function ask(url: string, token: string, method: string, args: Json): Promise<Json> {
  const response = await fetch(`${url}/api/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(args),
  });
  const answer = await response.text();
  if (response.status === 404) return { ok: false, error: 'unknown_method' };
  // Slack refuses with 200 and a word; anything else is the emulator's own trouble, and nothing a caller may read as "none".
  if (!response.ok) throw new Error(`the emulator answered ${method} with ${response.status}: ${answer.slice(0, 200)}`);
  return record(parseJson(answer));
}

function inTurn(token: string): () => string {
  let turns = 0;
  return () => `${token}-${turns++ % TURNS}`;
}

const everyTurn = (token: string) => Array.from({ length: TURNS }, (_, at) => `${token}-${at}`);

function idsByName(found: unknown): Map<string, string> {
  return new Map(list(found).map((one) => [text(record(one)['name']), text(record(one)['id'])]));
}

/**
 * The emulator makes up other ids at each start. Outside it everybody and every channel has one that follows from the
 * name, so that what was written down about them in one start is true in the next.
 */
function lastingIds(prefix: string, teamId: string, held: Map<string, string>): Map<string, string> {
  const idOf = (name: string) => createHash('sha256').update(`${teamId} ${prefix} ${name}`).digest('hex');
  return new Map([...held.keys()].map((name) => [name, `${prefix}${idOf(name).slice(0, 9).toUpperCase()}`]));
}

/** Every string that is one of the ids, as the other side calls it. */
function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((one) => renamed(one, names));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renamed(inner, names)]));
}

function known(ids: Map<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) {
    throw new Error(`the emulator did not seed ${name}`);
  }
  return id;
}

export async function startEmulator(seed: Seed): Promise<Emulated> {
  const owner = { user: seed.bot, app_id: APP_ID, bot_id: BOT_ID };
  const emulator = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        team: { name: seed.team, domain: seed.team },
        strict_scopes: true,
        // The bot is seeded as a person: the emulator makes only people members of a channel.
        users: [
          { name: seed.bot, real_name: seed.bot, email: `${seed.bot}@bots.example.com` },
          ...seed.people.map((one) => ({ name: one.name, real_name: one.realName, email: one.email })),
        ],
        channels: seed.channels.map((one) => ({ name: one.name, is_private: one.private })),
        tokens: [
          ...everyTurn(seed.token).map((token) => ({ token, scopes: seed.scopes, ...owner })),
          ...everyTurn(INSIDE).map((token) => ({ token, scopes: EVERY_SCOPE, ...owner })),
        ],
      },
    },
  });
  const [ours, insiders] = [inTurn(seed.token), inTurn(INSIDE)];
  const bare = (method: string, args: Json) => ask(emulator.url, insiders(), method, args);
  const heldUsers = idsByName((await bare('users.list', { limit: 1000 }))['members']);
  const every = { types: 'public_channel,private_channel', limit: 1000 };
  const heldChannels = idsByName((await bare('conversations.list', every))['channels']);
  const [users, channels] = [lastingIds('U', seed.teamId, heldUsers), lastingIds('C', seed.teamId, heldChannels)];
  const pairs = [heldUsers, heldChannels].flatMap((held) =>
    [...held].map(([name, id]) => [id, known(held === heldUsers ? users : channels, name)] as const),
  );
  const [shownOf, heldOf] = [new Map(pairs), new Map(pairs.map(([id, shown]) => [shown, id] as const))];
  const under = (token: () => string) => async (method: string, args: Json) =>
    record(renamed(await ask(emulator.url, token(), method, record(renamed(args, heldOf))), shownOf));
  return {
    call: under(ours),
    inside: under(insiders),
    appId: APP_ID,
    botId: BOT_ID,
    userId: (name) => known(users, name),
    channelId: (name) => known(channels, name),
    close: () => emulator.close(),
  };
}
