import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * PagerDuty's REST API, version 2, as far as GET /oncalls goes: the token in its own scheme, classic pagination (`limit` at
 * most 100, `offset`, `more`), users in full only where they are included, and its error bodies.
 */
export interface FakePagerDuty {
  readonly url: string;
  readonly token: string;
  /** By schedule id: who is on call, with the addresses of their accounts. */
  readonly onCall: Map<string, readonly { readonly id: string; readonly email: string }[]>;
  /** Answered in place of anything, until it is taken away; 'hang': nothing at all. */
  trouble:
    | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
    | 'hang'
    | null;
  readonly asked: URL[];
  close(): Promise<void>;
}

const MOST = 100;

export async function startFakePagerDuty(token = 'u+NbAkKc66ryYTWUXYEu'): Promise<FakePagerDuty> {
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://loopback');
    fake.asked.push(url);
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    const refuse = (status: number, code: number, message: string) => answer(status, { error: { code, message } });
    if (fake.trouble === 'hang') return;
    if (fake.trouble) {
      const { status, headers = {}, body = '{"error":{"message":"told to"}}' } = fake.trouble;
      return void res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    }
    if (req.method !== 'GET' || url.pathname !== '/oncalls') return void refuse(404, 2100, 'Not Found');
    if (req.headers.authorization !== `Token token=${token}`) return void refuse(401, 2006, 'Unauthorized');
    if (!/application\/vnd\.pagerduty\+json;version=2/.test(req.headers.accept ?? ''))
      return void refuse(406, 2101, 'Not Acceptable');
    const page = pageOf(url.searchParams, fake.onCall);
    return void (page ? answer(200, page) : refuse(400, 2001, 'Invalid Input Provided'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakePagerDuty = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    onCall: new Map(),
    trouble: null,
    asked: [],
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}

/** Null for numbers that the API does not take. */
function pageOf(asked: URLSearchParams, onCall: FakePagerDuty['onCall']): object | null {
  const limit = Number(asked.get('limit') ?? '25');
  const offset = Number(asked.get('offset') ?? '0');
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST || !Number.isInteger(offset) || offset < 0) return null;
  const isFull = asked.getAll('include[]').includes('users');
  const all = asked.getAll('schedule_ids[]').flatMap((schedule) =>
    (onCall.get(schedule) ?? []).map((user) => ({
      schedule: { id: schedule, type: 'schedule_reference' },
      ...{ escalation_level: 1, start: null, end: null },
      user: isFull ? { ...user, type: 'user' } : { id: user.id, type: 'user_reference' },
    })),
  );
  const oncalls = all.slice(offset, offset + limit);
  return { oncalls, limit, offset, more: offset + limit < all.length, total: null };
}
