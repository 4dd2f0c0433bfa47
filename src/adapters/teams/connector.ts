import { z } from 'zod';
import { RoomError } from '../../core/error.ts';
import { isServiceUrl } from './guard.ts';

/**
 * The connector REST interface, one attempt per call. botframework-connector 4.23.3 makes four of them on 429 with
 * Retry-After, 503 and hang-ups (`noRetryPolicy` changes nothing), which may post a card four times; and it follows
 * twenty redirects.
 */
export interface Connector {
  /** Answers the parsed body; throws RoomError for everything else. */
  send(via: string, method: 'POST' | 'PUT', path: string, body: object): Promise<unknown>;
  /** Asks a question while a person waits. Answers whatever was said; throws RoomError when nothing was. */
  ask(via: string, path: string): Promise<ConnectorAnswer>;
}

export interface ConnectorAnswer {
  readonly status: number;
  /** The connector's own word for what is wrong, empty where it gave none. */
  readonly code: string;
  /** Parsed; null when it is no JSON. */
  readonly body: unknown;
}

export interface ConnectorOptions {
  readonly hosts: readonly string[];
  readonly timeoutMs: number;
  /** The same for a question. */
  readonly askTimeoutMs: number;
  token(): Promise<string>;
}

/** Waits where the service named none; its advice is backoff on 412, 429, 502 and 504 [learn: rate-limit]. */
const DEFAULT_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 3_600_000;
/** Statuses that say the request was not taken up. 500, 502 and 504 leave open whether it was. */
const NOT_NOW: ReadonlySet<number> = new Set([412, 429, 503]);
const UNKNOWN: ReadonlySet<number> = new Set([408, 500, 502, 504]);
/** Of what this one message holds. Another one is taken. */
const TOO_LARGE = 413;
const GONE: ReadonlySet<number> = new Set([404, 410]);
/** The bot is not in the team any more, or is kept from writing; nothing changes until a person does something. */
const DEAD: ReadonlySet<string> = new Set(['BotNotInConversationRoster', 'MessageWritesBlocked', 'BotDisabledByAdmin']);
/** New threads are asked for here: what is said of that is said of the channel and not of one thread in it. */
const CREATE = 'v3/conversations';
const NO_CHANNEL: ReadonlySet<string> = new Set(['ConversationNotFound', 'TeamNotFound']);
/** The connection was never made, so nothing was sent. */
const NEVER_SENT = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;
const Problem = z.object({ error: z.object({ code: z.string().max(100) }) });

export function createConnector(options: ConnectorOptions): Connector {
  return {
    async send(via, method, path, body) {
      const { response, text } = await call(options, via, path, options.timeoutMs, {
        method,
        body: JSON.stringify(body),
      });
      if (!response.ok) throw refused(response, text, `${method} ${path}`);
      return parsed(text);
    },
    async ask(via, path) {
      const { response, text } = await call(options, via, path, options.askTimeoutMs, { method: 'GET' });
      const body = parsed(text);
      return { status: response.status, code: codeOf(body), body };
    },
  };
}

async function call(
  { hosts, token }: ConnectorOptions,
  via: string,
  path: string,
  ms: number,
  request: { readonly method: string; readonly body?: string },
): Promise<{ readonly response: Response; readonly text: string }> {
  if (!isServiceUrl(via, hosts)) throw new RoomError('refused', 'the service URL is not one of the allowed hosts');
  const bearer = await token().catch((cause: unknown) => {
    throw new RoomError('throttled', 'no token for the Teams connector', { cause, retryAfterMs: DEFAULT_WAIT_MS });
  });
  const response = await fetch(new URL(path, via.endsWith('/') ? via : `${via}/`), {
    ...request,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(ms),
  }).catch((cause: unknown) => {
    throw unanswered(cause);
  });
  const text = await response.text().catch((cause: unknown) => {
    throw new RoomError('lost', 'the answer of the Teams connector broke off', { cause });
  });
  return { response, text };
}

function unanswered(cause: unknown): RoomError {
  if (NEVER_SENT.test(causeCode(cause))) {
    return new RoomError('throttled', 'the Teams connector cannot be reached', {
      cause,
      retryAfterMs: DEFAULT_WAIT_MS,
    });
  }
  return new RoomError('lost', 'the Teams connector did not answer', { cause });
}

/** fetch wraps the socket error, and a host with two addresses gives an AggregateError in between. */
function causeCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return causeCode(error instanceof AggregateError ? error.errors[0] : error.cause);
}

function refused(response: Response, text: string, call: string): RoomError {
  const { status } = response;
  const code = codeOf(parsed(text));
  const words = `the Teams connector answered ${status} ${code}`.trimEnd();
  if (NOT_NOW.has(status)) return new RoomError('throttled', words, { retryAfterMs: waitOf(response) });
  if (UNKNOWN.has(status)) return new RoomError('lost', words);
  if (status === TOO_LARGE) return new RoomError('unfit', words);
  const isAboutChannel = call === `POST ${CREATE}` && (status === 403 || NO_CHANNEL.has(code));
  if (DEAD.has(code) || isAboutChannel) return new RoomError('dead', words);
  // Now and then that is said of a message that is there [OfficeDev/microsoft-teams bot-docs#1527, botbuilder-js#2722].
  if (call.startsWith('PUT') && (status === 403 || status === 404)) return new RoomError('doubtful', words);
  return new RoomError(GONE.has(status) ? 'gone' : 'refused', words);
}

function codeOf(body: unknown): string {
  return Problem.safeParse(body).data?.error.code ?? '';
}

function waitOf(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1_000, LONGEST_WAIT_MS) : DEFAULT_WAIT_MS;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
