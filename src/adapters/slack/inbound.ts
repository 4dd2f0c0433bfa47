import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import { ClawbackError } from '../../core/error.ts';
import type { Desk } from '../../ports/desk.ts';
import type { AdapterLog } from '../chat/log.ts';
import { listen } from './bot.ts';
import { boltLogger } from './client.ts';
import { envelopeOf, takeOnce } from './envelope.ts';
import { type BufferedRequest, createGate, type Gate } from './gate.ts';
import { identify, proveHome } from './identity.ts';
import type { SlackOutbound } from './outbound.ts';
import { SLACK } from './platform.ts';
import { keepLine } from './socket.ts';

export interface SlackInboundOptions {
  readonly desk: Desk;
  readonly signingSecret: string;
  readonly mode: 'http' | 'socket';
  /** Only for Socket Mode, where it is the authentication. */
  readonly appToken?: string | null;
  /** Whether people report mail in messages (files:read). */
  readonly reports?: boolean;
  /** How long one of their files may take, milliseconds. */
  readonly fileWithinMs?: number;
  /** Path of the requests that `handle` gets. */
  readonly path?: string;
  readonly ackWithinMs?: number;
}

/** What comes in from Slack: requests, or envelopes in Socket Mode. */
export interface SlackInbound {
  /** Answers a request and says why it was refused, for the security log; null when it was not. */
  handle(req: IncomingMessage, res: ServerResponse, raw?: Buffer): Promise<string | null>;
  /** Whether this workspace's secret signed the request just now. Uses nothing up. */
  verify(raw: Buffer, headers: IncomingHttpHeaders): boolean;
  /** Proves the token against the configuration; in Socket Mode it connects as well. Throws ClawbackError `config`. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** In Socket Mode: why no press arrives, null while they do. */
  readonly trouble: (() => string | null) | null;
}

/** Makes no call before `start`. Throws ClawbackError `config` for missing secrets. */
export function createSlackInbound({ shared }: SlackOutbound, options: SlackInboundOptions): SlackInbound {
  const { client, clientOptions, cards, bot, home, log, now, sleep } = shared;
  const { desk, mode } = options;
  const receiver = mode === 'http' ? httpReceiver(options, log) : socketReceiver(options, shared);
  const app = new App({
    receiver,
    clientOptions,
    logger: boltLogger(log),
    convoStore: false,
    tokenVerificationEnabled: false,
    extendedErrorHandler: true,
    authorize: () => Promise.resolve({ ...bot, teamId: home.teamId }),
  });
  app.error(({ error }: { error: Error }) => {
    log.error({ err: error }, 'a listener for Slack broke');
    return Promise.resolve();
  });
  const isFresh = (key: string) =>
    desk.isFresh(SLACK.platform, key).catch((error: unknown) => {
      log.error({ err: error }, 'a request of Slack was turned away: nobody can tell whether it is a replay');
      throw error;
    });
  if (mode === 'socket') takeOnce(app, isFresh, desk, log);
  const within = options.fileWithinMs === undefined ? {} : { withinMs: options.fileWithinMs };
  const at = { apiUrl: clientOptions.slackApiUrl, botToken: bot.botToken };
  const reports = options.reports ? { ...at, ...within, fetch } : null;
  listen(app, { desk, client, cards, home, log, sleep, reports, ackWithinMs: options.ackWithinMs ?? 2_500 });
  const gate = createGate(options.signingSecret, now, isFresh);
  const line = receiver instanceof SocketModeReceiver ? keepLine(receiver.client, { log, now, sleep }) : null;
  return {
    verify: gate.verify,
    handle: (req, res, raw) => take(receiver, gate, req, res, raw),
    async start() {
      const identity = await identify(client);
      if (identity) proveHome(identity, home.teamId);
      else log.warn({ team: home.teamId }, 'Slack cannot be reached; the bot token is unproven');
      await line?.start();
    },
    stop: () => Promise.resolve(line?.stop()),
    trouble: line?.trouble ?? null,
  };
}

function httpReceiver({ signingSecret, path }: SlackInboundOptions, log: AdapterLog): HTTPReceiver {
  if (!signingSecret) throw new ClawbackError('config', 'Slack needs its signing secret', { field: 'signingSecret' });
  return new HTTPReceiver({
    signingSecret,
    endpoints: [path ?? '/slack/events'],
    bodyLimit: 262_144,
    logger: boltLogger(log),
  });
}

function socketReceiver(
  { appToken }: SlackInboundOptions,
  { clientOptions, log }: SlackOutbound['shared'],
): SocketModeReceiver {
  if (!appToken) throw new ClawbackError('config', 'Socket Mode needs the app token', { field: 'appToken' });
  return new SocketModeReceiver({
    appToken,
    logger: boltLogger(log),
    autoReconnectEnabled: false,
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
