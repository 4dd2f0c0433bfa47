import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen, readText } from '../entra/http.ts';
import { type InnerAnswer, type InnerRequest, parseBatch, runBatch } from './batch.ts';
import { AWKWARD, type Beliefs } from './beliefs.ts';
import { createFaults, type GraphFaults } from './faults.ts';
import { createLimiter, DEFAULT_LIMITS } from './limiter.ts';
import { createRecorder, type GraphLog, type GraphStats } from './log.ts';
import { type Engine, perform, type Trip, type Upcoming, withInnerError } from './perform.ts';
import { segments } from './query.ts';
import { createRemediations, type Remediations } from './remediations.ts';
import { type Json, ok, problem, Refused, type Reply } from './reply.ts';
import { allRoles } from './roles.ts';
import { tellSubscribers } from './subscription-routes.ts';
import type { Call, GraphClaims, GraphOptions, Hunting, Limits, Service } from './types.ts';
import { bodyOf, idHeaders, send } from './wire.ts';

/** Microsoft Graph, by name and by application id. */
const AUDIENCES = [
  'https://graph.microsoft.com',
  'https://graph.microsoft.com/',
  '00000003-0000-0000-c000-000000000000',
];

export interface Graph {
  /** http://127.0.0.1:port, without the version. */
  readonly url: string;
  readonly faults: GraphFaults;
  readonly log: GraphLog;
  stats(): GraphStats;
  /** What Defender was asked to do, and has done of it. */
  readonly remediations: Remediations;
  setHunting(on: Hunting): void;
  /** The old table of sign-ins, the new one, or both: a query names one of them. */
  setSignInTables(names: readonly string[]): void;
  /** Whether the tenant is licensed for Identity Protection, and so for risky users. */
  setIdentityProtection(on: boolean): void;
  /** Alerts of Defender: whoever has one adds it. */
  readonly alerts: Json[];
  /** What users have submitted to Microsoft: whoever has one adds it. */
  readonly submissions: Json[];
  /** Who is told of new messages, by id; without one, nobody is told of it any more. */
  readonly subscriptions: Map<string, Json>;
  limits(): Limits;
  setLimits(change: Partial<Limits>): void;
  setBeliefs(change: Partial<Beliefs>): void;
  /** Continuous access evaluation: no token that was used so far is good any more; the answer says what a new one needs. */
  revokeTokens(): void;
  /** Called in the same turn, just before an operation is carried out: the moment for somebody to be faster. */
  onRequest(listener: (about: Upcoming) => void): () => void;
  /** Told of each batch as it came, also of one that is refused whole, and when it is done with. */
  onBatch(listener: (body: unknown, done: Promise<void>) => void): () => void;
  close(): Promise<void>;
}

/** What came with the HTTP request, for all that is inside. */
interface Caller {
  readonly claims: GraphClaims;
  readonly roles: ReadonlySet<string>;
}

type BatchCaller = Caller & Pick<Call, 'version'>;

