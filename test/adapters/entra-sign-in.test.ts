import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { personIn } from '../../src/adapters/entra/id-token.ts';
import { createSignIn, type SignInOptions } from '../../src/adapters/entra/sign-in.ts';
import { startEntra } from '../../src/sandbox/entra/start.ts';
import type { Claims, Entra, SignInOrder } from '../../src/sandbox/entra/types.ts';

const START = Date.parse('2026-11-23T12:00:00Z');
const TENANT = '11111111-1111-4111-8111-aaaaaaaaaaaa';
const CLIENT = '22222222-2222-4222-8222-222222222222';
const DANA = '33333333-3333-4333-8333-bbbbbbbbbbbb';
const OMAR = '44444444-4444-4444-8444-444444444444';
const BACK = 'https://clawback.contoso.example/auth/callback';
const SECRETS = { nonce: 'nonce-1', verifier: 'v'.repeat(43) };
const PEOPLE = [
  { entraId: DANA, name: 'Dana Ruiz', upn: 'dana@contoso.example' },
  { entraId: OMAR, name: 'Omar Haddad', upn: 'omar@contoso.example' },
];

let now = START;
const clock = () => now;
const seconds = () => Math.floor(now / 1_000);

beforeEach(() => {
  now = START;
});

async function contoso(): Promise<Entra> {
  const app = { clientId: CLIENT, secret: 'a-secret', roles: [], redirectUris: [BACK] };
  const entra = await startEntra({ tenantId: TENANT, apps: [app], people: () => PEOPLE, clock });
  onTestFinished(() => entra.close());
  return entra;
}

