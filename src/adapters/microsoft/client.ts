import {
  Client,
  type Context,
  GraphClientError,
  HTTPMessageHandler,
  type Middleware,
  type MiddlewareOptions,
  ResponseType,
} from '@microsoft/microsoft-graph-client';
import { ClawbackError } from '../../core/error.ts';
import type { Term } from '../../core/lease.ts';
import { lastStep } from './last-step.ts';

export interface GraphClientOptions {
  /** Origin of Microsoft Graph, such as https://graph.microsoft.com. http only on this machine. */
  readonly baseUrl: string;
  readonly token: (claims?: string) => Promise<string>;
  /** Fresh GUIDs, for `client-request-id`. */
  readonly ids: () => string;
  /** Per request, answer included; and for a token. Default 30 s. */
  readonly timeoutMs?: number;
  /** Aborted when this process gives its work away: nothing leaves any more, and what is under way is broken off. */
  readonly givenAway?: AbortSignal;
}

/** One thing that happened on the wire. `status` 0: no answer. `ms`: of the HTTP request it travelled in. */
export interface Observed {
  readonly operation: string;
  readonly status: number;
  readonly ms: number;
}

export interface GraphReply {
  readonly status: number;
  readonly headers: Headers;
  /** undefined when there was none or it was not JSON. */
  readonly body: unknown;
  readonly requestId: string;
}

export interface GraphClient {
  readonly origin: string;
  /**
   * One attempt. Any status is an answer; throws only TransportError. `path` starts after the version. `term`: nothing leaves
   * after its end, and what is under way then is broken off.
   */
  post(path: string, body: unknown, term?: Term): Promise<GraphReply>;
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);
const DEFAULT_TIMEOUT_MS = 30_000;
const VERSION = 'v1.0';
/** A request that could not even be written in this time is not begun. */
const LEAST_MS = 1_000;
/** The connection was never made, so nothing can have been done. */
const NEVER_LEFT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** Every path segment and every query value goes through this: the SDK encodes neither. */
export const seg = encodeURIComponent;

/** OData string literal; still has to be percent-encoded with the rest of the expression. */
export function odata(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** KQL string literal. Throws ClawbackError 'invalid' for control characters and line breaks. */
export function kql(value: string): string {
  if (/[\p{Cc}\u2028\u2029]/u.test(value)) throw new ClawbackError('invalid', 'control character in a query value');
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** `$filter`, `$select` and the like, each value encoded as a whole. */
export function query(parts: Readonly<Record<string, string>>): string {
  return `?${Object.entries(parts)
    .map(([name, value]) => `${name}=${seg(value)}`)
    .join('&')}`;
}

/** The path of the next page, after the version. Throws when the link leaves the service or does not move on. */
export function nextPath(origin: string, link: string, current: string): string {
  const url = URL.parse(link);
  if (url?.origin !== origin || !url.pathname.startsWith(`/${VERSION}/`)) {
    throw new Error('the link to the next page leaves Microsoft Graph');
  }
  const next = url.pathname.slice(VERSION.length + 1) + url.search;
  if (next === current) throw new Error('the link to the next page points to the same page');
  return next;
}

/**
 * Speaks to one origin only. Throws ClawbackError 'config' for a base URL that would send the token in the clear.
 * There is no retry here: everything is a POST, and waiting belongs to whoever knows the mailbox.
 */
export function createGraphClient(options: GraphClientOptions): GraphClient {
  const origin = graphOrigin(options.baseUrl);
  const client = Client.initWithMiddleware({
    baseUrl: `${origin}/`,
    defaultVersion: VERSION,
    middleware: [new BearerOnOrigin(origin, options), new HTTPMessageHandler()],
  });
  return {
    origin,
    async post(path, body, term) {
      const clientRequestId = options.ids();
      try {
        // The charset is asked for where a hunting query may hold more than ASCII [learn: security-runHuntingQuery].
        const asked = { 'client-request-id': clientRequestId, 'Content-Type': 'application/json; charset=utf-8' };
        const request = client
          .api(path)
          .headers(asked)
          .middlewareOptions(term ? [new Within(term)] : []);
        const response: Response = await request.responseType(ResponseType.RAW).post(body);
        const { status, headers } = response;
        return {
          status,
          headers,
          body: parsed(await response.text()),
          requestId: headers.get('request-id') ?? clientRequestId,
        };
      } catch (error) {
        throw asTransportError(error);
      }
    },
  };
}

function graphOrigin(baseUrl: string): string {
  const url = URL.parse(baseUrl);
  if (url?.pathname !== '/' || url.search || url.hash || url.username) {
    throw new ClawbackError('config', 'the Graph base URL must be an origin', { field: 'graph base URL' });
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))) return url.origin;
  throw new ClawbackError('config', 'the Graph base URL must use https', { field: 'graph base URL' });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The SDK keeps only its own error class whole; `wrapped` sends ours through inside one. */
function asTransportError(error: unknown): TransportError {
  const inner: unknown = error instanceof GraphClientError ? error.customError : null;
  if (inner instanceof TransportError) return inner;
  return new TransportError(true, error instanceof Error ? error.name : 'no answer', error);
}

function wrapped(sent: boolean, error: unknown): GraphClientError {
  return whole(new TransportError(sent, reason(error), error));
}

function whole(error: TransportError): GraphClientError {
  const result = new GraphClientError();
  result.customError = error;
  return result;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  return causeCode(error) ?? (error.name === 'TimeoutError' ? 'timeout' : error.message);
}

function causeCode(error: unknown): string | null {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : null;
}

function challengeOf(response: Response | undefined): string | null {
  if (response?.status !== 401) return null;
  const encoded = /claims="([^"]+)"/.exec(response.headers.get('www-authenticate') ?? '')?.[1];
  return encoded === undefined ? null : Buffer.from(encoded, 'base64').toString('utf8');
}

