import { setTimeout as delay } from 'node:timers/promises';
import type { TenantUser } from '../tenant/types.ts';
import type { FaultBoard, Share } from './faults.ts';
import { type Limiter, seconds, throttled } from './limiter.ts';
import type { LogEntry, Recorder } from './log.ts';
import { parseQuery, segments } from './query.ts';
import { badRequest, fail, type Json, problem, Refused, type Reply, record } from './reply.ts';
import { type Matched, matchRoute } from './router.ts';
import type { Call, Range, Route, Service, Task, WriteEffect } from './types.ts';

/** What somebody who waits for the right moment gets to know, just before the operation is carried out. */
export interface Upcoming {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly mailbox: string | null;
}

export interface Engine {
  readonly service: Service;
  readonly limiter: Limiter;
  readonly board: FaultBoard;
  readonly recorder: Recorder;
  readonly closing: AbortSignal;
  readonly upcoming: (about: Upcoming) => void;
}

/** One HTTP request. With it, the answers of everything inside are lost together. */
export interface Trip {
  /** In [0, 1): one throw of the dice for all of its writes. */
  readonly luck: number;
  lost: boolean;
  readonly entries: { lost: boolean }[];
}

interface Order {
  readonly engine: Engine;
  readonly call: Call;
  readonly trip: Trip;
  readonly route: Route;
  readonly params: Matched['params'];
  readonly user: TenantUser | null;
}

/**
 * Carries out one operation, direct or inside a batch: limits, faults, service time, effect, log. Throws only when
 * the server is being closed.
 */
export async function perform(engine: Engine, call: Call, trip: Trip): Promise<Reply> {
  const found = attempt(() => matchRoute(call.method, segments(call.path), call.version));
  if ('status' in found) return finish(engine, call, trip, found, { operation: 'unknown', mailbox: null });
  const { route, params } = found;
  const user = engine.service.tenant.userByKey(params['user'] ?? '');
  const order: Order = { engine, call, trip, route, params, user };
  const about = { operation: route.operation, mailbox: user?.id ?? null };
  engine.recorder.began();
  try {
    const written: WriteEffect[] = [];
    const reply = await guarded(order, written);
    return finish(engine, call, trip, reply, about, written[0]);
  } finally {
    engine.recorder.ended();
  }
}

function finish(
  { recorder, service }: Engine,
  { method, path, rawQuery, requestId, clientRequestId, inBatch, body }: Call,
  trip: Trip,
  reply: Reply,
  about: Pick<LogEntry, 'operation' | 'mailbox'>,
  effect?: WriteEffect,
): Reply {
  const answer = withInnerError(reply, requestId, clientRequestId, service.clock());
  const entry = {
    at: service.clock(),
    method,
    path: rawQuery === '' ? path : `${path}?${rawQuery}`,
    ...about,
    status: reply.status,
    code: codeOf(reply),
    requestId,
    clientRequestId,
    inBatch,
    body,
    lost: trip.lost,
    ...effect,
  };
  trip.entries.push(entry);
  recorder.add(entry);
  return answer;
}

function codeOf({ body }: Reply): string | null {
  const code = record(record(body)?.['error'])?.['code'];
  return typeof code === 'string' ? code : null;
}

/** Completes an error body as Graph does. */
export function withInnerError(reply: Reply, requestId: string, clientRequestId: string | null, now: number): Reply {
  const error = record(record(reply.body)?.['error']);
  if (!error) return reply;
  const date = new Date(now).toISOString().slice(0, 19);
  const innerError = { date, 'request-id': requestId, 'client-request-id': clientRequestId ?? requestId };
  return { ...reply, body: { error: { ...error, innerError } } };
}

function attempt<T extends object>(work: () => T): T | Reply {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    return problem(500, 'generalException', error instanceof Error ? error.message : 'unknown');
  }
}

async function guarded(order: Order, written: WriteEffect[]): Promise<Reply> {
  const { engine, call, route } = order;
  if (!route.roles.some((role) => call.roles.has(role))) return forbidden(route);
  const trouble = route.outlook ? outlookTrouble(order) : null;
  if (trouble) return trouble;
  const place = route.outlook ? engine.limiter.enter(call.claims.appid, mailboxKey(order)) : { leave: () => {} };
  if ('status' in place) return place;
  try {
    return await served(order, written);
  } finally {
    place.leave();
  }
}

async function served(order: Order, written: WriteEffect[]): Promise<Reply> {
  const { engine, call, trip, route, user } = order;
  await rest(order);
  const mailbox = user?.id ?? null;
  const oneOff = engine.board.due(route.operation, mailbox);
  if (oneOff === 'dropped') {
    trip.lost = true;
    return problem(503, 'serviceNotAvailable', 'The connection was cut before anything was done.');
  }
  if (oneOff !== null && oneOff !== 'lost') {
    const headers = oneOff.retryAfter === undefined ? {} : { 'Retry-After': oneOff.retryAfter };
    return problem(oneOff.status, oneOff.code, oneOff.message ?? oneOff.code, headers);
  }
  const reply = attempt(() => {
    engine.upcoming({ operation: route.operation, method: call.method, path: call.path, mailbox });
    return execute(order, written);
  });
  const { after } = route;
  if (after && reply.status < 300) return after(engine.service, reply);
  const unlucky = written.length > 0 && trip.luck < engine.board.faults.of(mailbox).lostAnswers;
  if (unlucky || oneOff === 'lost') trip.lost = true;
  return reply;
}

