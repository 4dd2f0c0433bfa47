import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { App, HTTPReceiver, type Logger, LogLevel, SocketModeReceiver, webApi } from '@slack/bolt';
import { z } from 'zod';
import { ClawbackError } from '../../core/error.ts';
import type { Desk } from '../../ports/desk.ts';
import type { ChatPeople } from '../../ports/people.ts';
import type { Rooms } from '../../ports/rooms.ts';
import { type AdapterLog, listen } from './bot.ts';
import { type CompileCard, slackCards } from './card.ts';
import { envelopeOf, takeOnce } from './envelope.ts';
import { slackCode } from './failure.ts';
import { type BufferedRequest, createGate, type Gate } from './gate.ts';
import { createSlackPeople } from './people.ts';
import { createSlackRooms } from './rooms.ts';

const Identity = z.object({
  teamId: z.string().min(1),
  botUserId: z.string().min(1),
  botId: z.string(),
  /** The company that the workspace is one of, in an Enterprise Grid; else empty. */
  enterpriseId: z.string().default(''),
  /** The app is installed for the whole company and not for one workspace. */
  orgWide: z.boolean().default(false),
});
type Identity = z.infer<typeof Identity>;

export interface SlackOptions {
  /** Base of the Web API, with its trailing slash: `https://slack.com/api/`. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly signingSecret: string;
  /** The workspace that is home, or the company where the app is installed for all of it and every workspace is. */
  readonly teamId: string;
  readonly enterpriseId?: string;
  readonly orgWide?: boolean;
  readonly botId: string;
  readonly botUserId: string;
  /** Channel id of the room where cards go. */
  readonly channel: string;
  /** New incidents a minute that get a card at once. */
  readonly newPerMinute?: number;
  readonly desk: Desk;
  readonly log: AdapterLog;
  readonly mode: 'http' | 'socket';
  /** Only for Socket Mode, where it is the authentication. */
  readonly appToken?: string | null;
  readonly compile: CompileCard;
  /** Path of the requests that `handle` gets. */
  readonly path?: string;
  /** One attempt of one call of the Web API, milliseconds. */
  readonly timeoutMs?: number;
  readonly ackWithinMs?: number;
  /** Milliseconds since 1970; the system clock when left out. */
  readonly now?: () => number;
  /** Waits that many milliseconds; a timer when left out. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** Who the bot is in its workspace, kept so that a start does not depend on Slack being up. */
export interface Installation {
  get(): Promise<unknown>;
  set(value: Identity): Promise<void>;
}

export interface SlackAdapter {
  readonly rooms: Rooms;
  readonly people: ChatPeople;
  /** Answers a request and says why it was refused, for the security log; null when it was not. */
  handle(req: IncomingMessage, res: ServerResponse, raw?: Buffer): Promise<string | null>;
  /** Whether this workspace's secret signed the request just now. Uses nothing up. */
  verify(raw: Buffer, headers: IncomingHttpHeaders): boolean;
  /** Proves the token against the configuration; in Socket Mode it connects as well. Throws ClawbackError `config`. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Somebody has pressed and waits: longer than this nobody is asked who that is, milliseconds. */
const PATIENCE_MS = 3_000;

/** One workspace, one channel. Makes no call before `start`. Throws ClawbackError `config` for missing secrets. */
export function createSlack(options: SlackOptions): SlackAdapter {
  const { botToken, botId, botUserId, teamId, log, mode, desk, orgWide = false, enterpriseId = '' } = options;
  const sleep = options.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const now = options.now ?? Date.now;
  const clientOptions = clientOptionsOf(options);
  const client = new webApi.WebClient(botToken, clientOptions);
  const cards = slackCards(options.compile);
  const receiver = mode === 'http' ? httpReceiver(options) : socketReceiver(options, clientOptions);
  const app = new App({
    receiver,
    clientOptions,
    logger: boltLogger(log),
    convoStore: false,
    tokenVerificationEnabled: false,
    extendedErrorHandler: true,
    authorize: () => Promise.resolve({ botToken, botId, botUserId, teamId }),
  });
  app.error(({ error }: { error: Error }) => {
    log.error({ err: error }, 'a listener for Slack broke');
    return Promise.resolve();
  });
  const isFresh = (key: string) =>
    desk.isFresh('slack', key).catch((error: unknown) => {
      log.error({ err: error }, 'a request of Slack was turned away: nobody can tell whether it is a replay');
      throw error;
    });
  if (mode === 'socket') takeOnce(app, isFresh, desk, log);
  const home = { teamId, enterpriseId, orgWide };
  listen(app, { desk, client, cards, home, log, sleep, ackWithinMs: options.ackWithinMs ?? 2_500 });
  const gate = createGate(options.signingSecret, now, isFresh);
  return {
    rooms: createSlackRooms(options, client, cards),
    people: createSlackPeople({
      client: new webApi.WebClient(botToken, {
        ...clientOptions,
        timeout: Math.min(clientOptions.timeout, PATIENCE_MS),
      }),
      teamId,
      orgWide,
      now,
      sleep,
    }),
    verify: gate.verify,
    handle: (req, res, raw) => take(receiver, gate, req, res, raw),
    async start() {
      const identity = await identify(client);
      if (identity) proveHome(identity, teamId);
      else log.warn({ team: teamId }, 'Slack cannot be reached; the bot token is unproven');
      if (mode === 'socket') await app.start();
    },
    async stop() {
      if (mode === 'socket') await app.stop();
    },
  };
}

function clientOptionsOf({ apiUrl, timeoutMs, log }: Pick<SlackOptions, 'apiUrl' | 'timeoutMs' | 'log'>) {
  return {
    slackApiUrl: apiUrl,
    // Retries and pacing are the outbox's: a client that retries a post by itself posts cards twice.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs ?? 10_000,
    logger: boltLogger(log),
  };
}

function httpReceiver({ signingSecret, path, log }: SlackOptions): HTTPReceiver {
  if (!signingSecret) throw new ClawbackError('config', 'Slack needs its signing secret', { field: 'signingSecret' });
  return new HTTPReceiver({
    signingSecret,
    endpoints: [path ?? '/slack/events'],
    bodyLimit: 262_144,
    logger: boltLogger(log),
  });
}

function socketReceiver(options: SlackOptions, clientOptions: ReturnType<typeof clientOptionsOf>): SocketModeReceiver {
  const { appToken, log } = options;
  if (!appToken) throw new ClawbackError('config', 'Socket Mode needs the app token', { field: 'appToken' });
  return new SocketModeReceiver({
    appToken,
    logger: boltLogger(log),
    installerOptions: { clientOptions },
    customPropertiesExtractor: envelopeOf,
  });
}

async function take(
  receiver: HTTPReceiver | SocketModeReceiver,
  gate: Gate,
  req: BufferedRequest,
  res: ServerResponse,
  raw?: Buffer,
): Promise<string | null> {
  if (!(receiver instanceof HTTPReceiver)) return refuse(res, 404, 'Socket Mode is on');
  const verdict = await gate.judge(req, raw);
  if (!verdict.pass) return refuse(res, verdict.status, verdict.why);
  req.rawBody = verdict.body; // Bolt takes this instead of the stream, which is empty by now
  try {
    const answered = new Promise<void>((resolve) => res.once('close', resolve));
    receiver.requestListener(req, res);
    await answered;
    // Bolt says no by itself to what it cannot read and to what nobody here listens for.
    return res.statusCode < 400 ? null : `Bolt answered ${res.statusCode}`;
  } catch {
    return refuse(res, 404, 'unknown path');
  }
}

function refuse(res: ServerResponse, status: number, why: string | null): string | null {
  if (!res.headersSent) res.writeHead(status, { connection: 'close' }).end();
  return why;
}

/**
 * Like `createSlack`, with the bot's ids asked from Slack, or from `installation` while Slack cannot be reached.
 * Throws ClawbackError `config` when Slack refuses the token or the token is of another workspace.
 */
export async function startSlack(
  options: Omit<SlackOptions, 'botId' | 'botUserId'> & { readonly installation: Installation },
): Promise<SlackAdapter> {
  const client = new webApi.WebClient(options.botToken, clientOptionsOf(options));
  const asked = await identify(client);
  if (asked) await options.installation.set(asked);
  const identity = asked ?? Identity.safeParse(await options.installation.get()).data;
  if (!identity)
    throw new ClawbackError('unavailable', 'Slack cannot be reached, and the bot was never seen there yet');
  proveHome(identity, options.teamId);
  const { teamId: _proven, ...own } = identity;
  return createSlack({ ...options, ...own });
}

/** Null when Slack cannot say now. */
async function identify(client: webApi.WebClient): Promise<Identity | null> {
  const who = await client.auth.test().catch((cause: unknown) => {
    if (slackCode(cause) === '') return null;
    throw new ClawbackError('config', 'Slack does not take the bot token', { cause, field: 'botToken' });
  });
  if (!who) return null;
  const { team_id: teamId, user_id: botUserId, bot_id: botId = '', enterprise_id, is_enterprise_install } = who;
  const company = { enterpriseId: enterprise_id ?? '', orgWide: is_enterprise_install === true };
  return Identity.parse({ teamId, botUserId, botId, ...company });
}

/** The token of a company is good for each of its workspaces; who is in ours is asked person by person. */
function proveHome({ teamId, enterpriseId, orgWide }: Identity, expected: string): void {
  if (teamId === expected || (orgWide && (enterpriseId === expected || expected.startsWith('T')))) return;
  throw new ClawbackError('config', `the bot token is of workspace ${teamId}, not of ${expected}`, { field: 'teamId' });
}

/** Bolt's own log, quieted: what it says about single requests the gate and the listeners say better. */
function boltLogger(log: AdapterLog): Logger {
  const words = (parts: unknown[]) => parts.map(String).join(' ').slice(0, 1_000);
  return {
    debug() {},
    info() {},
    warn: (...parts) => log.warn({ from: 'bolt' }, words(parts)),
    error: (...parts) => log.error({ from: 'bolt' }, words(parts)),
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
}
