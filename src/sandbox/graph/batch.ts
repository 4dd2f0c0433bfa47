import { badRequest, type Json, problem, type Reply, record } from './reply.ts';

/** learn.microsoft.com/graph/json-batching. */
const MAX_REQUESTS = 20;
/** Exchange works on at most this many of a batch's requests to one mailbox; the others wait inside the service. */
const PER_MAILBOX = 4;
const METHODS: ReadonlySet<unknown> = new Set(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']);

export interface InnerRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly dependsOn: readonly string[];
}

export interface InnerAnswer {
  readonly reply: Reply;
  readonly headers: Readonly<Record<string, string>>;
}

/** Throws the 400 that refuses the whole batch. */
export function parseBatch(body: unknown): readonly InnerRequest[] {
  const requests = record(body)?.['requests'];
  if (!Array.isArray(requests) || requests.length === 0) return badRequest('Invalid batch payload format.');
  if (requests.length > MAX_REQUESTS) badRequest(`Number of batch request steps exceeds the limit of ${MAX_REQUESTS}.`);
  const parsed = requests.map((one: unknown) => parseInner(record(one) ?? {}));
  const ids = parsed.map(({ id }) => id.toLowerCase());
  if (new Set(ids).size !== ids.length) badRequest('Request ids have to be unique in a batch.');
  const known = new Set(parsed.map(({ id }) => id));
  const stray = parsed.flatMap(({ dependsOn }) => dependsOn).find((id) => !known.has(id));
  if (stray !== undefined) badRequest(`Request depends on '${stray}', which is not in this batch.`);
  if (!hasOnePattern(parsed)) badRequest('Batch should be either fully sequential or fully parallel.');
  return parsed;
}

/**
 * No request waits; or each waits for the one before it; or all wait for one and the same. Anything else refuses the whole
 * batch (learn.microsoft.com/graph/json-batching, known issue of 2026-06-02).
 */
function hasOnePattern(requests: readonly InnerRequest[]): boolean {
  const free = requests.filter(({ dependsOn }) => dependsOn.length === 0);
  const waitsFor = ({ dependsOn }: InnerRequest, id: string | undefined) =>
    dependsOn.length === 1 && dependsOn[0] === id;
  const [root, ...others] = free;
  if (free.length === requests.length) return true;
  if (!root || others.length > 0) return false;
  const isSequence = requests.every((request, n) => n === 0 || waitsFor(request, requests[n - 1]?.id));
  return isSequence || requests.every((request) => request === root || waitsFor(request, root.id));
}

function parseInner({ id, method, url, headers, body, dependsOn }: Json): InnerRequest {
  if (typeof id !== 'string' || id === '') badRequest('Every request in a batch needs an id.');
  if (!METHODS.has(method)) badRequest(`Request ${id}: unknown method.`);
  if (typeof url !== 'string' || !/^\/(?!\/)/.test(url)) badRequest(`Request ${id}: the url has to be relative.`);
  const lower = Object.fromEntries(
    Object.entries(record(headers) ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  if (body !== undefined && !lower['content-type']?.startsWith('application/json')) {
    badRequest(`Write request id : ${id} does not contain Content-Type header or body.`);
  }
  const needs = Array.isArray(dependsOn) ? dependsOn.map(String) : [];
  return { id: String(id), method: String(method), url: String(url), headers: lower, body, dependsOn: needs };
}

export interface BatchTools {
  readonly run: (request: InnerRequest) => Promise<InnerAnswer>;
  /** For a request that is not carried out: its headers. */
  readonly headersOf: (request: InnerRequest) => Readonly<Record<string, string>>;
  /** Which queue it belongs to; null: none. */
  readonly mailboxOf: (request: InnerRequest) => string | null;
  readonly random: () => number;
}

/** Answers in an order of their own, as Graph does: only the ids tell which is which. */
export async function runBatch(requests: readonly InnerRequest[], tools: BatchTools): Promise<Json> {
  const queues = new Map<string, Queue>();
  const answers = new Map<string, Promise<InnerAnswer>>();
  const begun = new Map<string, (answer: Promise<InnerAnswer>) => void>();
  for (const { id } of requests) {
    const { promise, resolve } = Promise.withResolvers<InnerAnswer>();
    answers.set(id, promise);
    begun.set(id, resolve);
  }
  for (const request of requests) begun.get(request.id)?.(step(request, answers, queues, tools));
  const responses = requests.map(async ({ id }) => responseJson(id, (await answers.get(id)) as InnerAnswer));
  return { responses: shuffled(await Promise.all(responses), tools.random) };
}

async function step(
  request: InnerRequest,
  answers: ReadonlyMap<string, Promise<InnerAnswer>>,
  queues: Map<string, Queue>,
  tools: BatchTools,
): Promise<InnerAnswer> {
  const needed = await Promise.all(request.dependsOn.map((id) => answers.get(id)));
  if (needed.some((answer) => (answer?.reply.status ?? 500) >= 400)) {
    const reply = problem(424, 'FailedDependency', 'A request this one depends on has failed.');
    return { reply, headers: tools.headersOf(request) };
  }
  const mailbox = tools.mailboxOf(request);
  if (mailbox === null) return tools.run(request);
  const queue = queues.get(mailbox) ?? createQueue();
  queues.set(mailbox, queue);
  return queue(() => tools.run(request));
}

type Queue = (work: () => Promise<InnerAnswer>) => Promise<InnerAnswer>;

function createQueue(): Queue {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= PER_MAILBOX) await new Promise<void>((go) => waiting.push(go));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

function responseJson(id: string, { reply, headers }: InnerAnswer): Json {
  // Inside a batch, whatever is no JSON travels in base64.
  const body = reply.text === undefined ? reply.body : Buffer.from(reply.text).toString('base64');
  return {
    id,
    status: reply.status,
    headers: {
      'Cache-Control': 'no-cache',
      ...headers,
      ...reply.headers,
      ...(body === undefined ? {} : { 'Content-Type': reply.text === undefined ? 'application/json' : 'text/plain' }),
    },
    ...(body === undefined ? {} : { body }),
  };
}

function shuffled<T>(items: T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
