import type { Term } from '../../core/lease.ts';
import { type GraphClient, type GraphReply, isOver, type Observed, type Purpose } from '../microsoft/client.ts';
import { isGuid } from '../microsoft/ids.ts';
import { causeNow } from '../microsoft/on-behalf.ts';
import { errorCode } from '../microsoft/said.ts';
import { TimeIsUp, TransportError } from '../microsoft/transport-error.ts';
import { type InnerReply, isFine, UNSENT_WAIT_MS } from './answer.ts';
import { innerReplies, isThrottling, statusesIn, waitOf } from './inner-replies.ts';
import { createWidth } from './width.ts';

export interface InnerRequest {
  /** For people who watch: what this request is for. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Its `client-request-id`, where that was written down before. Left out: a fresh one. */
  readonly clientRequestId?: string;
  /** Starts after the version, every segment and query value already encoded. */
  readonly path: string;
  /** Every POST and PATCH needs one, if only an empty one: without, Graph refuses the whole batch. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Beside the form of ids that is always asked for. */
  readonly prefer?: string;
}

interface BatcherOptions {
  readonly client: GraphClient;
  readonly clock: () => number;
  readonly ids: () => string;
  readonly observe?: (event: Observed) => void;
}

export interface Batcher {
  /**
   * Sends a request in the next batch. One attempt; nothing that Graph or the network does makes it throw. `lane` is the
   * mailbox, or whatever else must not get more than 4 at a time. What is still here when its `term` ends is 'unsent'.
   */
  send(lane: string, request: InnerRequest, how?: Sending): Promise<InnerReply>;
}

interface Sending {
  /** Nothing of it leaves after its end. */
  readonly term?: Term | undefined;
  /** In a batch of its own: a mailbox that does not answer holds up whoever travels with it. */
  readonly alone?: boolean;
  /** Called when the requests leave: what waits for its turn here is nobody's slowness. */
  readonly sent?: () => void;
}

interface Waiting {
  readonly lane: string;
  readonly request: InnerRequest;
  readonly how: Sending;
  /** For what it is sent: whoever asked is not here any more when it leaves. */
  readonly cause: string | null;
  readonly done: (reply: InnerReply) => void;
  readonly broken: (bug: unknown) => void;
}

interface Posted extends Waiting {
  readonly id: string;
  readonly clientRequestId: string;
}

/** learn.microsoft.com/graph/json-batching. */
const MAX_PER_BATCH = 20;
/** learn.microsoft.com/graph/throttling-limits, Outlook service: 4 concurrent requests per app and mailbox. */
const MAX_PER_LANE = 4;
const UNSENT: InnerReply = { kind: 'unsent', detail: new TimeIsUp().message, requestId: '' };
const IMMUTABLE = 'IdType="ImmutableId"';

/** Packs whatever is waiting, from any number of callers, into batches of up to 20, as many at once as Graph takes. */
export function createBatcher(options: BatcherOptions): Batcher {
  const { client, clock, ids, observe = () => {} } = options;
  const underWay = new Map<string, number>();
  let waiting: Waiting[] = [];
  const width = createWidth();
  let inFlight = 0;
  let planned = false;
  let resting: { readonly until: number; readonly ms: number } | null = null;

  function pick(): Waiting[] {
    const picked: Waiting[] = [];
    const left: Waiting[] = [];
    let seen = 0;
    for (const one of waiting) {
      if (picked.length >= MAX_PER_BATCH || picked[0]?.how.alone) break;
      seen += 1;
      const busy = underWay.get(one.lane) ?? 0;
      const fits = busy < MAX_PER_LANE && !(one.how.alone && picked.length > 0);
      (fits ? picked : left).push(one);
      if (fits) underWay.set(one.lane, busy + 1);
    }
    waiting = left.concat(waiting.slice(seen));
    return picked;
  }

  function release(picked: readonly Waiting[]): void {
    for (const { lane } of picked) {
      const busy = (underWay.get(lane) ?? 0) - 1;
      if (busy > 0) underWay.set(lane, busy);
      else underWay.delete(lane);
    }
  }

  async function exchange(picked: readonly Waiting[]): Promise<void> {
    const startedIn = width.era();
    const startedAt = clock();
    const posts = picked.map((one, n) => ({
      ...one,
      id: String(n),
      clientRequestId: one.request.clientRequestId ?? ids(),
    }));
    for (const { how } of picked) how.sent?.();
    const result = await postBatch(client, posts, clock, shortest(picked));
    if (result === null) return turnBack(picked);
    const { status, replies, restMs = 0 } = result;
    const ms = clock() - startedAt;
    tellWatchers(posts, result, ms);
    const refused = [...replies.values()].filter((reply) => isThrottling(reply.status)).length;
    const requests = posts.length;
    if (status !== 0) width.learn({ requests, refused, ms, hasOthers: waiting.length > 0, startedIn });
    for (const post of posts) {
      const answer = replies.get(post.id)?.reply ?? missing(post);
      post.done(answer);
      if (answer.kind === 'throttled') rest(post.lane, answer);
    }
    if (restMs > 0) restAll(restMs);
  }

  function tellWatchers(posts: readonly Posted[], { status, replies }: BatchResult, ms: number): void {
    observe({ operation: 'batch', status, ms });
    for (const { id, request } of posts) {
      observe({ operation: request.operation, status: replies.get(id)?.status ?? 0, ms });
    }
  }

  /** Nothing of it was sent: who has time left goes with the next batch. */
  function turnBack(picked: readonly Waiting[]): void {
    const others: Waiting[] = [];
    for (const one of picked) {
      if (isOver(one.how.term)) one.done(UNSENT);
      else others.push(one);
    }
    waiting = [...others, ...waiting];
  }

  /** More requests would only prolong the wait: what is still here for this mailbox is answered without being sent. */
  function rest(lane: string, answer: InnerReply): void {
    const resting = waiting.filter((one) => one.lane === lane);
    waiting = waiting.filter((one) => one.lane !== lane);
    for (const { done } of resting) done(answer);
  }

  function restAll(ms: number): void {
    const until = clock() + ms;
    if (resting === null || until > resting.until) resting = { until, ms };
    for (const { done } of waiting) done(restingReply(ms));
    waiting = [];
  }

  /** What is left of a rest of everything; 0 without one, and where the clock was set back since. */
  function restLeft(): number {
    const left = resting === null ? 0 : resting.until - clock();
    if (resting === null || left <= 0 || left > resting.ms) resting = null;
    return resting === null ? 0 : left;
  }

  function pump(): void {
    planned = false;
    while (inFlight < width.now()) {
      const picked = pick();
      if (picked.length === 0) return;
      inFlight += 1;
      void exchange(picked)
        .catch((bug: unknown) => {
          for (const { broken } of picked) broken(bug);
        })
        .finally(() => {
          release(picked);
          inFlight -= 1;
          plan();
        });
    }
  }

  /** After the current turn, so that callers who go on together travel together. */
  function plan(): void {
    if (planned || waiting.length === 0) return;
    planned = true;
    setImmediate(pump);
  }

  return {
    send(lane, request, how = {}) {
      const left = restLeft();
      if (left > 0) return Promise.resolve(restingReply(left));
      return new Promise((done, broken) => {
        waiting.push({ lane, request, how, cause: causeNow(), done, broken });
        plan();
      });
    },
  };
}

