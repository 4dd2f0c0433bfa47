import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Json = Record<string, unknown>;

export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** 'drop' destroys the socket without an answer, 'hang' leaves it open until the server closes. */
export type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown };
/** Sent piece by piece; where it breaks off, the connection does. One that does not end leaves it open. */
interface Flowing {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly pieces: AsyncIterable<Buffer>;
}
export type Outcome = Answer | Flowing | 'drop' | 'hang';

export interface Loopback {
  readonly url: string;
  close(): Promise<void>;
}

export interface Sent {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** `status` 0: no answer came. `ms` is wall time. */
export interface Delivered {
  readonly status: number;
  readonly body: unknown;
  readonly ms: number;
  readonly sent: Sent;
}

export function record(value: unknown): Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : {};
}

/** The token of an `Authorization` header. */
export function bearer(header: string | undefined): string | undefined {
  return /^Bearer (.+)$/.exec(header ?? '')?.[1];
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** undefined for anything that is not JSON. */
export function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

async function readAll(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function incoming(req: IncomingMessage): Promise<Incoming> {
  const url = new URL(req.url ?? '/', 'http://loopback');
  const body = await readAll(req);
  return {
    method: req.method ?? 'GET',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers: req.headers,
    body,
  };
}

function written(body: unknown): string {
  if (body === undefined) {
    return '';
  }
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** Until it takes more, or nothing any more. */
async function roomIn(res: ServerResponse): Promise<void> {
  const either = new AbortController();
  const { signal } = either;
  await Promise.race([once(res, 'drain', { signal }), once(res, 'close', { signal })]);
  either.abort();
}

async function flow(res: ServerResponse, { status, headers, pieces }: Flowing): Promise<void> {
  res.writeHead(status, headers);
  for await (const piece of pieces) {
    if (res.destroyed) return;
    if (!res.write(piece)) await roomIn(res);
  }
  res.end();
}

/** Listens on 127.0.0.1 only; port 0 takes a free one. An exception of the handler is a 500 with its message. */
export async function listen(handler: (request: Incoming) => Promise<Outcome>, port = 0): Promise<Loopback> {
  // Longer than anybody here pauses: a connection that ends in the moment of its next use breaks what is asked over it.
  const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    incoming(req)
      .then(handler)
      .catch((error: unknown): Outcome => ({ status: 500, body: { error: String(error) } }))
      .then((outcome) => {
        if (outcome === 'hang') {
          return undefined;
        }
        if (outcome === 'drop') {
          req.socket.destroy();
          return undefined;
        }
        if ('pieces' in outcome) {
          return flow(res, outcome);
        }
        const plain = typeof outcome.body === 'string' || outcome.body === undefined;
        const type = plain ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
        res.writeHead(outcome.status, { 'content-type': type, ...outcome.headers }).end(written(outcome.body));
        return undefined;
      })
      .catch(() => req.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** One POST. The vendors give up after `patienceMs`; that is an answer with status 0 here, never an exception. */
export async function deliver(sent: Sent, patienceMs: number): Promise<Delivered> {
  const started = performance.now();
  const done = (status: number, body: unknown): Delivered => ({ status, body, ms: performance.now() - started, sent });
  const giveUp = new AbortController();
  const answer = fetch(sent.url, { method: 'POST', headers: sent.headers, body: sent.body, signal: giveUp.signal })
    .then(async (response) => {
      const raw = await response.text();
      return done(response.status, parseJson(raw) ?? raw);
    })
    .catch((error: unknown) => done(0, String(error)));
  const patience = new AbortController();
  const expired = sleep(patienceMs, undefined, { signal: patience.signal }).then(
    () => giveUp.abort(),
    () => undefined,
  );
  const delivered = await answer;
  patience.abort();
  await expired;
  return delivered;
}
