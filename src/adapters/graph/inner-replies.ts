import { z } from 'zod';
import { errorCode, retryAfterMs } from '../microsoft/said.ts';
import type { InnerReply } from './answer.ts';

interface Asked {
  readonly id: string;
  readonly clientRequestId: string;
}

/** 503 of one mailbox, for as long as nobody repairs it (microsoft-graph-explorer-v4#3143). */
const STALE = 'MailboxInfoStale';

/** Read one by one: a single odd answer must not turn all the others into lost ones. */
const Envelope = z.object({ responses: z.array(z.unknown()) });
const InnerResponse = z.object({
  id: z.coerce.string(),
  status: z.number().int(),
  headers: z.record(z.string(), z.unknown()).nullish(),
  body: z.unknown().optional(),
});
type InnerResponse = z.infer<typeof InnerResponse>;

/** What each of the posted requests was answered, by its id in the batch. */
export function innerReplies(body: unknown, posts: readonly Asked[], now: number, serverDate: string | null = null) {
  const responses = Envelope.safeParse(body).data?.responses ?? [];
  const known = new Map(posts.map((post) => [post.id, post]));
  const replies = new Map<string, { status: number; reply: InnerReply }>();
  for (const raw of responses) {
    const response = InnerResponse.safeParse(raw).data;
    const post = response && known.get(response.id);
    if (post && !replies.has(post.id)) {
      replies.set(post.id, { status: response.status, reply: innerReply(response, post, { now, serverDate }) });
    }
  }
  return replies;
}

/** The status of each posted request, in their order; 0 where the answer has none. */
export function statusesIn(body: unknown, posts: readonly Pick<Asked, 'id'>[]): readonly number[] {
  const responses: unknown = (body as { responses?: unknown } | undefined)?.responses;
  if (!Array.isArray(responses)) return [];
  const known = new Map<string, number>();
  for (const one of responses as ({ id?: unknown; status?: unknown } | null)[])
    if (typeof one?.status === 'number') known.set(String(one.id), one.status);
  return posts.map(({ id }) => known.get(id) ?? 0);
}

function innerReply(response: InnerResponse, post: Asked, at: Times): InnerReply {
  const { status, body } = response;
  const headers = lowerCased(response.headers ?? {});
  const requestId = headers.get('request-id') ?? post.clientRequestId;
  if (isThrottling(status)) {
    const stuck = errorCode(body) === STALE ? { stuck: true } : {};
    return { kind: 'throttled', ...waitOf(headers.get('retry-after') ?? null, at), ...stuck, requestId };
  }
  return { kind: 'answer', status, code: errorCode(body), body, requestId };
}

/** When an answer came, here and where it was written. */
interface Times {
  readonly now: number;
  readonly serverDate: string | null;
}

export function waitOf(header: string | null, { now, serverDate }: Times) {
  return { waitMs: retryAfterMs(header, now, serverDate), told: header !== null };
}

function lowerCased(headers: Readonly<Record<string, unknown>>): Map<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

export function isThrottling(status: number): boolean {
  return status === 429 || status === 503;
}