function restingReply(waitMs: number): InnerReply {
  return { kind: 'throttled', waitMs, told: true, requestId: '' };
}

interface BatchResult {
  readonly status: number;
  readonly replies: ReadonlyMap<string, { readonly status: number; readonly reply: InnerReply }>;
  /** How long all that is asked here has to rest. */
  readonly restMs?: number;
}

/** Null: not sent, because the time of one of them was over. */
async function postBatch(
  client: GraphClient,
  posts: readonly Posted[],
  clock: () => number,
  term: Term | undefined,
): Promise<BatchResult | null> {
  let outer: GraphReply;
  try {
    outer = await client.post('/$batch', { requests: posts.map(wireRequest) }, term, purposeOf(posts));
  } catch (error) {
    if (error instanceof TimeIsUp) return null;
    return { status: 0, replies: forAll(posts, 0, (post) => unanswered(error, post)) };
  }
  const { status, requestId, headers } = outer;
  const serverDate = headers.get('date');
  if (isThrottling(status)) {
    const wait = waitOf(headers.get('retry-after'), { now: clock(), serverDate });
    const replies = forAll(posts, status, () => ({ kind: 'throttled', ...wait, requestId }));
    // 429 to a batch as a whole is about this app and not about a mailbox (learn.microsoft.com/graph/throttling-limits).
    return { status, replies, restMs: status === 429 && wait.told ? wait.waitMs : 0 };
  }
  if (!isFine(status)) {
    const code = errorCode(outer.body);
    return {
      status,
      replies: forAll(posts, status, () => ({ kind: 'answer', status, code, body: undefined, requestId })),
    };
  }
  return { status, replies: innerReplies(outer.body, posts, clock(), serverDate) };
}

function purposeOf(posts: readonly Posted[]): Purpose {
  return {
    operation: 'batch',
    changes: posts.some(({ request }) => request.method !== 'GET'),
    inner: posts.map(({ clientRequestId, lane, cause, request: { method, operation, path } }) => {
      return { id: clientRequestId, method, operation, path, mailbox: isGuid(lane) ? lane : null, cause };
    }),
    statuses: (body) => statusesIn(body, posts),
  };
}

function shortest(picked: readonly Waiting[]): Term | undefined {
  const terms = picked.flatMap(({ how }) => how.term ?? []);
  return terms.length === 0 ? undefined : { left: () => Math.min(...terms.map((term) => term.left())) };
}

/**
 * Never with `dependsOn`: requests of several callers travel together, and Graph refuses the whole batch where some wait and
 * some do not (learn.microsoft.com/graph/json-batching).
 */
function wireRequest({ id, clientRequestId, request }: Posted) {
  const { method, path, body, prefer } = request;
  return {
    id,
    method,
    url: path,
    headers: {
      ...request.headers,
      Prefer: [IMMUTABLE, ...(prefer ? [prefer] : [])].join(', '),
      'client-request-id': clientRequestId,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    body,
  };
}

function forAll(posts: readonly Posted[], status: number, make: (post: Posted) => InnerReply): BatchResult['replies'] {
  return new Map(posts.map((post) => [post.id, { status, reply: make(post) }]));
}

function unanswered(error: unknown, post: Posted): InnerReply {
  const requestId = post.clientRequestId;
  if (error instanceof TransportError && !error.sent) {
    return { kind: 'throttled', waitMs: UNSENT_WAIT_MS, told: false, requestId };
  }
  return { kind: 'lost', detail: error instanceof Error ? error.message : 'no answer', requestId };
}

function missing(post: Posted): InnerReply {
  return { kind: 'lost', detail: 'the batch came back without this answer', requestId: post.clientRequestId };
}
