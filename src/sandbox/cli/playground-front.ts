import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '../../adapters/http/body.ts';
import type { Sandbox } from '../sandbox.ts';

export interface Front {
  /** Where the Playground has to send to. */
  readonly url: string;
  /** Resolves when somebody has opened the page: only then does the Playground send anything. */
  readonly visited: Promise<void>;
  close(): Promise<void>;
}

const MOST_BYTES = 262_144;

/**
 * The Playground signs nothing, and Clawback takes nothing unsigned: this stands between them and sends each activity
 * on under a token of the sandbox's own issuer. So no switch in the product turns its checks off. Loopback only, and
 * only for the sandbox, whose ids no real tenant has.
 */
export async function startFront(teams: Sandbox['teams']): Promise<Front> {
  const { promise: visited, resolve: visit } = Promise.withResolvers<void>();
  const server = http.createServer((req, res) => {
    pass(teams, req, res).then(
      (passed) => passed && visit(),
      () => res.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/messages`,
    visited,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function pass(teams: Sandbox['teams'], req: IncomingMessage, res: ServerResponse): Promise<boolean> {
  // A page on the web can make a browser post here, but neither as JSON nor under this name.
  const local = /^(?:127\.0\.0\.1|localhost):\d+$/.test(req.headers.host ?? '');
  const json = req.headers['content-type']?.startsWith('application/json') === true;
  if (req.method !== 'POST' || !local || !json) return refuse(res, 405);
  const activity = activityIn(await readBody(req, MOST_BYTES));
  if (!activity) return refuse(res, 400);
  const serviceUrl = String(activity['serviceUrl'] ?? '').replace('//localhost:', '//127.0.0.1:');
  const { status, body } = await teams.raw({ ...activity, serviceUrl }, { serviceUrl });
  const empty = body === '' || body === null;
  res.writeHead(status || 502, empty ? {} : { 'content-type': 'application/json' });
  res.end(empty ? undefined : JSON.stringify(body));
  return status === 200;
}

function refuse(res: ServerResponse, status: number): false {
  res.writeHead(status).end();
  return false;
}

function activityIn(bytes: Buffer | null): Record<string, unknown> | null {
  try {
    const activity: unknown = JSON.parse(bytes?.toString('utf8') ?? '');
    return typeof activity === 'object' && activity !== null ? (activity as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
