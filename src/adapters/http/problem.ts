import type { ServerResponse } from 'node:http';
import type { Answer } from '../../ports/source.ts';

/** RFC 9457 problem details. `type` is a stable name, `detail` says what to do about it. */
export interface Problem {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly [extension: string]: unknown;
}

export function sendProblem(res: ServerResponse, { type, ...rest }: Problem): void {
  sendAnswer(res, {
    status: rest.status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({ type: `urn:clawback:problem:${type}`, ...rest }),
  });
}

export function sendAnswer(res: ServerResponse, { status, headers, body }: Answer): void {
  if (res.headersSent) {
    res.end();
    return;
  }
  res.writeHead(status, {
    ...headers,
    // The rest of a refused body is not read: the connection cannot be used again, and whoever keeps it, a proxy that
    // has the next alert to deliver, has to know.
    ...(status === 413 || res.req?.complete === false ? { connection: 'close' } : {}),
  });
  res.end(body);
}

export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify(body));
}
