import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Activity,
  CallerIdConstants,
  CloudAdapter,
  type ConfigurationBotFrameworkAuthentication,
  type InvokeResponse,
  type TurnContext,
} from 'botbuilder';
import { type AuthenticateRequestResult, AuthenticationConstants, ClaimsIdentity } from 'botframework-connector';
import { bodyOf, MOST_BYTES } from '../chat/body.ts';
import { type InboundPolicy, refusal } from './guard.ts';
import type { ConnectorKeys } from './keys.ts';
import { strictJson } from './strict-json.ts';
import { distrust } from './token.ts';

/** Answers a request and says why it was refused, for the security log; null when it was not. */
export type Endpoint = (req: IncomingMessage, res: ServerResponse, raw?: Buffer) => Promise<string | null>;

/** What stands before the turn. */
export interface Door {
  readonly policy: InboundPolicy;
  readonly keys: ConnectorKeys;
  /** Milliseconds since 1970. */
  now(): number;
  /** Whether a request with this key (hex SHA-256) comes in for the first time. Asked once its token is believed. */
  isFresh(key: string): Promise<boolean>;
}

/** What stands behind the endpoint. Neither throws for input. */
export interface Turn {
  run(context: TurnContext): Promise<void>;
  /** Something of ours broke once the request was believed: a bug or an outage, not the request's fault. */
  failed(error: unknown): void;
}

type Activities = Partial<Activity>;
type Refused = { readonly status: number; readonly why: string };

/**
 * The Bot Framework endpoint on plain node:http. `raw` is the body when it was read already. Refusals are a bare
 * status: 401, 400 for what is no plain JSON object, 413 above 256 KB, 503 while nobody can say whether the token is
 * good or what came in before; a replay gets a bare 200, as what it repeats is done.
 */
export function teamsEndpoint(adapter: InboundAdapter, door: Door, turn: Turn): Endpoint {
  return async (req, res, raw) => {
    const bytes = raw ?? (await bodyOf(req));
    if (bytes === null || bytes.length > MOST_BYTES) return refuse(res, { status: 413, why: 'too large' });
    const activity = await believed(req.headers.authorization, bytes, door, turn);
    if ('why' in activity) return refuse(res, activity);
    // Junk must not fill the memory: it is asked only now.
    const isFresh = await door.isFresh(keyOf(activity, bytes)).catch((error: unknown) => {
      turn.failed(error);
      return null;
    });
    // Nothing was done and nothing remembered, so whoever comes again is welcome.
    if (isFresh === null) return refuse(res, { status: 503, why: 'nobody can say whether this came in before' });
    if (!isFresh) return refuse(res, { status: 200, why: 'replayed' });
    try {
      return respond(res, await adapter.receive(activity, (context) => turn.run(context)));
    } catch (error) {
      turn.failed(error);
      return respond(res, { status: 500 });
    }
  };
}

/** Whether Teams itself sent these bytes just now. Uses nothing up. */
export async function isBelieved(header: string | undefined, bytes: Buffer, door: Door, turn: Turn): Promise<boolean> {
  return bytes.length <= MOST_BYTES && !('why' in (await believed(header, bytes, door, turn)));
}

/** The activity of a genuine request. */
async function believed(
  header: string | undefined,
  bytes: Buffer,
  { policy, keys, now }: Door,
  turn: Turn,
): Promise<Activities | Refused> {
  const activity = parsed(bytes);
  if (activity === null) return { status: 400, why: 'not JSON' };
  const why = refusal(header, activity, policy, now());
  if (why !== null) return { status: 401, why };
  try {
    const doubt = await distrust(header ?? '', policy, keys, now());
    return doubt === null ? activity : { status: 401, why: doubt };
  } catch (error) {
    turn.failed(error);
    return { status: 503, why: 'the keys of Teams cannot be had' };
  }
}

/**
 * The same for the same request and for no other. The token is left out: one body with two tokens is one request. When
 * Teams repeats a message or an event because our answer did not arrive, it repeats its body, and what it asked for was
 * done, or was broken off and is asked for again by a person or by the next event.
 */
function keyOf({ conversation, id }: Activities, raw: Buffer): string {
  const named = JSON.stringify([conversation?.id ?? null, id ?? null]);
  return createHash('sha256').update(`${named}\n`).update(raw).digest('hex');
}

function parsed(bytes: Buffer): Activities | null {
  try {
    const body: unknown = strictJson(bytes);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : null;
  } catch {
    return null;
  }
}

function refuse(res: ServerResponse, { status, why }: Refused): string {
  res.writeHead(status, { connection: 'close' }).end();
  return why;
}

function respond(res: ServerResponse, answer: InvokeResponse | undefined): null {
  if (answer?.body === undefined) res.writeHead(answer?.status ?? 200).end();
  else res.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  return null;
}

/**
 * `CloudAdapter.process` prints every refused request to the console and sends the error text to the caller; its own
 * check prints keys, waits for Microsoft without end, and forgets good keys when they cannot be renewed. This goes
 * around both, with what was checked here already.
 */
export class InboundAdapter extends CloudAdapter {
  private readonly trusted: AuthenticateRequestResult;

  constructor(authentication: ConfigurationBotFrameworkAuthentication, appId: string) {
    super(authentication);
    const claimsIdentity = new ClaimsIdentity([{ type: AuthenticationConstants.AudienceClaim, value: appId }], true);
    this.trusted = {
      audience: AuthenticationConstants.ToChannelFromBotOAuthScope,
      callerId: CallerIdConstants.PublicAzureChannel,
      claimsIdentity,
      connectorFactory: authentication.createConnectorFactory(claimsIdentity),
    };
  }

  receive(activity: Activities, logic: (context: TurnContext) => Promise<void>): Promise<InvokeResponse | undefined> {
    return this.processActivity(this.trusted, activity as Activity, logic);
  }
}
