import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { decodeProtectedHeader, jwtVerify, UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createTokenSource, type TokenCache, type TokenSourceOptions } from '../../src/adapters/entra/token.ts';

const START = Date.parse('2026-11-23T12:00:00Z');
const TENANT = '11111111-1111-4111-8111-111111111111';
const CLIENT = '22222222-2222-4222-8222-222222222222';

interface Posted {
  readonly url: string;
  readonly form: URLSearchParams;
}

let now = START;

beforeEach(() => {
  now = START;
});

/** A token endpoint; `answer` decides for the n-th request, counted from 1. */
async function entra(answer: (n: number, response: ServerResponse) => void = grant) {
  const posts: Posted[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      posts.push({ url: request.url ?? '', form: new URLSearchParams(body) });
      answer(posts.length, response);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  onTestFinished(close);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { posts, close, authority: `http://127.0.0.1:${address.port}` };
}

function grant(n: number, response: ServerResponse, extra: Record<string, unknown> = {}): void {
  const token = new UnsecuredJWT({ n, roles: ['Mail.ReadWrite', 'ThreatHunting.Read.All'] }).encode();
  reply(response, 200, { token_type: 'Bearer', expires_in: 3_600, access_token: token, ...extra });
}

function reply(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function sourceOn(server: { readonly authority: string }, options: Partial<TokenSourceOptions> = {}) {
  const problems: unknown[] = [];
  const source = createTokenSource({
    authority: server.authority,
    tenantId: TENANT,
    clientId: CLIENT,
    credential: { kind: 'secret', secret: 'a-secret' },
    scope: 'https://graph.microsoft.com/.default',
    clock: () => now,
    health: (problem) => problems.push(problem),
    ...options,
  });
  return { source, problems };
}

const minutes = (n: number) => n * 60_000;

describe('a token', () => {
  test('is fetched with one POST for five who ask at once, and nothing else is fetched', async () => {
    const server = await entra();
    const { source } = sourceOn(server);
    const tokens = await Promise.all(Array.from({ length: 5 }, () => source.token()));
    expect(new Set(tokens).size).toBe(1);
    expect(server.posts.map(({ url }) => new URL(url, 'http://x').pathname)).toEqual([`/${TENANT}/oauth2/v2.0/token`]);
  });

  test('is asked for with the secret and the scope', async () => {
    const server = await entra();
    await sourceOn(server).source.token();
    expect(Object.fromEntries(server.posts[0]?.form ?? [])).toMatchObject({
      grant_type: 'client_credentials',
      client_id: CLIENT,
      client_secret: 'a-secret',
      scope: 'https://graph.microsoft.com/.default',
    });
  });

  test('tells its end and its roles', async () => {
    const { source } = sourceOn(await entra());
    expect([source.expiresAt(), source.roles()]).toEqual([null, []]);
    await source.token();
    expect(source.expiresAt()).toBe(START + minutes(60));
    expect(source.roles()).toEqual(['Mail.ReadWrite', 'ThreatHunting.Read.All']);
  });

  test('has no roles when it cannot be read', async () => {
    const { source } = sourceOn(await entra((n, response) => grant(n, response, { access_token: 'opaque' })));
    await source.token();
    expect(source.roles()).toEqual([]);
  });

  test('is kept until ten minutes before its end', async () => {
    const server = await entra();
    const { source } = sourceOn(server);
    const first = await source.token();
    now += minutes(49);
    expect(await source.token()).toBe(first);
    now += minutes(2);
    await expect.poll(() => source.token()).not.toBe(first);
    expect(server.posts).toHaveLength(2);
  });

  test('is renewed when Entra wants it renewed', async () => {
    const server = await entra((n, response) => grant(n, response, { refresh_in: 1_800 }));
    const { source } = sourceOn(server);
    await source.token();
    now += minutes(31);
    await source.token();
    await expect.poll(() => server.posts).toHaveLength(2);
  });

  test('is renewed in the background: nobody waits for an Entra that hangs', async () => {
    const server = await entra((n, response) => (n === 1 ? grant(n, response) : undefined));
    const { source } = sourceOn(server);
    const first = await source.token();
    now += minutes(51);
    expect(await source.token()).toBe(first);
    await expect.poll(() => server.posts).toHaveLength(2);
    expect(await source.token()).toBe(first);
    expect(server.posts).toHaveLength(2);
  });

  test('is fetched anew, with the claims, for a challenge', async () => {
    const server = await entra();
    const { source } = sourceOn(server);
    const first = await source.token();
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    expect(await source.token(claims)).not.toBe(first);
    expect(JSON.parse(server.posts[1]?.form.get('claims') ?? '{}')).toMatchObject(JSON.parse(claims));
  });
});

describe('a failing renewal', () => {
  const failing: [string, (response: ServerResponse) => void][] = [
    ['no network', (response) => response.destroy()],
    ['a 503', (response) => reply(response, 503, { error: 'temporarily_unavailable' })],
    ['a revoked secret', (response) => reply(response, 401, { error: 'invalid_client', error_codes: [7000222] })],
  ];

  test.each(failing)('(%s) keeps the good token and is told at once', async (_, fail) => {
    const server = await entra((n, response) => (n === 1 ? grant(n, response) : fail(response)));
    const { source, problems } = sourceOn(server);
    const first = await source.token();
    now += minutes(51);
    expect(await source.token()).toBe(first);
    await expect.poll(() => problems).toEqual([null, expect.any(Error)]);
  });

  test('is not repeated for every caller', async () => {
    const server = await entra((n, response) => (n === 1 ? grant(n, response) : response.destroy()));
    const { source, problems } = sourceOn(server);
    await source.token();
    now += minutes(51);
    await source.token();
    await source.token();
    await expect.poll(() => problems).toHaveLength(2);
    await source.token();
    expect(server.posts).toHaveLength(2);
    now += 31_000;
    await source.token();
    await expect.poll(() => server.posts).toHaveLength(3);
  });

  test('is over as soon as Entra answers again', async () => {
    const server = await entra((n, response) =>
      n === 2 ? reply(response, 429, {}, { 'retry-after': '600' }) : grant(n, response),
    );
    const { source, problems } = sourceOn(server);
    const first = await source.token();
    now += minutes(51);
    await source.token();
    await expect.poll(() => problems).toHaveLength(2);
    now += 31_000;
    await expect.poll(() => source.token()).not.toBe(first);
    expect(problems.at(-1)).toBeNull();
  });

  test('ends the token two minutes before its time', async () => {
    const server = await entra((n, response) => (n === 1 ? grant(n, response) : response.destroy()));
    const { source } = sourceOn(server);
    await source.token();
    now += minutes(58);
    await expect(source.token()).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('does not satisfy a challenge with the old token', async () => {
    const server = await entra((n, response) => (n === 1 ? grant(n, response) : response.destroy()));
    const { source } = sourceOn(server);
    await source.token();
    await expect(source.token('{"access_token":{}}')).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('is a configuration error when Entra refuses the credential', async () => {
    const server = await entra((_, response) =>
      reply(response, 401, { error: 'invalid_client', error_codes: [7000215] }),
    );
    await expect(sourceOn(server).source.token()).rejects.toMatchObject({ code: 'config' });
  });

  test('without any token makes callers fail fast for a moment', async () => {
    const server = await entra((_, response) => response.destroy());
    const { source } = sourceOn(server);
    await expect(source.token()).rejects.toThrow('no token from Entra');
    await expect(source.token()).rejects.toThrow('no token from Entra');
    expect(server.posts).toHaveLength(1);
  });
});

describe('credentials', () => {
  test('a certificate signs the request', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const server = await entra();
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const credential = { kind: 'certificate', privateKey: pem, thumbprintSha256: 'ab'.repeat(32) } as const;
    await sourceOn(server, { credential }).source.token();
    const assertion = server.posts[0]?.form.get('client_assertion') ?? '';
    const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
    const { payload } = await jwtVerify(assertion, key, { clockTolerance: 5 });
    expect(payload).toMatchObject({ iss: CLIENT, sub: CLIENT });
    expect(decodeProtectedHeader(assertion)).toMatchObject({ alg: 'PS256', 'x5t#S256': expect.any(String) });
  });

  test('an assertion is asked for once per renewal', async () => {
    let asked = 0;
    const assertion = async () => {
      asked += 1;
      return `assertion-${asked}`;
    };
    const server = await entra();
    const { source } = sourceOn(server, { credential: { kind: 'assertion', assertion } });
    await source.token();
    await source.token();
    expect(asked).toBe(1);
    expect(server.posts[0]?.form.get('client_assertion')).toBe('assertion-1');
  });
});

describe('the shared cache', () => {
  function memory(entries = new Map<string, string>()): TokenCache & { readonly entries: Map<string, string> } {
    return {
      entries,
      get: async (key) => entries.get(key),
      set: async (key, value) => {
        entries.set(key, value);
      },
    };
  }

  test('lets the next process start without asking Entra', async () => {
    const server = await entra();
    const cache = memory();
    const first = await sourceOn(server, { cache }).source.token();
    expect(await sourceOn(server, { cache }).source.token()).toBe(first);
    expect(server.posts).toHaveLength(1);
  });

  test('is not believed when it is old or broken', async () => {
    const server = await entra();
    const cache = memory();
    await sourceOn(server, { cache }).source.token();
    now += minutes(59);
    await sourceOn(server, { cache }).source.token();
    for (const key of cache.entries.keys()) cache.entries.set(key, '{"token":');
    await sourceOn(server, { cache }).source.token();
    expect(server.posts).toHaveLength(3);
  });

  test('may be down', async () => {
    const down = () => Promise.reject(new Error('store is away'));
    const { source } = sourceOn(await entra(), { cache: { get: down, set: down } });
    expect(await source.token()).toMatch(/^ey/);
  });
});

describe('the authority', () => {
  test.each(['http://login.example.com', 'https://login.example.com/common', 'login.example.com'])(
    '%s is refused',
    (authority) => {
      expect(() => sourceOn({ authority })).toThrow(expect.objectContaining({ code: 'config', field: 'authority' }));
    },
  );

  test('is the only host that is called', async () => {
    const called: string[] = [];
    const fake: typeof fetch = async (input) => {
      called.push(String(input));
      return Response.json({ token_type: 'Bearer', expires_in: 3_600, access_token: 'a' });
    };
    await sourceOn({ authority: 'https://login.example.com' }, { fetch: fake }).source.token();
    expect(called.map((url) => new URL(url).host)).toEqual(['login.example.com']);
  });

  test('does not hand the request on to where it redirects', async () => {
    const elsewhere = await entra();
    const server = await entra((_, response) => {
      response.writeHead(307, { location: `${elsewhere.authority}/x` }).end();
    });
    await expect(sourceOn(server).source.token()).rejects.toMatchObject({ code: 'unavailable' });
    expect(elsewhere.posts).toHaveLength(0);
  });

  test('that does not answer is given up', async () => {
    const server = await entra(() => {});
    await expect(sourceOn(server, { timeoutMs: 50 }).source.token()).rejects.toMatchObject({ code: 'unavailable' });
  });
});
