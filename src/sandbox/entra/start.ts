import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { createCodes } from './codes.ts';
import { type Granted, type GrantTools, grant, type Refusal, type Registration } from './grant.ts';
import { type Listening, listen, readText, sendJson, sendPage } from './http.ts';
import { createSigningKeys } from './keys.ts';
import { createSignInDesk } from './sign-in.ts';
import type { AccessTokenClaims, Entra, EntraDown, EntraOptions, IssueOrder, TokenRequest } from './types.ts';
import { createUserTokens } from './user-tokens.ts';

const GRAPH = 'https://graph.microsoft.com';
type Answer = readonly [status: number, body: unknown];

const NOT_FOUND: Answer = [404, { error: 'invalid_request', error_description: 'AADSTS900144: nothing here.' }];
const DEFAULT_LIFETIME_S = 3_599;
/** Tokens that live this long come with `refresh_in` at half their life. */
const LONG_LIFETIME_S = 7_200;

/** Microsoft Entra's endpoints on this machine: one tenant, client credentials for apps, OpenID Connect for people. */
export async function startEntra(options: EntraOptions): Promise<Entra> {
  const { tenantId, clock } = options;
  const keys = await createSigningKeys();
  const apps = new Map<string, Registration>(
    options.apps.map((app) => [app.clientId.toLowerCase(), { app, secretExpired: false }]),
  );
  const requests: TokenRequest[] = [];
  const issuer = `https://sts.windows.net/${tenantId}/`;
  let lifetime = options.lifetimeSeconds ?? DEFAULT_LIFETIME_S;
  let down: EntraDown = 'no';
  const codes = createCodes(clock);
  const userTokens = createUserTokens({
    tenantId,
    keys,
    clock,
    issuer: () => openid(listening, tenantId).issuer,
    lifetime: () => lifetime,
  });
  const desk = createSignInDesk({
    apps,
    codes,
    clock,
    people: options.people ?? (() => []),
    describe: (refusal) => refusalBody(refusal, clock()).error_description,
  });

  function registered(clientId: string): Registration {
    const known = apps.get(clientId.toLowerCase());
    if (!known) throw new RangeError(`no app ${clientId}`);
    return known;
  }

  function issue({ clientId, audience = GRAPH, roles, lifetimeSeconds = lifetime }: IssueOrder): Promise<string> {
    const { app } = registered(clientId);
    const now = Math.floor(clock() / 1_000);
    const granted = roles ?? (audience === 'https://api.botframework.com' ? [] : app.roles);
    return keys.sign({
      aud: audience,
      iss: issuer,
      iat: now,
      nbf: Math.min(now, now + lifetimeSeconds) - 300,
      exp: now + lifetimeSeconds,
      appid: app.clientId,
      appidacr: '1',
      azp: app.clientId,
      idtyp: 'app',
      tid: tenantId,
      ver: '1.0',
      uti: randomUUID(),
      ...(granted.length === 0 ? {} : { roles: [...granted] }),
    });
  }

  async function verifyToken(token: string): Promise<AccessTokenClaims> {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys.jwks()), {
      algorithms: ['RS256'],
      issuer,
      currentDate: new Date(clock()),
      requiredClaims: ['exp', 'aud', 'appid'],
    });
    return {
      aud: String(payload.aud),
      iss: issuer,
      tid: tenantId,
      appid: String(payload['appid']),
      roles: Array.isArray(payload['roles']) ? payload['roles'].map(String) : [],
      exp: payload.exp ?? 0,
    };
  }

  async function answerToken(tenant: string, req: IncomingMessage): Promise<Answer> {
    const form = new URLSearchParams(await readText(req));
    const audiences = endpointNames(listening, tenantId);
    const tools: GrantTools = { tenantId, apps, audiences, now: clock(), redeem: codes.redeem };
    const decision = await grant(tools, tenant, form);
    const refused = 'number' in decision ? decision : null;
    const [clientId, scope] = [form.get('client_id') ?? '', form.get('scope') ?? ''];
    requests.push({ at: clock(), clientId, scope, status: refused?.status ?? 200, error: refused?.number ?? null });
    if ('number' in decision) return [decision.status, refusalBody(decision, clock())];
    return [200, 'session' in decision ? await userTokens.body(decision, form) : await tokenBody(decision)];
  }

  async function tokenBody({ app, resource }: Granted) {
    return {
      token_type: 'Bearer',
      expires_in: lifetime,
      ext_expires_in: lifetime,
      ...(lifetime >= LONG_LIFETIME_S ? { refresh_in: Math.floor(lifetime / 2) } : {}),
      access_token: await issue({ clientId: app.clientId, audience: resource }),
    };
  }

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (down === 'hang') return;
    const { pathname, searchParams } = new URL(req.url ?? '/', listening.url);
    if (down === 'no' && req.method === 'GET' && isAuthorize(pathname)) {
      sendPage(res, desk.answer(pathname, searchParams));
      return;
    }
    const [status, body] = down === 'down' ? [503, { error: 'temporarily_unavailable' }] : await answer(req);
    sendJson(res, status, body);
  }

  function isAuthorize(pathname: string): boolean {
    return pathname.toLowerCase() === `/${tenantId.toLowerCase()}/oauth2/v2.0/authorize`;
  }

  async function answer(req: IncomingMessage): Promise<Answer> {
    const { pathname: path } = new URL(req.url ?? '/', listening.url);
    const tenant = path.split('/')[1] ?? '';
    if (req.method === 'POST' && path.endsWith('/oauth2/v2.0/token')) return answerToken(tenant, req);
    if (req.method !== 'GET') return NOT_FOUND;
    if (path.endsWith('/discovery/instance')) return [200, instances(req, listening, tenantId)];
    if (tenant.toLowerCase() !== tenantId.toLowerCase()) return [400, refusalBody(unknownTenant(tenant), clock())];
    if (path.endsWith('/.well-known/openid-configuration')) return [200, openid(listening, tenantId)];
    if (path.endsWith('/discovery/v2.0/keys')) return [200, keys.jwks()];
    return NOT_FOUND;
  }

  const listening = await listen(options.port ?? 0, handle);

  return {
    url: listening.url,
    tenantId,
    issue,
    verifyToken,
    jwks: keys.jwks,
    publicKey: keys.publicKey,
    rotateKeys: keys.rotate,
    async setDown(next) {
      down = next;
      await listening.refuse(next === 'refuse');
    },
    expireSecret(clientId, expired = true) {
      registered(clientId).secretExpired = expired;
    },
    setSecret(clientId, secret) {
      const known = registered(clientId);
      known.app = { ...known.app, secret };
      known.secretExpired = false;
    },
    setRoles(clientId, roles) {
      const known = registered(clientId);
      known.app = { ...known.app, roles };
    },
    setLifetime(seconds) {
      lifetime = seconds;
    },
    setRedirectUris(clientId, redirectUris) {
      const known = registered(clientId);
      known.app = { ...known.app, redirectUris };
    },
    async signIn(authorizeUrl, order) {
      const { host, pathname, searchParams } = new URL(authorizeUrl);
      const here = host === new URL(listening.url).host && isAuthorize(pathname);
      if (!here || down !== 'no') throw new Error(`nobody gets a sign-in page from ${authorizeUrl}`);
      return desk.signIn(searchParams, order);
    },
    mutateIdToken: userTokens.mutate,
    requests: () => requests,
    close: listening.close,
  };
}

