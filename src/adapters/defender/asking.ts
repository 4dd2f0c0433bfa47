import { z } from 'zod';
import type { LookResult } from '../../core/find/plan.ts';
import { type GraphClient, type GraphReply, nextPath, type Observed, type Purpose } from '../microsoft/client.ts';
import { causeNow } from '../microsoft/on-behalf.ts';
import { errorCode, retryAfterMs } from '../microsoft/said.ts';
import { TransportError } from '../microsoft/transport-error.ts';

/** Questions to Defender, twenty in a batch. Nothing that the service or the network does makes it throw. */

export type Answer<T> =
  | { readonly is: 'ok'; readonly value: T; readonly requestId: string }
  | { readonly is: 'busy'; readonly waitMs: number; readonly requestId: string }
  | {
      readonly is: 'not';
      readonly why: Extract<LookResult, 'denied' | 'failed'>;
      readonly detail: string;
      readonly requestId: string;
    };

export interface AskingTools {
  readonly client: GraphClient;
  readonly clock: () => number;
  /** Fresh GUIDs, for the `client-request-id` of each request inside a batch. */
  readonly ids: () => string;
  readonly observe: (event: Observed) => void;
}

export interface Rows<T> {
  readonly value: readonly T[];
  readonly next: string | null;
}

/** learn.microsoft.com/graph/json-batching. */
const MAX_PER_BATCH = 20;
const AT_ONCE = 4;
/** When no token or no connection could be had: somebody has to repair something first. */
const UNSENT_WAIT_MS = 30_000;
const BUSY = new Set([429, 503]);
const OPERATION = 'analyzedEmails';

const Envelope = z.object({ responses: z.array(z.unknown()) });
const Inner = z.object({
  id: z.coerce.string(),
  status: z.int(),
  headers: z.record(z.string(), z.unknown()).nullish(),
  body: z.unknown().optional(),
});

/** Asks for each of these paths, and answers in their order. */
export async function askAll<T>(
  tools: AskingTools,
  paths: readonly string[],
  row: z.ZodType<T>,
): Promise<readonly Answer<Rows<T>>[]> {
  const parts = Array.from({ length: Math.ceil(paths.length / MAX_PER_BATCH) }, (_, n) =>
    paths.slice(n * MAX_PER_BATCH, (n + 1) * MAX_PER_BATCH),
  );
  const answers: Answer<Rows<T>>[][] = [];
  const next = parts.entries();
  const lane = async () => {
    for (const [n, part] of next) answers[n] = await askPart(tools, part, row);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, parts.length) }, lane));
  return answers.flat();
}

async function askPart<T>(
  { client, clock, ids, observe }: AskingTools,
  paths: readonly string[],
  row: z.ZodType<T>,
): Promise<Answer<Rows<T>>[]> {
  const startedAt = clock();
  const asked = paths.map((url) => ({ id: ids(), url }));
  const requests = asked.map(({ id, url }, n) => ({
    id: String(n),
    method: 'GET',
    url,
    headers: { 'client-request-id': id },
  }));
  const Page = z.object({ value: z.array(row), '@odata.nextLink': z.string().optional() });
  let outer: GraphReply;
  try {
    outer = await client.post('/$batch', { requests }, undefined, purposeOf(asked));
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    observe({ operation: OPERATION, status: 0, ms: clock() - startedAt });
    const lost: Answer<never> = error.sent
      ? { is: 'not', why: 'failed', detail: error.message, requestId: '' }
      : { is: 'busy', waitMs: UNSENT_WAIT_MS, requestId: '' };
    return paths.map(() => lost);
  }
  const { status, requestId, headers, body } = outer;
  if (status < 200 || status >= 300) {
    observe({ operation: OPERATION, status, ms: clock() - startedAt });
    const whole = said(status, body, headers.get('retry-after'), { now: clock(), requestId });
    return paths.map(() => whole);
  }
  const inner = innerOf(body);
  return paths.map((path, n): Answer<Rows<T>> => {
    const answer = inner.get(String(n));
    observe({ operation: OPERATION, status: answer?.status ?? 0, ms: clock() - startedAt });
    if (!answer) return { is: 'not', why: 'failed', detail: 'the batch came back without this answer', requestId };
    const own = new Map(
      Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    const about = { now: clock(), requestId: own.get('request-id') ?? requestId };
    if (answer.status !== 200) return said(answer.status, answer.body, own.get('retry-after') ?? null, about);
    const page = Page.safeParse(answer.body).data;
    if (!page)
      return { is: 'not', why: 'failed', detail: 'the answer has an unknown shape', requestId: about.requestId };
    return nextOf(client.origin, path, page, about.requestId);
  });
}

/** By the ids that they were asked under. */
function innerOf(body: unknown): ReadonlyMap<string, z.infer<typeof Inner>> {
  return new Map(
    (Envelope.safeParse(body).data?.responses ?? []).flatMap((one) => {
      const read = Inner.safeParse(one).data;
      return read ? [[read.id, read] as const] : [];
    }),
  );
}

/** For the log of requests. */
function purposeOf(asked: readonly { readonly id: string; readonly url: string }[]): Purpose {
  const about = { method: 'GET', operation: OPERATION, mailbox: null, cause: causeNow() };
  return {
    operation: 'batch',
    changes: false,
    inner: asked.map(({ id, url }) => ({ id, path: url, ...about })),
    statuses: (body) => {
      const inner = innerOf(body);
      return asked.map((_, n) => inner.get(String(n))?.status ?? 0);
    },
  };
}

function nextOf<T>(
  origin: string,
  path: string,
  { value, '@odata.nextLink': link }: { readonly value: readonly T[]; readonly '@odata.nextLink'?: string | undefined },
  requestId: string,
): Answer<Rows<T>> {
  try {
    return { is: 'ok', value: { value, next: link === undefined ? null : nextPath(origin, link, path) }, requestId };
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'the link to the next page is no link';
    return { is: 'not', why: 'failed', detail, requestId };
  }
}

function said(
  status: number,
  body: unknown,
  retryAfter: string | null,
  { now, requestId }: { readonly now: number; readonly requestId: string },
): Answer<never> {
  if (BUSY.has(status)) return { is: 'busy', waitMs: retryAfterMs(retryAfter, now), requestId };
  const why = status === 401 || status === 403 ? 'denied' : 'failed';
  return { is: 'not', why, detail: `${status} ${errorCode(body)}`.trim(), requestId };
}
