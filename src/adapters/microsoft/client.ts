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
import type { Inner, Outgoing } from '../../core/record/request-lines.ts';
import type { RequestLog } from '../../ports/requests.ts';
import type { GraphVersion } from '../../ports/source.ts';
import { abortedIn, causeCode, challengeOf, inTime, reason } from './attempt.ts';
import { lastStep } from './last-step.ts';
import { causeNow } from './on-behalf.ts';
import { TimeIsUp, TransportError } from './transport-error.ts';

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
  /** Where each request is written down before it leaves, and then what it was answered. */
  readonly requests?: RequestLog;
}

/** What a request is for, for whoever reads the log of requests. */
export interface Purpose {
  readonly operation: string;
  /** False for what only asks. */
  readonly changes: boolean;
  readonly inner?: readonly Inner[];
  /** The status of each request inside, in the order of `inner`. */
  readonly statuses?: (body: unknown) => readonly number[];
  /** Left out: v1.0. */
  readonly version?: GraphVersion;
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
   * after its end, and what is under way then is broken off. Without a purpose it is taken for one that changes something.
   */
  post(path: string, body: unknown, term?: Term, purpose?: Purpose): Promise<GraphReply>;
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

/** As the log of requests has it: a path is meant after v1.0 unless it says otherwise. */
export function inLog(version: GraphVersion, path: string): string {
  return version === VERSION ? path : `/${version}${path}`;
}

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
    async post(path, body, term, purpose = { operation: 'post', changes: true }) {
      const { version = VERSION, ...about } = purpose;
      const told = {
        method: 'POST',
        path: inLog(version, path),
        cause: causeNow(),
        ...about,
        inner: about.inner ?? [],
      };
      const sending = new Sending(term, told);
      try {
        // The charset is asked for where a hunting query may hold more than ASCII [learn: security-runHuntingQuery].
        const asked = { 'Content-Type': 'application/json; charset=utf-8' };
        const request = client.api(path).version(version).headers(asked).middlewareOptions([sending]);
        const response: Response = await request.responseType(ResponseType.RAW).post(body);
        const { status, headers } = response;
        const answer = parsed(await response.text());
        options.requests?.after(sending.lastId, status, purpose.statuses?.(answer) ?? []);
        return { status, headers, body: answer, requestId: headers.get('request-id') ?? sending.lastId };
      } catch (error) {
        const failure = asTransportError(error);
        if (sending.lastId !== '') options.requests?.after(sending.lastId, failure.sent ? null : 'unsent', []);
        throw failure;
      } finally {
        sending.isOver();
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

export const isOver = (term: Term | undefined) => term !== undefined && term.left() < LEAST_MS;

/** The way through the SDK's middleware. */
class Sending implements MiddlewareOptions {
  readonly term: Term | undefined;
  readonly told: Omit<Outgoing, 'id'>;
  /** Of the last attempt that was written down; empty before there was one. */
  lastId = '';
  /** Nobody waits for its answer any more. */
  isOver: () => void = () => undefined;
  constructor(term: Term | undefined, told: Omit<Outgoing, 'id'>) {
    this.term = term;
    this.told = told;
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
    const sending = context.middlewareControl?.getMiddlewareOptions(Sending) as Sending;
    await this.#attempt(context, sending);
    // Continuous access evaluation: refused before anything was done, so once more with the claims asked for.
    const claims = challengeOf(context.response);
    if (claims === null) return;
    await context.response?.body?.cancel();
    this.#options.requests?.after(sending.lastId, 401, []);
    await this.#attempt(context, sending, claims);
  }

  async #attempt(context: Context, sending: Sending, claims?: string): Promise<void> {
    const { term } = sending;
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
    const id = await this.#writtenDown(sending);
    let stopped: TransportError | null = null;
    const forbids = () => {
      stopped = whyNot(term?.left() ?? Infinity);
      return stopped;
    };
    const left = term?.left() ?? Infinity;
    const tooLate = whyNot(left);
    if (tooLate) throw whole(tooLate);
    sending.isOver();
    const timeout = abortedIn(Math.ceil(Math.min(timeoutMs, left)));
    sending.isOver = timeout.clear;
    context.options = {
      ...context.options,
      ...(term || givenAway ? lastStep(forbids) : {}),
      redirect: 'error',
      signal: givenAway ? AbortSignal.any([timeout.signal, givenAway]) : timeout.signal,
      headers: {
        ...(context.options?.headers as Record<string, string>),
        'client-request-id': id,
        Authorization: `Bearer ${token}`,
      },
    };
    try {
      await this.#next?.execute(context);
    } catch (error) {
      throw stopped ? whole(stopped) : wrapped(!NEVER_LEFT.has(causeCode(error) ?? ''), error);
    }
  }

  /** Answers the id that the attempt goes under. Microsoft's own log knows each attempt. */
  async #writtenDown(sending: Sending): Promise<string> {
    const id = this.#options.ids();
    try {
      sending.lastId = id;
      await this.#options.requests?.before({ ...sending.told, id });
      return id;
    } catch (error) {
      throw wrapped(false, error);
    }
  }
}
