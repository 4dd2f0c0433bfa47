import { createHash } from 'node:crypto';
import { ConfidentialClientApplication, type INetworkModule } from '@azure/msal-node';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEntra } from '../../src/sandbox/entra/start.ts';
import type { Entra, SignInOrder } from '../../src/sandbox/entra/types.ts';

const TENANT = '3f1c2a7e-90f5-4c1b-8a55-0d2f6f6b1c01';
const CLIENT = '11111111-2222-4333-8444-555555555555';
const BACK = 'http://127.0.0.1:4711/auth/callback';
const DANA = { entraId: '00000000-0000-4000-8000-0000000000d1', name: '<b>Dana</b> & Co', upn: 'dana@contoso.com' };
const VERIFIER = 'v'.repeat(43);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const STEP_UP = JSON.stringify({ id_token: { acrs: { essential: true, value: 'c1' } } });

let entra: Entra;
let now = 0;
beforeEach(async () => {
  now = Date.now();
  const app = { clientId: CLIENT, secret: 'good', roles: [], redirectUris: [BACK] };
  const other = { clientId: 'other', secret: 'good', roles: [], redirectUris: [BACK] };
  entra = await startEntra({ tenantId: TENANT, apps: [app, other], clock: () => now, people: () => [DANA] });
});
afterEach(() => entra.close());

/** MSAL speaks to https only; here it is brought back to the loopback server. */
function loopbackNetwork(): INetworkModule {
  const send = async <T>(url: string, init: RequestInit) => {
    const response = await fetch(url.replace('https:', 'http:'), init);
    const headers = Object.fromEntries(response.headers);
    return { status: response.status, headers, body: (await response.json()) as T };
  };
  return {
    sendGetRequestAsync: (url, options) => send(url, { headers: options?.headers ?? {} }),
    sendPostRequestAsync: (url, options) =>
      send(url, { method: 'POST', headers: options?.headers ?? {}, body: options?.body ?? '' }),
  };
}

function msal(): ConfidentialClientApplication {
  const { host } = new URL(entra.url);
  const authority = `https://${host}/${TENANT}`;
  const auth = { clientId: CLIENT, clientSecret: 'good', authority, knownAuthorities: [host] };
  return new ConfidentialClientApplication({ auth, system: { networkClient: loopbackNetwork() } });
}

const ASKED = {
  client_id: CLIENT,
  redirect_uri: BACK,
  response_type: 'code',
  scope: 'openid profile',
  state: 'st&te',
  nonce: 'once',
  code_challenge: CHALLENGE,
  code_challenge_method: 'S256',
};

