import { rm } from 'node:fs/promises';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ClawbackError } from '../../core/error.ts';
import { sendProblem } from './problem.ts';

/** Answers one request. A string is the reason of a refusal, for the security log: one of few, never what was sent. */
export type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<string | null>;

/**
 * For requests that are signed. `wait`: seconds for which its address is out of favour; a request that does not verify
 * is then turned away without a reason.
 */
export type SignedHandler = (req: IncomingMessage, res: ServerResponse, wait?: number | null) => Promise<string | null>;

/** `METHOD /path` -> handler; the path is compared whole. */
export type Routes = ReadonlyMap<string, Handler>;

const AGAIN_AFTER_S = 10;

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** `route` is one of the routes, or `other`: whoever makes up addresses makes up no names in our books. */
export interface ServerEvents {
  refused(route: string, why: string): void;
  failed(route: string, error: unknown): void;
  answered(route: string, status: number, ms: number): void;
}

/**
 * Starts listening on host and port, or on the path of a Unix socket that only this user can open. `elsewhere` sees to
 * requests for an address that is not there.
 */
export async function listen(
  routes: Routes,
  at: { readonly host: string; readonly port: number } | { readonly socket: string },
  events: ServerEvents,
  elsewhere: (notHere: Handler) => Handler = (notHere) => notHere,
): Promise<Listening> {
  const server = http.createServer({ headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 16_384 });
  const other = elsewhere((req, res) => Promise.resolve(notHere(routes, req, res)));
  server.on('request', (req, res) => void answer({ routes, other, events }, req, res));
  if ('socket' in at) await makeWay(at.socket);
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

/** For what an earlier process left there. Throws ClawbackError 'config' for what is no socket and cannot be taken away. */
async function makeWay(socket: string): Promise<void> {
  await rm(socket, { force: true }).catch((cause: NodeJS.ErrnoException) => {
    const found = `${socket}, where the operator socket belongs, cannot be taken away (${cause.code ?? 'no reason given'})`;
    throw new ClawbackError('config', `${found}: remove it while no Clawback runs there`, { cause, field: 'data' });
  });
}

interface Surroundings {
  readonly routes: Routes;
  readonly other: Handler;
  readonly events: ServerEvents;
}

async function answer(
  { routes, other, events }: Surroundings,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const started = performance.now();
  const { socket } = req;
  const handler = routes.get(routeOf(req));
  const route = handler ? routeOf(req) : 'other';
  res.on('finish', () => {
    events.answered(route, res.statusCode, performance.now() - started);
    // Answered before the body was all here: what is still to come would be read only to be thrown away.
    if (!req.complete) socket.destroySoon();
  });
  try {
    const why = await (handler ?? other)(req, res);
    if (why !== null) events.refused(route, why);
  } catch (error) {
    events.failed(route, error);
    sendFailure(res, error);
  }
}

/** What passes by itself is said as such: a sender that reads it comes again. */
function sendFailure(res: ServerResponse, error: unknown): void {
  if (error instanceof ClawbackError && error.code === 'unavailable') {
    if (!res.headersSent) res.setHeader('retry-after', String(AGAIN_AFTER_S));
    sendProblem(res, {
      status: 503,
      type: 'unavailable',
      title: 'Not just now',
      detail: 'Something that this needs does not answer. Nothing may have been done; try again.',
    });
  } else {
    sendProblem(res, {
      status: 500,
      type: 'internal',
      title: 'Something went wrong here',
      detail: 'Nothing may have been done. The operator’s log says more; try again.',
    });
  }
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

/** Of the 15 s in which a process has to end. */
const PATIENCE_MS = 3_000;

/** Stops taking requests, lets those under way finish, then drops what is left. */
async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const patience = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
  await closed;
  clearTimeout(patience);
}