function execute({ engine, call, route, params }: Order, written: WriteEffect[]): Reply {
  const { service } = engine;
  const query = parseQuery(call.rawQuery);
  if (query.expand !== null && route.operation !== 'getMessage')
    badRequest("The query option '$expand' is not supported here.");
  // What was taken on earlier is done by itself, whoever looks.
  service.remediations.settle();
  service.tenant.settleAccounts();
  const refused = overLimit(engine.limiter, route);
  if (refused) return refused;
  // As they are now: what was done late was done since they were looked up.
  const key = params['user'];
  const somebody = key === undefined ? null : somebodyOr404(engine, route, service.tenant.userByKey(key), key);
  const task: Task = {
    service,
    call,
    query,
    params,
    // Routes with neither a user nor a mailbox in their path never read these two.
    user: somebody as TenantUser,
    get box() {
      return service.tenant.mailbox(somebody?.id ?? '');
    },
    json: () => jsonOf(call),
    wrote: (effect) => written.push(effect),
  };
  return route.handle(task);
}

/** Of what is limited for the whole tenant, whosever mailbox it is about. */
function overLimit(limiter: Limiter, { operation, pattern }: Route): Reply | null {
  if (operation === 'hunt') return limiter.hunt();
  if (operation === 'trace') return limiter.trace();
  if (pattern[0] === 'identityprotection') return limiter.risk();
  if (pattern[0] === 'auditlogs') return limiter.auditLogs();
  const isSubmission = operation.endsWith('Submission') || operation === 'listSubmissions';
  return isSubmission ? limiter.submissions() : null;
}

function somebodyOr404({ board, service }: Engine, route: Route, user: TenantUser | null, key: string): TenantUser {
  const access = user === null ? 'unknown' : board.faults.of(user.id).access;
  if (user === null || access === 'unknown') {
    if (route.outlook) return fail(404, 'ResourceNotFound', 'Resource could not be discovered.');
    return fail(404, 'Request_ResourceNotFound', `Resource '${key}' does not exist.`);
  }
  if (!route.outlook) return user;
  if (access === 'denied') fail(403, 'ErrorAccessDenied', 'Access to OData is disabled.');
  if (access === 'wavering' && service.random() < 0.5)
    fail(404, 'ResourceNotFound', 'Resource could not be discovered.');
  if (access === 'notEnabled' || access === 'wavering' || user.mail === null || user.hosted === 'on-premises') {
    const message = 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.';
    fail(404, 'MailboxNotEnabledForRESTAPI', message);
  }
  return user;
}

function jsonOf({ body }: Call): Json {
  if (body === undefined) return badRequest('Empty Payload. JSON content expected.');
  return record(body) ?? fail(400, 'RequestBodyRead', 'The body is not a JSON object.');
}

function forbidden({ outlook, operation, pattern, roles }: Route): Reply {
  if (outlook) return problem(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
  if (operation === 'hunt')
    return problem(403, 'Forbidden', `Missing application roles. Required: ${roles.join(', ')}.`);
  if (pattern[0] === 'identityprotection') {
    const message = 'You cannot perform the requested operation, required scopes are missing in the token.';
    return problem(403, 'Forbidden', message);
  }
  if (pattern[0] === 'auditlogs') {
    const message = `Calling principal does not have required MSGraph permissions ${roles.join(', ')}`;
    return problem(403, 'Authentication_MSGraphPermissionMissing', message);
  }
  return problem(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

function mailboxKey({ user, params }: Order): string {
  return user?.id ?? `? ${params['user']?.toLowerCase()}`;
}

function outlookTrouble({ engine, user }: Order): Reply | null {
  const { random } = engine.service;
  const { throttled: storm, unavailable } = engine.board.faults.of(user?.id ?? null);
  const hit = (share: Share | null): share is Share => share !== null && random() < share.share;
  const wait = (range: Range | null) => (range === null ? null : seconds(range, random));
  if (hit(storm)) return throttled('Application is over its request limit.', wait(storm.retryAfter));
  if (!hit(unavailable)) return null;
  const after = wait(unavailable.retryAfter);
  const headers = after === null ? {} : { 'Retry-After': after };
  const code = unavailable.code ?? 'serviceNotAvailable';
  return problem(503, code, 'The service is temporarily unavailable.', headers);
}

async function rest({ engine, user }: Order): Promise<void> {
  const { random, limits } = engine.service;
  const between = ([from, to]: Range) => from + random() * (to - from);
  const extra = engine.board.faults.of(user?.id ?? null).latencyMs;
  const ms = between(limits().serviceMs) + (extra === null ? 0 : between(extra));
  if (ms > 0) await delay(ms, undefined, { signal: engine.closing, ref: false });
}
