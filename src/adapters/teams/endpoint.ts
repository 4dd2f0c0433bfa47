import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Activity, CloudAdapter, type InvokeResponse, type TurnContext } from 'botbuilder';
import { type InboundPolicy, refusal } from './guard.ts';
import { strictJson } from './strict-json.ts';

const MOST_BYTES = 262_144;

/** Answers a request and says why it was refused, for the security log; null when it was not. */
export type Endpoint = (req: IncomingMessage, res: ServerResponse, raw?: Buffer) => Promise<string | null>;

/** What stands before the turn. */
export interface Door {
  readonly policy: InboundPolicy;
  /** Milliseconds since 1970. */
  now(): number;
  /** Whether a request with this key (hex SHA-256) comes in for the first time. Asked once botbuilder believes it. */
  isFresh(key: string): Promise<boolean>;
}

/** What stands behind the endpoint. Neither throws for input. */
export interface Turn {
  run(context: TurnContext): Promise<void>;
  /** Something of ours broke once the request was believed: a bug or an outage, not the request's fault. */
  failed(error: unknown): void;
}

/** An answer to a request whose turn ran, or why it did not run. */
type Taken = { readonly answer: InvokeResponse | undefined } | { readonly status: number; readonly why: string };

/**
 * The Bot Framework endpoint on plain node:http. `raw` is the body when it was read already. Refusals are a bare
 * status: 401, 400 for what is no plain JSON object, 413 above 256 KB, 503 while nobody can say what came in before;
 * a replay gets a bare 200, as what it repeats is done. What botbuilder says about a token stays inside.
 */
export function teamsEndpoint(adapter: InboundAdapter, door: Door, turn: Turn): Endpoint {
  return async (req, res, raw) => {
    const bytes = raw ?? (await bodyOf(req));
    if (bytes === null || bytes.length > MOST_BYTES) return refuse(res, 413, 'too large');
    const activity = parsed(bytes);
    if (activity === null) return refuse(res, 400, 'not JSON');
    const header = req.headers.authorization;
    const why = refusal(header, activity, door.policy, door.now());
    if (why !== null || header === undefined) return refuse(res, 401, why ?? 'no bearer token');
    const taken = await take(adapter, header, { activity, key: keyOf(activity, bytes) }, door, turn);
    return 'why' in taken ? refuse(res, taken.status, taken.why) : respond(res, taken.answer);
  };
}

/** Before the turn botbuilder is asked for the token, then the memory for the request: junk must not fill it. */
async function take(
  adapter: InboundAdapter,
  header: string,
  request: { readonly activity: Partial<Activity>; readonly key: string },
  door: Door,
  turn: Turn,
): Promise<Taken> {
  let stage: 'token' | 'memory' | 'turn' = 'token';
  let isReplay = false;
  try {
    const answer = await adapter.receive(header, request.activity, async (context) => {
      stage = 'memory';
      isReplay = !(await door.isFresh(request.key));
      stage = 'turn';
      if (!isReplay) await turn.run(context);
    });
    return isReplay ? { status: 200, why: 'replayed' } : { answer };
  } catch (error) {
    return brokenAt(stage, error, turn);
  }
}

function brokenAt(stage: 'token' | 'memory' | 'turn', error: unknown, turn: Turn): Taken {
  if (stage === 'token') {
    const why = `botbuilder: ${error instanceof Error ? error.message.slice(0, 200) : 'refused'}`;
    return { status: 401, why };
  }
  turn.failed(error);
  // Nothing was done and nothing remembered, so whoever comes again is welcome.
  if (stage === 'memory') return { status: 503, why: 'nobody can say whether this came in before' };
  return { answer: { status: 500 } };
}

/**
 * The same for the same request and for no other. The token is left out: one body with two tokens is one request. When
 * Teams repeats a message or an event because our answer did not arrive, it repeats its body, and what it asked for was
 * done, or was broken off and is asked for again by a person or by the next event.
 */
function keyOf({ conversation, id }: Partial<Activity>, raw: Buffer): string {
  const named = JSON.stringify([conversation?.id ?? null, id ?? null]);
  return createHash('sha256').update(`${named}\n`).update(raw).digest('hex');
}

async function bodyOf(req: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsed(bytes: Buffer): Partial<Activity> | null {
  try {
    const body: unknown = strictJson(bytes);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : null;
  } catch {
    return null;
  }
}

function refuse(res: ServerResponse, status: number, why: string): string {
  res.writeHead(status, { connection: 'close' }).end();
  return why;
}

function respond(res: ServerResponse, answer: InvokeResponse | undefined): null {
  if (answer?.body === undefined) res.writeHead(answer?.status ?? 200).end();
  else res.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  return null;
}

/**
 * `CloudAdapter.process` prints every refused request to the console and sends the error text to the caller; this goes
 * one layer deeper, to the same checks.
 */
export class InboundAdapter extends CloudAdapter {
  receive(
    header: string,
    activity: Partial<Activity>,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<InvokeResponse | undefined> {
    return this.processActivity(header, activity as Activity, logic);
  }
}