/** The address of a request; undefined leaves a parameter out. */
function address(change: Record<string, string | undefined> = {}): string {
  const given = Object.entries({ ...ASKED, ...change }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return `${entra.url}/${TENANT}/oauth2/v2.0/authorize?${new URLSearchParams(given)}`;
}

async function back(change: Record<string, string | undefined> = {}, order: Partial<SignInOrder> = {}) {
  return new URL(await entra.signIn(address(change), { as: DANA.entraId, ...order })).searchParams;
}

async function redeem(code: string | null, change: Record<string, string | undefined> = {}) {
  const form = {
    grant_type: 'authorization_code',
    client_id: CLIENT,
    client_secret: 'good',
    code: code ?? '',
    redirect_uri: BACK,
    code_verifier: VERIFIER,
    client_info: '1',
    ...change,
  };
  const given = Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const response = await fetch(`${entra.url}/${TENANT}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(given),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are what these tests take apart
  return { status: response.status, body: (await response.json()) as any };
}

async function claims(change: Record<string, string | undefined> = {}, order: Partial<SignInOrder> = {}) {
  const { body } = await redeem((await back(change, order)).get('code'));
  return decodeJwt(body.id_token);
}

describe('MSAL', () => {
  const request = { scopes: ['openid', 'profile'], redirectUri: BACK };

  test('signs somebody in, with PKCE, a nonce and an authentication context', async () => {
    const app = msal();
    const url = await app.getAuthCodeUrl({
      ...request,
      state: 'here',
      nonce: 'once',
      codeChallenge: CHALLENGE,
      codeChallengeMethod: 'S256',
      claims: STEP_UP,
      prompt: 'login',
    });
    const answer = new URL(await entra.signIn(url, { as: DANA.entraId })).searchParams;
    const code = answer.get('code') ?? '';
    const result = await app.acquireTokenByCode({ ...request, code, nonce: 'once', codeVerifier: VERIFIER });
    expect(answer.get('state')).toBe('here');
    expect(result.idTokenClaims).toMatchObject({ oid: DANA.entraId, nonce: 'once', acrs: ['c1'] });
    expect(result.account).toMatchObject({ username: DANA.upn, homeAccountId: `${DANA.entraId}.${TENANT}` });
  });

  test('is told by name when a code is shown twice', async () => {
    const app = msal();
    const url = await app.getAuthCodeUrl(request);
    const code = new URL(await entra.signIn(url, { as: DANA.entraId })).searchParams.get('code') ?? '';
    await app.acquireTokenByCode({ ...request, code });
    await expect(app.acquireTokenByCode({ ...request, code })).rejects.toMatchObject({ errorCode: 'invalid_grant' });
  });

  test('will not take the token of another sign-in', async () => {
    const app = msal();
    entra.mutateIdToken((good) => ({ ...good, nonce: 'another' }));
    const url = await app.getAuthCodeUrl({ ...request, nonce: 'once' });
    const code = new URL(await entra.signIn(url, { as: DANA.entraId })).searchParams.get('code') ?? '';
    await expect(app.acquireTokenByCode({ ...request, code, nonce: 'once' })).rejects.toMatchObject({
      errorCode: 'nonce_mismatch',
    });
  });
});

describe('an id token', () => {
  test('is signed with the published key and names app, tenant, person and time', async () => {
    const { body } = await redeem((await back()).get('code'));
    const seconds = Math.floor(now / 1_000);
    const found = await fetch(`${entra.url}/${TENANT}/v2.0/.well-known/openid-configuration`);
    const { issuer } = (await found.json()) as { issuer: string };
    const { payload } = await jwtVerify(body.id_token, createLocalJWKSet(entra.jwks()), { issuer, audience: CLIENT });
    expect(payload).toMatchObject({
      tid: TENANT,
      oid: DANA.entraId,
      nonce: 'once',
      name: DANA.name,
      preferred_username: DANA.upn,
      auth_time: seconds,
      iat: seconds,
      nbf: seconds,
      exp: seconds + 3_600,
    });
    expect(payload).not.toHaveProperty('acrs');
  });

  test('comes with what belongs to it, and with a way to renew only for who asked for that', async () => {
    const plain = await redeem((await back()).get('code'));
    const lasting = await redeem((await back({ scope: 'openid profile offline_access' })).get('code'));
    expect(plain.body).toMatchObject({ token_type: 'Bearer', scope: 'openid profile', expires_in: 3_599 });
    expect(JSON.parse(Buffer.from(plain.body.client_info, 'base64url').toString())).toEqual({
      uid: DANA.entraId,
      utid: TENANT,
    });
    expect([plain.body.refresh_token, lasting.body.refresh_token]).toEqual([undefined, expect.any(String)]);
  });

  test.each([
    ['the one that was asked for', {}, ['c1']],
    ['another', { acrs: ['c2'] }, ['c2']],
    ['none', { acrs: [] }, undefined],
  ])('says of the authentication context: %s', async (_, order, acrs) => {
    expect((await claims({ claims: STEP_UP }, order))['acrs']).toEqual(acrs);
  });

  test('tells an old sign-in', async () => {
    expect((await claims({}, { authTime: 1_000 }))['auth_time']).toBe(1_000);
  });

  test('can be forged, in what it says and in who signed it', async () => {
    entra.mutateIdToken(({ exp: _exp, ...rest }) => ({ ...rest, tid: 'elsewhere' }), { foreignKey: true });
    const { body } = await redeem((await back()).get('code'));
    expect(decodeJwt(body.id_token)).toMatchObject({ tid: 'elsewhere' });
    await expect(jwtVerify(body.id_token, createLocalJWKSet(entra.jwks()))).rejects.toThrow('signature');
    entra.mutateIdToken(null);
    const good = await redeem((await back()).get('code'));
    await expect(jwtVerify(good.body.id_token, createLocalJWKSet(entra.jwks()))).resolves.toBeDefined();
  });
});

describe('a code', () => {
  test.each([
    ['made up', { code: 'x' }, 400, 9002313],
    ['with a wrong secret', { client_secret: 'bad' }, 401, 7000215],
    ['of another app', { client_id: 'other' }, 400, 70000],
    ['from another address', { redirect_uri: `${BACK}/` }, 400, 500112],
    ['with another verifier', { code_verifier: 'w'.repeat(43) }, 400, 501481],
    ['without a verifier', { code_verifier: undefined }, 400, 501481],
  ])('%s opens nothing', async (_, change, status, number) => {
    const { status: answered, body } = await redeem((await back()).get('code'), change);
    expect([answered, body.error_codes, body.id_token]).toEqual([status, [number], undefined]);
    expect(entra.requests().at(-1)).toMatchObject({ status, error: number });
  });

  test('is good once', async () => {
    const code = (await back()).get('code');
    expect((await redeem(code)).status).toBe(200);
    expect((await redeem(code)).body.error_codes).toEqual([54005]);
  });

  test('is good for ten minutes', async () => {
    const [first, second] = [(await back()).get('code'), (await back()).get('code')];
    now += 599_000;
    expect((await redeem(first)).status).toBe(200);
    now += 1_000;
    expect((await redeem(second)).body.error_codes).toEqual([70008]);
  });

  test('without PKCE takes no verifier', async () => {
    const plain = { code_challenge: undefined, code_challenge_method: undefined };
    const code = (await back(plain)).get('code');
    expect((await redeem(code, { code_verifier: undefined })).status).toBe(200);
  });
});

describe('the page', () => {
  const open = (url: string) => fetch(url, { redirect: 'manual' });
  const linksOf = (page: string) => [...page.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => plain(href));
  const plain = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');

  test('offers everybody by name, without markup of theirs and without scripts', async () => {
    const page = await (await open(address({ state: '"><script>alert(1)</script>' }))).text();
    expect(page).toContain('&lt;b&gt;Dana&lt;/b&gt; &amp; Co');
    expect(page).not.toMatch(/<script|<b>/);
  });

  test('leads back with a code that is good', async () => {
    const [dana = ''] = linksOf(await (await open(address())).text());
    const answer = await open(entra.url + dana);
    const location = new URL(answer.headers.get('location') ?? '');
    expect([answer.status, location.origin + location.pathname]).toEqual([302, BACK]);
    expect(location.searchParams.get('state')).toBe('st&te');
    expect((await redeem(location.searchParams.get('code'))).status).toBe(200);
  });

  test('leads back without one for who cancels', async () => {
    const [, cancel = ''] = linksOf(await (await open(address())).text());
    const location = new URL((await open(entra.url + cancel)).headers.get('location') ?? '');
    expect(location.searchParams.get('error')).toBe('access_denied');
    expect((await back({}, { refuse: 'access_denied' })).get('error_description')).toMatch(/^AADSTS65004: /);
  });

  test('posts the answer by a form when asked to', async () => {
    const [dana = ''] = linksOf(await (await open(address({ response_mode: 'form_post' }))).text());
    const page = await (await open(entra.url + dana)).text();
    expect(page).toContain(`<form method="post" action="${BACK}">`);
    expect(page).toMatch(/name="code" value="[^"]+"/);
    expect(page).toContain('name="state" value="st&amp;te"');
  });

  test.each([
    ['an unknown app', { client_id: 'nobody' }, 700016],
    ['an address that is not registered', { redirect_uri: 'http://evil.example/' }, 50011],
    ['no address', { redirect_uri: undefined }, 900144],
    ['an unknown response mode', { response_mode: 'jwt' }, 700030],
  ])('refuses %s itself and sends nobody anywhere', async (_, change, number) => {
    const answer = await open(address(change));
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    expect(await answer.text()).toContain(`AADSTS${number}`);
    await expect(back(change)).rejects.toThrow(`AADSTS${number}`);
  });

  test.each([
    ['another response type', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['no openid', { scope: 'profile' }, 'invalid_scope'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a short challenge', { code_challenge: 'short' }, 'invalid_request'],
    ['claims that are none', { claims: '{' }, 'invalid_request'],
    ['an unknown prompt', { prompt: 'shout' }, 'invalid_request'],
    ['an age that is none', { max_age: 'young' }, 'invalid_request'],
    ['a silent sign-in, for nobody is signed in', { prompt: 'none' }, 'login_required'],
  ])('sends back %s with the reason', async (_, change, error) => {
    const location = new URL((await open(address(change))).headers.get('location') ?? '');
    expect([location.searchParams.get('error'), location.searchParams.get('state')]).toEqual([error, 'st&te']);
    expect((await back(change)).get('error')).toBe(error);
  });

  test('takes a new address of the app at once', async () => {
    entra.setRedirectUris(CLIENT, ['http://127.0.0.1:1/elsewhere']);
    await expect(back()).rejects.toThrow('AADSTS50011');
  });

  test('is for people who are there, at an Entra that is up', async () => {
    await expect(back({}, { as: 'nobody' })).rejects.toThrow('nobody with the id nobody');
    await entra.setDown('down');
    await expect(back()).rejects.toThrow('nobody gets a sign-in page');
    expect((await open(address())).status).toBe(503);
  });
});
