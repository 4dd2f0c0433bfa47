import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody on call. Left out, it is level 1 of one escalation policy, and for good. */
interface OnCallHere {
  readonly id: string;
  readonly email: string;
  readonly level?: number;
  /** ISO times. */
  readonly start?: string;
  readonly end?: string;
}

/**
 * PagerDuty's REST API, version 2, as far as GET /oncalls goes: the token in its own scheme, classic pagination (`limit` at
 * most 100, `offset`, `more`, no more than 10,000 in all), a range of time that does not run backwards and what touches it, an
 * entry for each escalation level, users in full only where they are included, its error bodies, and when to ask again.
 */
export interface FakePagerDuty {
  readonly url: string;
  readonly token: string;
  /** By schedule id: who is on call, with the addresses of their accounts. */
  readonly onCall: Map<string, readonly OnCallHere[]>;
  /** Answered in place of anything, until it is taken away or for so many `times`; 'hang': nothing at all. */
  trouble:
    | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string; times?: number }
    | 'hang'
    | null;
  readonly asked: URL[];
  close(): Promise<void>;
}

const MOST = 100;
/** [PagerDuty, pagination: offset and limit together.] */
const MOST_IN_ALL = 10_000;
const INCLUDES = ['users', 'schedules', 'escalation_policies'];
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

export async function startFakePagerDuty(token = 'u+NbAkKc66ryYTWUXYEu'): Promise<FakePagerDuty> {
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://loopback');
    fake.asked.push(url);
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    const refuse = (status: number, code: number, message: string) => answer(status, { error: { code, message } });
    const told = troubleOf(fake);
    if (told === 'hang') return;
    if (told)
      return void res.writeHead(told.status, { 'content-type': 'application/json', ...told.headers }).end(told.body);
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

function troubleOf({ trouble }: FakePagerDuty) {
  if (trouble === null || trouble === 'hang') return trouble;
  if (trouble.times === 0) return null;
  if (trouble.times !== undefined) trouble.times -= 1;
  return { headers: {}, body: '{"error":{"message":"told to"}}', ...trouble };
}

/** Null for what the API does not take. */
function pageOf(asked: URLSearchParams, onCall: FakePagerDuty['onCall']): object | null {
  const limit = Number(asked.get('limit') ?? '25');
  const offset = Number(asked.get('offset') ?? '0');
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST || !Number.isInteger(offset) || offset < 0) return null;
  if (offset + limit > MOST_IN_ALL) return null;
  const [since, until] = [asked.get('since') ?? '', asked.get('until') ?? ''];
  if (!TIME.test(since) || !TIME.test(until) || Date.parse(until) < Date.parse(since)) return null;
  const include = asked.getAll('include[]');
  if (include.some((one) => !INCLUDES.includes(one))) return null;
  const all = asked
    .getAll('schedule_ids[]')
    .flatMap((schedule) => (onCall.get(schedule) ?? []).map((person) => ({ schedule, person })))
    .filter(({ person: { start, end } }) => (start ?? since) <= until && (end ?? until) >= since)
    .map(({ schedule, person: { id, email, level = 1, start = null, end = null } }) => ({
      escalation_policy: { id: 'PPOLICY', type: 'escalation_policy_reference' },
      escalation_level: level,
      schedule: { id: schedule, type: 'schedule_reference' },
      user: include.includes('users') ? { id, email, type: 'user' } : { id, type: 'user_reference' },
      ...{ start, end },
    }));
  const oncalls = all.slice(offset, offset + limit);
  return { oncalls, limit, offset, more: offset + limit < all.length, total: null };
}
