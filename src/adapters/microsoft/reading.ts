import type { GraphChanging, GraphVersion } from '../../ports/source.ts';
import { createGraphClient, type GraphClientOptions, inLog } from './client.ts';
import { causeNow } from './on-behalf.ts';
import { retryAfterMs } from './said.ts';

/**
 * Microsoft Graph for sources that are asked, and told, through it: each request is one of a batch, which is all the client
 * sends. `change` is sent once.
 */
export function graphReading(options: GraphClientOptions & { readonly clock: () => number }): GraphChanging {
  const client = createGraphClient(options);
  const waitIn = (status: number, header: string | null) =>
    header === null && status !== 429 && status !== 503 ? null : retryAfterMs(header, options.clock());
  async function send(method: string, path: string, operation: string, version: GraphVersion, body?: unknown) {
    const id = options.ids();
    const asked = { id, method, operation, path: inLog(version, path), mailbox: null, cause: causeNow() };
    const headers = {
      'client-request-id': id,
      ...(path.startsWith('/users/') ? SAME_IDS : {}),
      ...(body === undefined ? {} : JSON_BODY),
    };
    const requests = [{ id: '1', method, url: path, headers, ...(body === undefined ? {} : { body }) }];
    const reply = await client.post('/$batch', { requests }, undefined, {
      ...{ operation: 'batch', changes: method !== 'GET', inner: [asked], version },
      statuses: (told) => [innerOf(told)?.status ?? 0],
    });
    const inner = innerOf(reply.body);
    if (reply.status !== 200 || !inner)
      return {
        status: reply.status === 200 ? 502 : reply.status,
        body: undefined,
        waitMs: waitIn(reply.status, reply.headers.get('retry-after')),
      };
    const header = Object.entries(inner.headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
    return { status: inner.status, body: inner.body, waitMs: waitIn(inner.status, header ?? null) };
  }
  return {
    get: (path, version = 'v1.0') => send('GET', path, 'source', version),
    change: (method, path, body, version = 'v1.0') => send(method, path, 'tell source', version, body),
  };
}

/** Of messages, so that one keeps its name wherever somebody moves it to. */
const SAME_IDS = { Prefer: 'IdType="ImmutableId"' };
const JSON_BODY = { 'Content-Type': 'application/json' };

interface Inner {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

function innerOf(body: unknown): Inner | null {
  const [first] = (body as { readonly responses?: readonly Partial<Inner>[] } | undefined)?.responses ?? [];
  if (typeof first?.status !== 'number') return null;
  return { status: first.status, headers: first.headers ?? {}, body: first.body };
}
