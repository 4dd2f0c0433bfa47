import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen, readText, sendJson } from '../entra/http.ts';

/** Sublime Platform on this machine, as far as one webhook, one message, and the review of a group go. */

export interface Sublime {
  readonly url: string;
  /** What `GET /v0/messages/{id}` answers, by id. */
  readonly messages: Map<string, object>;
  /** What `GET /v0/messages/{id}/message_data_model` answers, by id; the message without one has none yet. */
  readonly models: Map<string, object>;
  /** Reviews of groups, as they came. */
  readonly reviews: object[];
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** Answers that come in place of the next ones: a status, or a body that is cut off. */
  readonly trouble: (number | 'cut' | 'fine')[];
  /** Sends an event to an address, signed as the webhook is; `at` in milliseconds. */
  deliver(to: string, event: unknown, how?: { readonly at?: number; readonly secret?: string }): Promise<Response>;
  close(): Promise<void>;
}

const CLASSIFICATIONS = new Set(['malicious', 'benign', 'spam', 'graymail', 'simulation', 'unwanted', 'skip']);
const REVIEW_FIELDS = new Set(['message_group_ids', 'classification', 'review_comment', 'share_with_sublime']);

export async function startSublime(own: { readonly key: string; readonly secret: string }): Promise<Sublime> {
  const messages = new Map<string, object>();
  const models = new Map<string, object>();
  const [reviews, asked, trouble]: [object[], string[], (number | 'cut' | 'fine')[]] = [[], [], []];

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '', 'http://x');
    asked.push(`${req.method} ${url.pathname}`);
    if (req.headers.authorization !== `Bearer ${own.key}`)
      return sendJson(res, 401, { error: { type: 'unauthorized', message: 'invalid api key' } });
    const next = trouble.shift();
    if (typeof next === 'number') return sendJson(res, next, { error: { type: 'made up' } }, { 'Retry-After': '7' });
    if (req.method === 'POST' && url.pathname === '/v0/message-groups/review') return review(res, await readText(req));
    return message(res, req.method === 'GET' ? url.pathname : '', next === 'cut');
  }

  function message(res: ServerResponse, path: string, isCut: boolean): void {
    const [, id = '', part] = /^\/v0\/messages\/([^/]+)(\/message_data_model)?$/.exec(path) ?? [];
    const found = (part === undefined ? messages : models).get(decodeURIComponent(id));
    if (!found) sendJson(res, 404, { error: { type: 'not_found' } });
    else if (isCut) cutOff(res, found);
    else sendJson(res, 200, found);
  }

  function review(res: ServerResponse, text: string): void {
    const body = JSON.parse(text) as { message_group_ids?: unknown; classification?: unknown };
    const unknown = Object.keys(body).filter((name) => !REVIEW_FIELDS.has(name));
    const isGood =
      unknown.length === 0 && Array.isArray(body.message_group_ids) && CLASSIFICATIONS.has(String(body.classification));
    if (isGood) reviews.push(body);
    if (isGood) sendJson(res, 202, {});
    else sendJson(res, 400, { error: { type: 'invalid_request', fields: unknown } });
  }

  const listening = await listen(0, handle);
  return {
    url: listening.url,
    messages,
    models,
    reviews,
    asked,
    trouble,
    deliver(to, event, { at = Date.now(), secret = own.secret } = {}) {
      const body = JSON.stringify(event);
      const time = Math.floor(at / 1_000);
      const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
      const headers = { 'content-type': 'application/json', 'x-sublime-signature': `t=${time},v0=${signature}` };
      return fetch(to, { method: 'POST', headers, body });
    },
    close: () => listening.close(),
  };
}

/** The connection breaks before all of it is said. */
function cutOff(res: ServerResponse, body: object): void {
  const text = JSON.stringify(body);
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': text.length });
  res.write(text.slice(0, text.length / 2), () => res.destroy());
}