/** Microsoft Graph v1.0 on this machine, and what is in beta alone, as far as mail, people and advanced hunting of one tenant go. */
export async function startGraph(options: GraphOptions): Promise<Graph> {
  const { tenant, clock, random } = options;
  let limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  let beliefs: Beliefs = { ...AWKWARD, ...options.beliefs };
  let hunting = options.hunting;
  let signInTables: readonly string[] = ['EntraIdSignInEvents'];
  const alerts: Json[] = [];
  const submissions: Json[] = [];
  const subscriptions = new Map<string, Json>();
  const used = new Set<string>();
  let revoked: ReadonlySet<string> = new Set();
  let identityProtection = options.identityProtection ?? true;
  const closing = new AbortController();
  const listeners = new Set<(about: Upcoming) => void>();
  const batchListeners = new Set<(body: unknown, done: Promise<void>) => void>();
  const recorder = createRecorder(clock);
  const limiter = createLimiter(
    () => limits,
    () => beliefs,
    clock,
    random,
  );
  const board = createFaults((down) => listening.refuse(down === 'refuse'));
  const remediations = createRemediations({
    tenant,
    clock,
    random,
    limits: () => limits,
    neverDone: (user) => board.faults.of(user).neverRemediated,
  });
  const service: Service = {
    tenant,
    clock,
    random,
    limits: () => limits,
    beliefs: () => beliefs,
    hunting: () => hunting,
    signInTables: () => signInTables,
    alerts: () => alerts,
    submissions: () => submissions,
    subscriptions,
    identityProtection: () => identityProtection,
    premium: () => options.premium ?? true,
    auditSearches: new Map(),
    defender: () => options.defender ?? true,
    tracing: () => options.tracing ?? true,
    traceStatus: (recipient) => options.traceStatus?.(recipient) ?? null,
    remediations,
    binFull: (user) => board.faults.of(user).binFull,
    hidden: (user) => board.faults.of(user).access === 'unknown',
    origin: () => listening.url,
  };
  const upcoming = (about: Upcoming) => {
    for (const listener of listeners) listener(about);
  };
  const engine: Engine = { service, limiter, board, recorder, closing: closing.signal, upcoming };

  /** Of a connection that is cut: with nothing done, or with all done and nothing said. */
  function connectionEnd(): 'kept' | 'undone' | 'unheard' {
    const { resets } = board.faults.of(null);
    if (resets === 0) return 'kept';
    const luck = random() / resets;
    return luck < 0.5 ? 'undone' : luck < 1 ? 'unheard' : 'kept';
  }

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    recorder.http();
    const down = board.faults.down();
    if (down === 'hang') return;
    const trip: Trip = { luck: random(), lost: false, entries: [] };
    const requestId = randomUUID();
    const clientRequestId = String(req.headers['client-request-id'] ?? '') || null;
    const text = await readText(req);
    const end = connectionEnd();
    if (end === 'undone') {
      recorder.lose(1);
      res.destroy();
      return;
    }
    const reply = down === 'no' ? await answer(req, text, trip, requestId, clientRequestId) : UNAVAILABLE;
    if (trip.lost || end === 'unheard') {
      for (const entry of trip.entries) entry.lost = true;
      recorder.lose(trip.entries.length);
      res.destroy();
      return;
    }
    send(req, res, withInnerError(reply, requestId, clientRequestId, clock()), idHeaders(requestId, clientRequestId));
  }

  async function answer(
    req: IncomingMessage,
    text: string,
    trip: Trip,
    requestId: string,
    clientRequestId: string | null,
  ): Promise<Reply> {
    const caller = await authenticate(req.headers.authorization ?? '');
    if ('status' in caller) return caller;
    const [target = '', ...rest] = (req.url ?? '').split('?');
    const version = (['v1.0', 'beta'] as const).find((one) => target.startsWith(`/${one}/`));
    if (!version) return problem(400, 'BadRequest', 'Invalid version.');
    const body = bodyOf(text, req.headers['content-type'] ?? '');
    if ('status' in body) return body;
    const path = target.slice(version.length + 1);
    if (path === '/$batch') return batch(req.method ?? '', body.value, { ...caller, version }, trip);
    const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]));
    const rawQuery = rest.join('?');
    const ids = { requestId, clientRequestId };
    const method = req.method ?? 'GET';
    return perform(
      engine,
      { ...caller, ...ids, method, path, rawQuery, headers, body: body.value, inBatch: false, version },
      trip,
    );
  }

  async function authenticate(authorization: string): Promise<Caller | Reply> {
    const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    if (token === undefined) return unauthorized('Access token is empty.');
    try {
      const claims = await options.verifyToken(token);
      if (revoked.has(token)) return CHALLENGE;
      used.add(token);
      const fits = AUDIENCES.includes(claims.aud) || claims.aud === listening.url;
      if (!fits) return unauthorized('Access token validation failure. Invalid audience.');
      return { claims, roles: allRoles(claims.roles) };
    } catch (error) {
      const expired = error instanceof Error && 'code' in error && error.code === 'ERR_JWT_EXPIRED';
      return unauthorized(
        expired ? 'Lifetime validation failed, the token is expired.' : 'Access token validation failure.',
      );
    }
  }

  async function batch(method: string, body: unknown, caller: BatchCaller, trip: Trip): Promise<Reply> {
    if (method !== 'POST') return problem(405, 'Request_BadRequest', 'A batch has to be posted.');
    const done = Promise.withResolvers<void>();
    for (const listener of batchListeners) listener(body, done.promise);
    const run = async (request: InnerRequest): Promise<InnerAnswer> => {
      const call = innerCall(request, caller);
      return { reply: await perform(engine, call, trip), headers: idHeaders(call.requestId, call.clientRequestId) };
    };
    const headersOf = (request: InnerRequest) => idHeaders(randomUUID(), request.headers['client-request-id'] ?? null);
    try {
      return ok(await runBatch(parseBatch(body), { run, headersOf, mailboxOf, random }));
    } catch (error) {
      if (error instanceof Refused) return error.reply;
      throw error;
    } finally {
      done.resolve();
    }
  }

  /** Only of requests to Outlook, which the service queues per mailbox, or all together. */
  function mailboxOf({ url }: InnerRequest): string | null {
    const found = /^\/users\/([^/?]+)\/[^?]/i.exec(url)?.[1];
    if (found === undefined) return null;
    if (beliefs.fourInAll) return 'all';
    try {
      const [key = ''] = segments(`/${found}`);
      return tenant.userByKey(key)?.id ?? key.toLowerCase();
    } catch {
      return null;
    }
  }

  const listening = await listen(options.port ?? 0, handle);
  const unwatch = tenant.onChange((change) => tellSubscribers(service, change));

  return {
    url: listening.url,
    faults: board.faults,
    log: recorder.log,
    remediations,
    stats: () => recorder.stats(limiter.maxPerMailbox()),
    setHunting(on) {
      hunting = on;
    },
    setSignInTables(names) {
      signInTables = names;
    },
    setIdentityProtection(on) {
      identityProtection = on;
    },
    alerts,
    submissions,
    subscriptions,
    limits: () => limits,
    setLimits(change) {
      limits = { ...limits, ...change };
    },
    revokeTokens() {
      revoked = new Set(used);
    },
    setBeliefs(change) {
      beliefs = { ...beliefs, ...change };
    },
    onRequest(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onBatch(listener) {
      batchListeners.add(listener);
      return () => batchListeners.delete(listener);
    },
    async close() {
      unwatch();
      closing.abort();
      await listening.close();
    },
  };
}

const UNAVAILABLE = problem(503, 'serviceNotAvailable', 'The service is temporarily unavailable.');

function innerCall({ method, url, headers, body }: InnerRequest, caller: BatchCaller): Call {
  const [path = '', ...rest] = url.split('?');
  const ids = { requestId: randomUUID(), clientRequestId: headers['client-request-id'] ?? null };
  return { ...caller, ...ids, method, path, rawQuery: rest.join('?'), headers, body, inBatch: true };
}

function unauthorized(message: string): Reply {
  const challenge = 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"';
  return problem(401, 'InvalidAuthenticationToken', message, { 'WWW-Authenticate': challenge });
}

const CLAIMS = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1790000000"}}}').toString('base64');

/** learn.microsoft.com/entra/identity-platform/claims-challenge. */
const CHALLENGE = problem(401, 'InvalidAuthenticationToken', 'Continuous access evaluation resulted in challenge.', {
  'WWW-Authenticate': `Bearer realm="", error="insufficient_claims", claims="${CLAIMS}"`,
});
