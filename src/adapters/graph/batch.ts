import type { Term } from '../../core/lease.ts';
import { errorCode, type InnerReply, UNSENT_WAIT_MS } from './answer.ts';
import { type GraphClient, type GraphReply, isOver, TimeIsUp, TransportError } from './client.ts';
import { innerReplies, isThrottling, waitOf } from './inner-replies.ts';

export interface InnerRequest {
  /** For people who watch: what this request is for. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Starts after the version, every segment and query value already encoded. */
  readonly path: string;
  /** Every write needs one, if only an empty one: a write without makes Graph refuse the whole batch. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** One thing that happened on the wire. `status` 0: no answer. `ms`: of the HTTP request it travelled in. */
export interface Observed {
  readonly operation: string;
  readonly status: number;
  readonly ms: number;
}

interface BatcherOptions {
  readonly client: GraphClient;
  readonly clock: () => number;
  readonly ids: () => string;
  readonly observe?: (event: Observed) => void;
}

export interface Batcher {
  /**
   * Sends at most 4 requests, none of which waits for another, and answers in their order. One attempt; nothing that Graph or the network does makes it throw. `lane` is the mailbox, or whatever else must not get more than 4 at a time.
   * What is still here when its `term` ends is 'unsent'.
   */
  send(lane: string, requests: readonly InnerRequest[], how?: Sending): Promise<readonly InnerReply[]>;
}

interface Sending {
  /** Nothing of it leaves after its end. */
  readonly term?: Term | undefined;
  /** In a batch of its own: a mailbox that does not answer holds up whoever travels with it. */
  readonly alone?: boolean;
  /** Called when the requests leave: what waits for its turn here is nobody's slowness. */
  readonly sent?: () => void;
}

interface Group {
  readonly lane: string;
  readonly requests: readonly InnerRequest[];
  readonly how: Sending;
  readonly done: (replies: readonly InnerReply[]) => void;
  readonly broken: (bug: unknown) => void;
}

interface Posted {
  readonly id: string;
  readonly clientRequestId: string;
  readonly request: InnerRequest;
}

/** learn.microsoft.com/graph/json-batching. */
const MAX_PER_BATCH = 20;
/** learn.microsoft.com/graph/throttling-limits, Outlook service: 4 concurrent requests per app and mailbox. */
const MAX_PER_LANE = 4;
const UNSENT: InnerReply = { kind: 'unsent', detail: new TimeIsUp().message, requestId: '' };
const START_CAP = 6;
const MAX_CAP = 16;

/**
 * Packs whatever is waiting, from any number of callers, into batches of up to 20. The cap on batches under way
 * halves when Graph says it is too much and grows by a tenth per calm batch.
 */
export function createBatcher(options: BatcherOptions): Batcher {
  const { client, clock, ids, observe = () => {} } = options;
  const underWay = new Map<string, number>();
  let waiting: Group[] = [];
  let cap = START_CAP;
  let inFlight = 0;
  let era = 0;
  let planned = false;

  /** Only the first of the batches that were under way together halves the cap. */
  function learn(calm: boolean, startedIn: number): void {
    if (calm) {
      cap = Math.min(MAX_CAP, cap + 0.1);
    } else if (startedIn === era) {
      cap = Math.max(1, cap / 2);
      era += 1;
    }
  }

  function pick(): Group[] {
    const picked: Group[] = [];
    const left: Group[] = [];
    let size = 0;
    let seen = 0;
    for (const group of waiting) {
      if (size >= MAX_PER_BATCH || picked[0]?.how.alone) break;
      seen += 1;
      const busy = underWay.get(group.lane) ?? 0;
      const fits =
        size + group.requests.length <= MAX_PER_BATCH &&
        busy + group.requests.length <= MAX_PER_LANE &&
        !(group.how.alone && size > 0);
      (fits ? picked : left).push(group);
      if (!fits) continue;
      size += group.requests.length;
      underWay.set(group.lane, busy + group.requests.length);
    }
    waiting = left.concat(waiting.slice(seen));
    return picked;
  }

  function release(groups: readonly Group[]): void {
    for (const { lane, requests } of groups) {
      const busy = (underWay.get(lane) ?? 0) - requests.length;
      if (busy > 0) underWay.set(lane, busy);
      else underWay.delete(lane);
    }
  }

  async function exchange(groups: readonly Group[]): Promise<void> {
    const startedIn = era;
    const startedAt = clock();
    const posts = groups.map((group, n) => postsOf(group, n, ids));
    for (const { how } of groups) how.sent?.();
    const result = await postBatch(client, posts.flat(), clock, shortest(groups));
    if (result === null) return turnBack(groups);
    const { status, replies } = result;
    const ms = clock() - startedAt;
    observe({ operation: 'batch', status, ms });
    for (const { id, request } of posts.flat()) {
      observe({ operation: request.operation, status: replies.get(id)?.status ?? 0, ms });
    }
    const strained = [...replies.values()].some((reply) => isThrottling(reply.status));
    if (status !== 0) learn(!strained, startedIn);
    groups.forEach((group, n) => {
      const answers = (posts[n] ?? []).map((post) => replies.get(post.id)?.reply ?? missing(post));
      group.done(answers);
      const throttled = answers.find((answer) => answer.kind === 'throttled');
      if (throttled) rest(group.lane, throttled);
    });
  }

  /** Nothing of it was sent: who has time left goes with the next batch. */
  function turnBack(groups: readonly Group[]): void {
    const [over, others] = [
      groups.filter(({ how }) => isOver(how.term)),
      groups.filter(({ how }) => !isOver(how.term)),
    ];
    for (const { requests, done } of over) done(requests.map(() => UNSENT));
    waiting = [...others, ...waiting];
  }

  /** More requests would only prolong the wait: what is still here for this mailbox is answered without being sent. */
  function rest(lane: string, answer: InnerReply): void {
    const resting = waiting.filter((group) => group.lane === lane);
    waiting = waiting.filter((group) => group.lane !== lane);
    for (const { requests, done } of resting) done(requests.map(() => answer));
  }

  function pump(): void {
    planned = false;
    while (inFlight < Math.floor(cap)) {
      const groups = pick();
      if (groups.length === 0) return;
      inFlight += 1;
      void exchange(groups)
        .catch((bug: unknown) => {
          for (const { broken } of groups) broken(bug);
        })
        .finally(() => {
          release(groups);
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
    send(lane, requests, how = {}) {
      if (requests.length === 0 || requests.length > MAX_PER_LANE) throw new RangeError('1 to 4 requests go together');
      return new Promise((done, broken) => {
        waiting.push({ lane, requests, how, done, broken });
        plan();
      });
    },
  };
}

interface BatchResult {
  readonly status: number;
  readonly replies: ReadonlyMap<string, { readonly status: number; readonly reply: InnerReply }>;
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
    outer = await client.post('/$batch', { requests: posts.map(wireRequest) }, term);
  } catch (error) {
    if (error instanceof TimeIsUp) return null;
    return { status: 0, replies: forAll(posts, 0, (post) => unanswered(error, post)) };
  }
  const { status, requestId } = outer;
  if (isThrottling(status)) {
    const wait = waitOf(outer.headers.get('retry-after'), clock());
    return { status, replies: forAll(posts, status, () => ({ kind: 'throttled', ...wait, requestId })) };
  }
  if (status < 200 || status > 299) {
    const code = errorCode(outer.body);
    return {
      status,
      replies: forAll(posts, status, () => ({ kind: 'answer', status, code, body: undefined, requestId })),
    };
  }
  return { status, replies: innerReplies(outer.body, posts, clock()) };
}

function shortest(groups: readonly Group[]): Term | undefined {
  const terms = groups.flatMap(({ how }) => how.term ?? []);
  return terms.length === 0 ? undefined : { left: () => Math.min(...terms.map((term) => term.left())) };
}

function postsOf(group: Group, n: number, ids: () => string): Posted[] {
  return group.requests.map((request, m) => ({
    id: `${n}-${m}`,
    clientRequestId: ids(),
    request,
  }));
}

/**
 * Never with `dependsOn`: requests of several callers travel together, and Graph refuses the whole batch where some wait and
 * some do not (learn.microsoft.com/graph/json-batching).
 */
function wireRequest({ id, clientRequestId, request }: Posted) {
  const { method, path, body } = request;
  return {
    id,
    method,
    url: path,
    headers: {
      ...request.headers,
      Prefer: 'IdType="ImmutableId"',
      'client-request-id': clientRequestId,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
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
