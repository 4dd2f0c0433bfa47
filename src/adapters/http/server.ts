import { rm } from 'node:fs/promises';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Limits } from './limits.ts';
import { sendProblem } from './problem.ts';

/** Answers one request. A string is the reason of a refusal, for the security log. */
export type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<string | null>;

/** `METHOD /path` -> handler; the path is compared whole. */
export type Routes = ReadonlyMap<string, Handler>;

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

export interface ServerEvents {
  refused(route: string, why: string): void;
  failed(route: string, error: unknown): void;
  answered(route: string, status: number, ms: number): void;
}

/**
 * Starts listening on host and port, or on the path of a Unix socket that only this user can open. `limits` hold for
 * everybody who comes over the network; whoever has the socket is never kept waiting.
 */
export async function listen(
  routes: Routes,
  at: { readonly host: string; readonly port: number } | { readonly socket: string },
  events: ServerEvents,
  limits: Limits | null = null,
): Promise<Listening> {
  const server = http.createServer({ headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 16_384 });
  const surroundings = { events, limits: 'socket' in at ? null : limits };
  server.on('request', (req, res) => void answer(routes, req, res, surroundings));
  if ('socket' in at) await rm(at.socket, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen('socket' in at ? { path: at.socket } : at, resolve);
  });
  const address = server.address();
  const url =
    typeof address === 'object' && address !== null
      ? `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
      : String(address);
  return { url, close: () => close(server) };
}

interface Surroundings {
  readonly events: ServerEvents;
  readonly limits: Limits | null;
}

async function answer(
  routes: Routes,
  req: IncomingMessage,
  res: ServerResponse,
  { events, limits }: Surroundings,
): Promise<void> {
  const started = performance.now();
  const { socket } = req;
  const route = routeOf(req);
  res.on('finish', () => {
    events.answered(routes.has(route) ? route : 'other', res.statusCode, performance.now() - started);
    // Answered before the body was all here: what is still to come would be read only to be thrown away.
    if (!req.complete) socket.destroySoon();
  });
  try {
    const wait = (await limits?.waitOf(req)) ?? null;
    // Not recorded one by one any more: that is what the limit is for.
    if (wait !== null) return tooManyRefused(res, wait);
    const handler = routes.get(route);
    const why = handler ? await handler(req, res) : notHere(routes, req, res);
    if (!why) return;
    events.refused(route, why);
    await limits?.refused(req);
  } catch (error) {
    events.failed(route, error);
    sendProblem(res, {
      status: 500,
      type: 'internal',
      title: 'Something went wrong here',
      detail: 'Nothing may have been done. The operator’s log says more; try again.',
    });
  }
}

function tooManyRefused(res: ServerResponse, seconds: number): void {
  res.setHeader('retry-after', String(seconds));
  sendProblem(res, {
    status: 429,
    type: 'too-many-refused',
    title: 'Too many refused requests',
    detail: `Requests from this address were refused too often. Wait ${seconds} s.`,
  });
}

function routeOf(req: IncomingMessage): string {
  try {
    return `${req.method ?? 'GET'} ${new URL(req.url ?? '/', 'http://local').pathname}`;
  } catch {
    return 'malformed request line';
  }
}

function notHere(routes: Routes, req: IncomingMessage, res: ServerResponse): string {
  const path = routeOf(req).split(' ')[1] ?? '';
  const methods = [...routes.keys()].filter((key) => key.endsWith(` ${path}`)).map((key) => key.split(' ')[0]);
  if (methods.length > 0) {
    res.setHeader('allow', methods.join(', '));
    sendProblem(res, {
      status: 405,
      type: 'method',
      title: 'Not with this method',
      detail: `Use ${methods.join(' or ')}.`,
    });
  } else {
    sendProblem(res, {
      status: 404,
      type: 'not-found',
      title: 'There is nothing here',
      detail: 'See the README for the addresses.',
    });
  }
  return 'no such address';
}

/** Stops taking requests, lets those under way finish, then drops what is left. */
async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const patience = setTimeout(() => server.closeAllConnections(), 5_000);
  await closed;
  clearTimeout(patience);
}
