import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen, sendJson } from '../entra/http.ts';

/** The SIEM API of Proofpoint TAP on this machine: an hour at most, seven days back, and a budget that it says nothing of. */

export interface Proofpoint {
  readonly url: string;
  /** Events by the time at which they show, ISO. */
  readonly events: {
    readonly at: string;
    readonly list: 'messagesDelivered' | 'messagesBlocked' | 'clicksPermitted';
    readonly event: object;
  }[];
  readonly asked: string[];
  /** Answers that come in place of the next ones. */
  readonly trouble: (number | 'cut')[];
  /** Questions that are still allowed in these 24 hours. */
  budget: number;
  close(): Promise<void>;
}

const INTERVAL = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/;
const [HOUR_MS, WEEK_MS, LEAST_MS] = [3_600_000, 7 * 86_400_000, 30_000];

export async function startProofpoint(own: {
  readonly principal: string;
  readonly secret: string;
  readonly clock: () => number;
}): Promise<Proofpoint> {
  const wanted = `Basic ${Buffer.from(`${own.principal}:${own.secret}`).toString('base64')}`;

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '', 'http://x');
    state.asked.push(url.searchParams.get('interval') ?? url.search);
    if (req.headers.authorization !== wanted) return sendJson(res, 401, {});
    if (url.pathname !== '/v2/siem/all' || url.searchParams.get('format') !== 'json') return sendJson(res, 404, {});
    // No header says how much is left, or when it may be asked again.
    if (state.budget <= 0) return sendJson(res, 429, {});
    state.budget -= 1;
    const next = state.trouble.shift();
    if (typeof next === 'number') return sendJson(res, next, {});
    const [, from = '', to = ''] = INTERVAL.exec(url.searchParams.get('interval') ?? '') ?? [];
    if (!isAllowed(Date.parse(from), Date.parse(to)))
      return sendJson(res, 400, { message: 'The interval is not valid.' });
    return send(res, from, to, next === 'cut');
  }

  function isAllowed(from: number, to: number): boolean {
    const length = to - from;
    return length >= LEAST_MS && length <= HOUR_MS && own.clock() - from <= WEEK_MS && to <= own.clock() + 1_000;
  }

  function send(res: ServerResponse, from: string, to: string, cut: boolean): void {
    const found = state.events.filter(({ at }) => at >= from && at < to);
    if (found.length === 0) {
      res.writeHead(204).end();
      return;
    }
    const of = (list: string) => found.filter((one) => one.list === list).map(({ event }) => event);
    const text = JSON.stringify({
      queryEndTime: to,
      clicksPermitted: of('clicksPermitted'),
      clicksBlocked: [],
      messagesDelivered: of('messagesDelivered'),
      messagesBlocked: of('messagesBlocked'),
    });
    res.writeHead(200, { 'Content-Type': 'application/json' });
    res.end(cut ? text.slice(0, -30) : text);
  }

  const listening = await listen(0, handle);
  const state: Proofpoint = {
    url: listening.url,
    events: [],
    asked: [],
    trouble: [],
    budget: 1_800,
    close: () => listening.close(),
  };
  return state;
}
