import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Activity, CloudAdapter, type InvokeResponse, type TurnContext } from 'botbuilder';
import { type InboundPolicy, refusal } from './guard.ts';

const MOST_BYTES = 262_144;

/** Answers a request and says why it was refused, for the security log; null when it was not. */
export type Endpoint = (req: IncomingMessage, res: ServerResponse, raw?: Buffer) => Promise<string | null>;

/** What stands behind the endpoint. Neither throws for input. */
export interface Turn {
  run(context: TurnContext): Promise<void>;
  /** A turn that had begun and broke: a bug of ours, not of the request. */
  failed(error: unknown): void;
}

/**
 * The Bot Framework endpoint on plain node:http. `raw` is the body when it was read already. Refusals are a bare
 * status: 401, 400 for what is no JSON object, 413 above 256 KB. What botbuilder says about a token stays inside.
 */
export function teamsEndpoint(adapter: InboundAdapter, policy: InboundPolicy, turn: Turn): Endpoint {
  return async (req, res, raw) => {
    const bytes = raw ?? (await bodyOf(req));
    if (bytes === null || bytes.length > MOST_BYTES) return refuse(res, 413, 'too large');
    const activity = parsed(bytes);
    if (activity === null) return refuse(res, 400, 'not JSON');
    const header = req.headers.authorization;
    const why = refusal(header, activity, policy);
    if (why !== null || header === undefined) return refuse(res, 401, why ?? 'no bearer token');
    const answer = await take(adapter, header, activity, turn);
    return typeof answer === 'string' ? refuse(res, 401, answer) : respond(res, answer);
  };
}

/** The answer, or why botbuilder refused the request before any of our code ran. */
async function take(
  adapter: InboundAdapter,
  header: string,
  activity: Partial<Activity>,
  turn: Turn,
): Promise<InvokeResponse | undefined | string> {
  let ran = false;
  try {
    return await adapter.receive(header, activity, (context) => {
      ran = true;
      return turn.run(context);
    });
  } catch (error) {
    if (!ran) return `botbuilder: ${error instanceof Error ? error.message.slice(0, 200) : 'refused'}`;
    turn.failed(error);
    return { status: 500 };
  }
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
    const body: unknown = JSON.parse(bytes.toString('utf8'));
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