function unknownTenant(tenant: string): Refusal {
  return { status: 400, number: 90002, error: 'invalid_tenant', text: `Tenant '${tenant}' not found.` };
}

function refusalBody({ number, error, text }: Refusal, now: number) {
  const [trace, correlation] = [randomUUID(), randomUUID()];
  const timestamp = new Date(now)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
  return {
    error,
    error_description: `AADSTS${number}: ${text} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
    error_codes: [number],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
  };
}

/** MSAL insists on https and maps it back to this server through its own network client. */
function secureName({ url }: Listening): string {
  return url.replace('http:', 'https:');
}

function endpointNames(listening: Listening, tenantId: string): string[] {
  const bases = [listening.url, secureName(listening), 'https://login.microsoftonline.com'];
  return bases.flatMap((base) => [`${base}/${tenantId}/oauth2/v2.0/token`, `${base}/${tenantId}/v2.0`]);
}

function openid(listening: Listening, tenantId: string) {
  const base = `${secureName(listening)}/${tenantId}`;
  return {
    issuer: `${base}/v2.0`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    response_types_supported: ['code'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

function instances(req: IncomingMessage, listening: Listening, tenantId: string) {
  const host = req.headers.host ?? '';
  return {
    tenant_discovery_endpoint: `${secureName(listening)}/${tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}