/** Something in Entra's place that answers every request for a token so. */
async function tokenEndpoint(answer: (response: ServerResponse) => void) {
  const posts: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    posts.push(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
    answer(response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { posts, url: `http://127.0.0.1:${address.port}` };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function signInAt({ url }: { readonly url: string }, options: Partial<SignInOptions> = {}) {
  return createSignIn({
    authority: url,
    tenantId: TENANT,
    clientId: CLIENT,
    credential: { kind: 'secret', secret: 'a-secret' },
    redirectUri: BACK,
    clock,
    ...options,
  });
}

/** Up to the moment at which the browser comes back with a code. */
async function begun(entra: Entra, context: string | null = 'c1', order: Partial<SignInOrder> = {}) {
  const signIn = signInAt(entra);
  const address = await signIn.begin({ state: 'state-1', ...SECRETS, context });
  const back = new URL(await entra.signIn(address, { as: DANA, ...order }));
  const answer = { code: back.searchParams.get('code') ?? '', ...SECRETS, context };
  return { signIn, answer, finish: () => signIn.finish(answer) };
}

/** The whole dance; rejects as `finish` does. `change` is what goes wrong in the id token. */
async function dance(change: ((claims: Claims) => Claims) | null = null, context: string | null = 'c1') {
  const entra = await contoso();
  entra.mutateIdToken(change);
  return (await begun(entra, context)).finish();
}

describe('the address to sign in at', () => {
  const asked = async (context: string | null) => {
    const entra = await contoso();
    const url = new URL(await signInAt(entra).begin({ state: 'state-1', ...SECRETS, context }));
    return { entra, url, claims: JSON.parse(url.searchParams.get('claims') ?? '{}') };
  };

  test('is at the authority and binds the code to state, nonce and verifier', async () => {
    const { entra, url } = await asked(null);
    expect(url.origin + url.pathname).toBe(`${entra.url}/${TENANT}/oauth2/v2.0/authorize`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      response_mode: 'query',
      client_id: CLIENT,
      redirect_uri: BACK,
      state: 'state-1',
      nonce: 'nonce-1',
      code_challenge: createHash('sha256').update(SECRETS.verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
  });

  test('asks for nothing that would outlive the sign-in', async () => {
    const { url } = await asked('c1');
    expect(url.searchParams.get('scope')).toBe('openid profile');
  });

  test('does not tell the verifier', async () => {
    const { url } = await asked('c1');
    expect(url.href).not.toContain(SECRETS.verifier);
  });

  test('asks for a new sign-in with the context for a step-up', async () => {
    const { url, claims } = await asked('c1');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ prompt: 'login', max_age: '0' });
    expect(claims.id_token).toMatchObject({
      acrs: { essential: true, value: 'c1' },
      auth_time: { essential: true },
    });
  });

  test('lets people see and choose the account where no step-up is needed', async () => {
    const { url, claims } = await asked(null);
    expect(url.searchParams.get('prompt')).toBe('select_account');
    expect(claims.id_token).not.toHaveProperty('acrs');
  });

  test('needs no network', async () => {
    const entra = await contoso();
    await entra.setDown('refuse');
    expect(await signInAt(entra).begin({ state: 's', ...SECRETS, context: 'c1' })).toContain(entra.url);
  });

  test.each(['http://login.example.com', 'login.example.com'])('is not made at %s', (url) => {
    expect(() => signInAt({ url })).toThrow(expect.objectContaining({ code: 'config', field: 'authority' }));
  });
});

describe('who signed in', () => {
  test('is told with the proof of a step-up', async () => {
    expect(await dance()).toEqual({
      person: DANA,
      name: 'Dana Ruiz',
      address: 'dana@contoso.example',
      proof: { context: 'c1', at: '2026-11-23T12:00:00.000Z' },
    });
  });

  test('is told without a proof where none was asked for', async () => {
    expect(await dance(null, null)).toMatchObject({ person: DANA, proof: null });
  });

  test('is written in lower case, whatever Entra writes', async () => {
    expect(await dance((claims) => ({ ...claims, oid: DANA.toUpperCase() }))).toMatchObject({ person: DANA });
  });

  test('is believed where the configuration writes the tenant in capitals', async () => {
    const entra = await contoso();
    const { answer } = await begun(entra);
    const signIn = signInAt(entra, { tenantId: TENANT.toUpperCase(), clientId: CLIENT.toUpperCase() });
    expect(await signIn.finish(answer)).toMatchObject({ person: DANA });
  });

  test('may have no name', async () => {
    const nameless = await dance(({ name: _, preferred_username: __, ...claims }) => claims);
    expect(nameless).toMatchObject({ person: DANA, name: '', address: '' });
  });

  test('may have the context as a single value', async () => {
    expect(await dance((claims) => ({ ...claims, acrs: 'c1' }))).toMatchObject({ proof: { context: 'c1' } });
  });

  test('costs one request, and no refresh token is asked for', async () => {
    const entra = await contoso();
    await (await begun(entra)).finish();
    expect(entra.requests()).toEqual([expect.objectContaining({ status: 200, scope: 'openid profile' })]);
  });

  test('is asked with a federated assertion where that is the credential', async () => {
    const server = await tokenEndpoint((response) => response.destroy());
    const signIn = signInAt(server, { credential: { kind: 'assertion', assertion: async () => 'assertion-1' } });
    await signIn.finish({ code: 'code', ...SECRETS, context: null }).catch(() => undefined);
    expect(Object.fromEntries(server.posts[0] ?? [])).toMatchObject({
      client_assertion: 'assertion-1',
      code_verifier: SECRETS.verifier,
      redirect_uri: BACK,
    });
  });

  test('is not the one before, when two people use the same page', async () => {
    const entra = await contoso();
    const [dana, omar] = [await begun(entra, null), await begun(entra, null, { as: OMAR })];
    const [second, first] = [await omar.finish(), await dana.finish()];
    expect([first.person, second.person]).toEqual([DANA, OMAR]);
  });
});

const without =
  (name: string) =>
  ({ [name]: _, ...claims }: Claims): Claims =>
    claims;
const having = (changes: () => Claims) => (claims: Claims) => ({ ...claims, ...changes() });

describe('an id token is refused', () => {
  const cases: [string, (claims: Claims) => Claims, string][] = [
    ['for another application', having(() => ({ aud: OMAR })), 'for another application'],
    ['for several applications', having(() => ({ aud: [CLIENT, OMAR] })), 'for another application'],
    ['without an audience', without('aud'), 'for another application'],
    [
      'of another issuer',
      having(() => ({ iss: `https://login.fabrikam.example/${TENANT}/v2.0` })),
      'from another issuer',
    ],
    ['of another tenant', having(() => ({ tid: OMAR })), 'from another tenant'],
    ['without a tenant', without('tid'), 'from another tenant'],
    ['with another nonce', having(() => ({ nonce: 'nonce-2' })), 'another sign-in'],
    ['without a nonce', without('nonce'), 'another sign-in'],
    ['that has expired', having(() => ({ exp: seconds() - 301 })), 'has expired'],
    ['without an end', without('exp'), 'has no end'],
    ['that is not valid yet', having(() => ({ nbf: seconds() + 301 })), 'not valid yet'],
    ['without a person', without('oid'), 'names no person'],
    ['whose person is no object id', having(() => ({ oid: 'dana' })), 'names no person'],
    ['without the context', without('acrs'), 'authentication context c1'],
    ['with another context', having(() => ({ acrs: ['c2', 'c11'] })), 'authentication context c1'],
    ['with a context that only begins so', having(() => ({ acrs: 'c11' })), 'authentication context c1'],
    ['that does not say when', without('auth_time'), 'when the person signed in'],
    ['whose time is no number', having(() => ({ auth_time: String(seconds()) })), 'when the person signed in'],
    ['whose time is no whole number', having(() => ({ auth_time: seconds() + 0.5 })), 'when the person signed in'],
    ['of an old sign-in', having(() => ({ auth_time: seconds() - 301 })), 'too old'],
    ['of a sign-in to come', having(() => ({ auth_time: seconds() + 61 })), 'in the future'],
  ];

  test.each(cases)('%s', async (_, change, why) => {
    await expect(dance(change)).rejects.toMatchObject({ code: 'unauthorized', message: expect.stringContaining(why) });
  });

  test('that is missing', async () => {
    const server = await tokenEndpoint((response) =>
      reply(response, 200, { token_type: 'Bearer', expires_in: 60, access_token: 'a' }),
    );
    const answer = { code: 'code', ...SECRETS, context: null };
    await expect(signInAt(server).finish(answer)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  // MSAL compares the nonce before anybody else can: our own comparison is asked directly.
  test.each(['nonce-2', '', undefined, 7, ['nonce-1']])('with the nonce %o, even if MSAL let it pass', (nonce) => {
    const claims = { aud: CLIENT, iss: 'i', tid: TENANT, oid: DANA, exp: seconds() + 60, nonce: 'nonce-1' };
    const expected = { clientId: CLIENT, issuer: 'i', tenantId: TENANT, nonce: 'nonce-1', context: null, now };
    expect(personIn(claims, expected)).toMatchObject({ person: DANA });
    const refused = { problem: expect.stringContaining('another sign-in') };
    expect(personIn({ ...claims, nonce }, expected)).toEqual(refused);
    expect(personIn({ ...claims, nonce: '' }, { ...expected, nonce: '' })).toEqual(refused);
  });
});

describe('clocks may differ', () => {
  const cases: [string, () => Claims][] = [
    ['an end five minutes ago', () => ({ exp: seconds() - 300 })],
    ['a beginning in five minutes', () => ({ nbf: seconds() + 300 })],
    ['a sign-in five minutes ago', () => ({ auth_time: seconds() - 300 })],
    ['a sign-in in a minute', () => ({ auth_time: seconds() + 60 })],
  ];

  test.each(cases)('so %s still counts', async (_, changes) => {
    expect(await dance(having(changes))).toMatchObject({ person: DANA });
  });
});

describe('a code', () => {
  test('works once', async () => {
    const { finish } = await begun(await contoso());
    expect(await finish()).toMatchObject({ person: DANA });
    await expect(finish()).rejects.toMatchObject({
      code: 'unauthorized',
      message: 'Entra did not accept the sign-in: invalid_grant',
    });
  });

  test('is worth nothing without the verifier', async () => {
    const { signIn, answer } = await begun(await contoso());
    await expect(signIn.finish({ ...answer, verifier: 'w'.repeat(43) })).rejects.toMatchObject({
      code: 'unauthorized',
    });
  });

  test('of a sign-in without the context is worth nothing for a step-up', async () => {
    const { finish } = await begun(await contoso(), 'c1', { acrs: [] });
    await expect(finish()).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('of a session of this morning is worth nothing for a step-up', async () => {
    const { finish } = await begun(await contoso(), 'c1', { authTime: seconds() - 4 * 3_600 });
    await expect(finish()).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('may be used late, but not the sign-in behind it', async () => {
    const { finish } = await begun(await contoso());
    now += 301_000;
    await expect(finish()).rejects.toMatchObject({ message: 'the sign-in is too old' });
  });
});

describe('Entra cannot be asked when', () => {
  const troubles: [string, (response: ServerResponse) => void][] = [
    ['the connection breaks', (response) => response.destroy()],
    ['it is down', (response) => reply(response, 503, { error: 'invalid_grant' })],
    ['it is too busy', (response) => reply(response, 429, {})],
    ['it says so', (response) => reply(response, 400, { error: 'temporarily_unavailable' })],
    ['something else answers', (response) => response.end('<html>a proxy</html>')],
    ['nothing comes back', () => undefined],
  ];

  test.each(troubles)('%s', async (_, trouble) => {
    const signIn = signInAt(await tokenEndpoint(trouble), { timeoutMs: 100 });
    const answer = { code: 'code', ...SECRETS, context: null };
    await expect(signIn.finish(answer)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('our own secret has ended, which is not the person’s fault', async () => {
    const entra = await contoso();
    const { finish } = await begun(entra);
    entra.expireSecret(CLIENT);
    await expect(finish()).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Entra cannot be asked now: invalid_client',
    });
  });

  test('nobody listens, and can be asked as soon as somebody does', async () => {
    const entra = await contoso();
    const { finish } = await begun(entra);
    await entra.setDown('refuse');
    await expect(finish()).rejects.toMatchObject({ code: 'unavailable' });
    await entra.setDown('no');
    expect(await finish()).toMatchObject({ person: DANA });
  });
});
