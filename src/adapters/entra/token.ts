import { z } from 'zod';
import { ClawbackError } from '../../core/error.ts';
import { entraApplication } from './application.ts';
import type { EntraCredential } from './credential.ts';
import { authorityNetwork, authorityOrigin } from './network.ts';

export interface TokenCache {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
}

export interface TokenSourceOptions {
  /** Origin, such as https://login.microsoftonline.com. http only on this machine. */
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: EntraCredential;
  readonly scope: string;
  /** Shared between processes. Holds the bearer token as it is: the caller encrypts. Its failures are not fatal. */
  readonly cache?: TokenCache;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly fetch?: typeof fetch;
  /** Told of every renewal: null when it worked. A revoked secret shows here at once, long before the token ends. */
  readonly health?: (problem: unknown) => void;
  readonly timeoutMs?: number;
  /** How long a failed renewal is not tried again while the old token is good. */
  readonly retryMs?: number;
}

export interface TokenSource {
  /** Throws ClawbackError 'unavailable' (try later) or 'config' (Entra refuses the credential). */
  token(claims?: string): Promise<string>;
  /** Milliseconds since the epoch; null before the first token. */
  expiresAt(): number | null;
  /** Application permissions in the current token. */
  roles(): readonly string[];
}

/** Callers need time to use what they get: a token closer to its end than this counts as gone. */
const MARGIN_MS = 120_000;
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_RETRY_MS = 30_000;
/** Without any token, callers fail fast for this long instead of posting once per call. */
const COLD_RETRY_MS = 2_000;
const REFRESH_BEFORE_MS = 600_000;

const Held = z.object({ token: z.string().min(1), exp: z.number(), refreshAt: z.number() });
type Held = z.infer<typeof Held>;
const Roles = z.object({ roles: z.array(z.string()).default([]) });
const Problem = z.object({ errorCode: z.string(), errorNo: z.union([z.string(), z.number()]).optional() });
/** Entra's OAuth answers that no waiting repairs. */
const REFUSALS = new Set([
  'invalid_client',
  'unauthorized_client',
  'invalid_scope',
  'invalid_resource',
  'invalid_grant',
]);

/**
 * Client-credential tokens of one (tenant, scope, credential). MSAL speaks the protocol and nothing else: its cache
 * posts once per concurrent caller, throws although the token is still good, and hides a revoked secret.
 */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { clock, health = () => {}, retryMs = DEFAULT_RETRY_MS } = options;
  const authority = authorityOrigin(options.authority);
  const key = [authority.origin, options.tenantId, options.clientId, options.scope].join(' ');
  const flights = new Map<string, Promise<string>>();
  let held: Held | null = null;
  let cacheAsked = false;
  let failure: { readonly at: number; readonly error: unknown } | null = null;

  const good = () => (held && held.exp - clock() > MARGIN_MS ? held : null);
  const rested = (ms: number) => failure === null || clock() - failure.at >= ms;

  async function renew(claims: string | undefined): Promise<string> {
    try {
      held = await acquire(options, authority, claims);
      failure = null;
      health(null);
    } catch (error) {
      failure = { at: clock(), error };
      health(error);
      const old = good();
      if (claims === undefined && old) return old.token; // a challenge says that the old token is not wanted
      throw asClawbackError(error);
    }
    const ttl = held.exp - clock();
    await options.cache?.set(key, JSON.stringify(held), ttl).catch(() => undefined);
    return held.token;
  }

  async function coldStart(): Promise<string> {
    if (!cacheAsked && options.cache) {
      held = parseHeld(await options.cache.get(key).catch(() => undefined));
      cacheAsked = true;
      const warm = good();
      if (warm && clock() < warm.refreshAt) return warm.token;
    }
    return renew(undefined);
  }

  function once(name: string, work: () => Promise<string>): Promise<string> {
    const running = flights.get(name) ?? work().finally(() => flights.delete(name));
    flights.set(name, running);
    return running;
  }

  return {
    async token(claims) {
      if (claims !== undefined) return once(`claims ${claims}`, () => renew(claims));
      const current = good();
      if (current) {
        // Nobody waits for it: Entra may hang, and the token is good for minutes yet. `health` is told how it went.
        if (clock() >= current.refreshAt && rested(retryMs)) once('', coldStart).catch(() => undefined);
        return current.token;
      }
      if (failure && !rested(COLD_RETRY_MS)) throw asClawbackError(failure.error);
      return once('', coldStart);
    },
    expiresAt: () => held?.exp ?? null,
    roles: () => (held ? rolesOf(held.token) : []),
  };
}

async function acquire(options: TokenSourceOptions, authority: URL, claims: string | undefined): Promise<Held> {
  const { network, lifetimes } = authorityNetwork(
    authority,
    options.fetch ?? fetch,
    options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  );
  const app = entraApplication({ ...options, authority, network });
  const asked = options.clock();
  const result = await app.acquireTokenByClientCredential({
    scopes: [options.scope],
    skipCache: true,
    ...(claims === undefined ? {} : { claims }),
  });
  const life = lifetimes();
  if (!result?.accessToken || !life) throw new Error('the token answer has no token or no lifetime');
  const early = life.refreshIn ?? life.expiresIn - Math.min(REFRESH_BEFORE_MS, life.expiresIn / 2);
  return { token: result.accessToken, exp: asked + life.expiresIn, refreshAt: asked + early };
}

function asClawbackError(error: unknown): ClawbackError {
  if (error instanceof ClawbackError) return error;
  const problem = Problem.safeParse(error);
  const name = problem.success ? `${problem.data.errorCode} ${problem.data.errorNo ?? ''}`.trim() : '';
  const code = problem.success && REFUSALS.has(problem.data.errorCode) ? 'config' : 'unavailable';
  return new ClawbackError(code, `no token from Entra${name && `: ${name}`}`, { cause: error });
}

function parseHeld(value: string | undefined): Held | null {
  if (value === undefined) return null;
  try {
    return Held.safeParse(JSON.parse(value)).data ?? null;
  } catch {
    return null; // somebody else's entry under our key is the same as no entry
  }
}

function rolesOf(token: string): readonly string[] {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return Roles.parse(payload).roles;
  } catch {
    return []; // an opaque token says nothing about its permissions
  }
}