/** No answer came. `sent` false: certainly nothing left this machine. */
export class TransportError extends Error {
  readonly sent: boolean;
  constructor(sent: boolean, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'TransportError';
    this.sent = sent;
  }
}

/** Certainly not sent: whoever asked for it may not act any more. */
export class TimeIsUp extends TransportError {
  constructor() {
    super(false, 'the time to act was over before it could be sent');
    this.name = 'TimeIsUp';
  }
}

export const isOver = (term: Term | undefined) => term !== undefined && term.left() < LEAST_MS;

/** The way through the SDK's middleware. */
class Within implements MiddlewareOptions {
  readonly term: Term;
  constructor(term: Term) {
    this.term = term;
  }
}

/** The SDK's own authentication handler sends no token at all to http origins, and follows redirects anywhere. */
class BearerOnOrigin implements Middleware {
  readonly #origin: string;
  readonly #options: GraphClientOptions;
  #next: Middleware | null = null;

  constructor(origin: string, options: GraphClientOptions) {
    this.#origin = origin;
    this.#options = options;
  }

  setNext(next: Middleware): void {
    this.#next = next;
  }

  async execute(context: Context): Promise<void> {
    const url = new URL(typeof context.request === 'string' ? context.request : context.request.url);
    if (url.origin !== this.#origin) throw wrapped(false, new Error(`refusing to call ${url.origin}`));
    await this.#attempt(context);
    // Continuous access evaluation: refused before anything was done, so once more with the claims asked for.
    const claims = challengeOf(context.response);
    if (claims === null) return;
    await context.response?.body?.cancel();
    await this.#attempt(context, claims);
  }

  async #attempt(context: Context, claims?: string): Promise<void> {
    const { term } = (context.middlewareControl?.getMiddlewareOptions(Within) as Within | undefined) ?? {};
    const timeoutMs = this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    let token: string;
    try {
      token = await inTime(this.#options.token(claims), timeoutMs);
    } catch (error) {
      throw wrapped(false, error);
    }
    const { givenAway } = this.#options;
    const whyNot = (leftMs: number) => {
      if (givenAway?.aborted) return new TransportError(false, 'this process has given its work away');
      return leftMs < LEAST_MS ? new TimeIsUp() : null;
    };
    let stopped: TransportError | null = null;
    const forbids = () => {
      stopped = whyNot(term?.left() ?? Infinity);
      return stopped;
    };
    const left = term?.left() ?? Infinity;
    const tooLate = whyNot(left);
    if (tooLate) throw whole(tooLate);
    const timeout = AbortSignal.timeout(Math.ceil(Math.min(timeoutMs, left)));
    context.options = {
      ...context.options,
      ...(term || givenAway ? lastStep(forbids) : {}),
      redirect: 'error',
      signal: givenAway ? AbortSignal.any([timeout, givenAway]) : timeout,
      headers: { ...(context.options?.headers as Record<string, string>), Authorization: `Bearer ${token}` },
    };
    try {
      await this.#next?.execute(context);
    } catch (error) {
      throw stopped ? whole(stopped) : wrapped(!NEVER_LEFT.has(causeCode(error) ?? ''), error);
    }
  }
}

/** Whatever a token comes from, it keeps nobody waiting for ever. */
async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new Error('no token in time')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
