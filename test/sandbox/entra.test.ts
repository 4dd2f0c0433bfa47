import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { ConfidentialClientApplication, type INetworkModule, type NodeAuthOptions } from '@azure/msal-node';
import { decodeJwt, importSPKI, jwtVerify, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { startEntra } from '../../src/sandbox/entra/start.ts';
import type { Entra, EntraOptions } from '../../src/sandbox/entra/types.ts';

const TENANT = '3f1c2a7e-90f5-4c1b-8a55-0d2f6f6b1c01';
const GRAPH_SCOPE = 'https://graph.microsoft.com/.default';
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const thumbprint = createHash('sha256').update('certificate of the bot').digest('hex');
const WITH_SECRET = { clientId: 'bot-with-secret', secret: 'good', roles: ['Mail.ReadWrite'] };
const WITH_CERTIFICATE = {
  clientId: 'bot-with-certificate',
  certificateThumbprint: thumbprint,
  certificatePublicKey: publicKey,
  roles: ['User.Read.All'],
};

interface Running extends AsyncDisposable {
  readonly entra: Entra;
}

async function open(options: Partial<EntraOptions> = {}): Promise<Running> {
  const apps = [WITH_SECRET, WITH_CERTIFICATE];
  const entra = await startEntra({ tenantId: TENANT, apps, clock: Date.now, ...options });
  return { entra, [Symbol.asyncDispose]: () => entra.close() };
}

async function ask(entra: Entra, form: Record<string, string>, tenant = TENANT) {
  const response = await fetch(`${entra.url}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: GRAPH_SCOPE, ...form }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are what these tests take apart
  return { status: response.status, body: (await response.json()) as any };
}

const secret = (given = 'good') => ({ client_id: WITH_SECRET.clientId, client_secret: given });

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

function msal(entra: Entra, clientId: string, credential: Partial<NodeAuthOptions>) {
  const { host } = new URL(entra.url);
  const authority = `https://${host}/${TENANT}`;
  const auth = { clientId, authority, knownAuthorities: [host], ...credential };
  return new ConfidentialClientApplication({ auth, system: { networkClient: loopbackNetwork() } });
}

describe('a token', () => {
  test('names resource, tenant, app and roles, and ends', async () => {
    await using running = await open({ lifetimeSeconds: 600 });
    const { body } = await ask(running.entra, secret());
    const { exp = 0, ...claims } = decodeJwt(body.access_token);
    expect(claims).toMatchObject({
      aud: 'https://graph.microsoft.com',
      iss: `https://sts.windows.net/${TENANT}/`,
      tid: TENANT,
      appid: WITH_SECRET.clientId,
      roles: WITH_SECRET.roles,
    });
    expect(exp - (claims.iat ?? 0)).toBe(600);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 600 });
  });

  test('for the Bot Framework carries no roles', async () => {
    await using running = await open();
    const { body } = await ask(running.entra, { ...secret(), scope: 'https://api.botframework.com/.default' });
    expect(decodeJwt(body.access_token)).not.toHaveProperty('roles');
    expect(decodeJwt(body.access_token).aud).toBe('https://api.botframework.com');
  });

  test('for a loopback Graph names that address', async () => {
    await using running = await open();
    const { body } = await ask(running.entra, { ...secret(), scope: 'http://127.0.0.1:4711/.default' });
    expect(decodeJwt(body.access_token).aud).toBe('http://127.0.0.1:4711');
  });

  test('is signed with the published key, and stays good when keys change', async () => {
    await using running = await open();
    const { entra } = running;
    const token = await entra.issue({ clientId: WITH_SECRET.clientId });
    await expect(jwtVerify(token, await importSPKI(await entra.publicKey(), 'RS256'))).resolves.toBeDefined();
    await entra.rotateKeys();
    await expect(entra.verifyToken(token)).resolves.toMatchObject({ appid: WITH_SECRET.clientId });
    const published = await (await fetch(`${entra.url}/${TENANT}/discovery/v2.0/keys`)).json();
    expect(published).toEqual(entra.jwks());
  });

  test('carries new roles only from the next one on', async () => {
    await using running = await open();
    const before = await ask(running.entra, secret());
    running.entra.setRoles(WITH_SECRET.clientId, ['Mail.Read']);
    const after = await ask(running.entra, secret());
    const roles = [before, after].map(({ body }) => decodeJwt(body.access_token)['roles']);
    expect(roles).toEqual([['Mail.ReadWrite'], ['Mail.Read']]);
  });
});

describe('a refusal', () => {
  test.each([
    ['a wrong secret', secret('bad'), TENANT, 401, 7000215],
    ['an unknown app', { client_id: 'nobody', client_secret: 'x' }, TENANT, 400, 700016],
    ['an unknown tenant', secret(), 'elsewhere', 400, 90002],
    ['no credential', { client_id: WITH_SECRET.clientId }, TENANT, 401, 7000218],
    ['a foreign resource', { ...secret(), scope: 'https://vault.example/.default' }, TENANT, 400, 500011],
    ['a scope that is none', { ...secret(), scope: 'Mail.Read' }, TENANT, 400, 1002012],
    ['another grant', { ...secret(), grant_type: 'password' }, TENANT, 400, 70003],
  ])('for %s has its number', async (_, form, tenant, status, number) => {
    await using running = await open();
    const { status: answered, body } = await ask(running.entra, form as Record<string, string>, tenant);
    expect([answered, body.error_codes]).toEqual([status, [number]]);
    expect(body.error_description).toMatch(new RegExp(`^AADSTS${number}: `));
    expect(running.entra.requests()).toMatchObject([{ status, error: number }]);
  });

  test('comes with an expired secret until there is a new one', async () => {
    await using running = await open();
    running.entra.expireSecret(WITH_SECRET.clientId);
    expect((await ask(running.entra, secret())).body.error_codes).toEqual([7000222]);
    running.entra.setSecret(WITH_SECRET.clientId, 'fresh');
    expect((await ask(running.entra, secret('fresh'))).status).toBe(200);
  });

  test.each([
    ['meant for another endpoint', { aud: 'https://elsewhere.example/token' }],
    ['of another app', { iss: WITH_SECRET.clientId }],
    ['that has ended', { exp: Math.floor(Date.now() / 1_000) - 3_600 }],
  ])('comes with an assertion %s', async (_, wrong) => {
    await using running = await open();
    const { clientId } = WITH_CERTIFICATE;
    const right = { iss: clientId, sub: clientId, jti: '1', exp: Math.floor(Date.now() / 1_000) + 300 };
    const aud = `${running.entra.url}/${TENANT}/oauth2/v2.0/token`;
    const sign = (claims: object) =>
      new SignJWT({ aud, ...right, ...claims })
        .setProtectedHeader({ alg: 'RS256', 'x5t#S256': Buffer.from(thumbprint, 'hex').toString('base64url') })
        .sign(createPrivateKey(privateKey));
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const form = { client_id: clientId, client_assertion_type };
    const good = await ask(running.entra, { ...form, client_assertion: await sign({}) });
    const bad = await ask(running.entra, { ...form, client_assertion: await sign(wrong) });
    expect([good.status, bad.status, bad.body.error_codes]).toEqual([200, 401, [700027]]);
  });
});

describe('an Entra that is down', () => {
  test('answers 503, or refuses connections, and comes back on the same port', async () => {
    await using running = await open();
    const { entra } = running;
    await entra.setDown('down');
    expect((await ask(entra, secret())).status).toBe(503);
    await entra.setDown('refuse');
    await expect(ask(entra, secret())).rejects.toThrow('fetch failed');
    await entra.setDown('no');
    expect((await ask(entra, secret())).status).toBe(200);
  });
});

describe('MSAL', () => {
  test('gets a token for a secret with one token request', async () => {
    await using running = await open();
    const app = msal(running.entra, WITH_SECRET.clientId, { clientSecret: 'good' });
    const result = await app.acquireTokenByClientCredential({ scopes: [GRAPH_SCOPE] });
    await expect(running.entra.verifyToken(result?.accessToken ?? '')).resolves.toMatchObject({
      appid: WITH_SECRET.clientId,
    });
    expect(running.entra.requests()).toHaveLength(1);
  });

  test('gets a token for a certificate', async () => {
    await using running = await open();
    const clientCertificate = { thumbprintSha256: thumbprint, privateKey };
    const app = msal(running.entra, WITH_CERTIFICATE.clientId, { clientCertificate });
    const result = await app.acquireTokenByClientCredential({ scopes: [GRAPH_SCOPE] });
    expect(decodeJwt(result?.accessToken ?? '')['roles']).toEqual(WITH_CERTIFICATE.roles);
  });

  test('reads the number of a refusal', async () => {
    await using running = await open();
    running.entra.expireSecret(WITH_SECRET.clientId);
    const app = msal(running.entra, WITH_SECRET.clientId, { clientSecret: 'good' });
    const asked = app.acquireTokenByClientCredential({ scopes: [GRAPH_SCOPE] });
    await expect(asked).rejects.toMatchObject({ errorCode: 'invalid_client', errorNo: 7_000_222 });
  });

  test('learns when to renew a token that lives long', async () => {
    await using running = await open({ lifetimeSeconds: 7_200 });
    const app = msal(running.entra, WITH_SECRET.clientId, { clientSecret: 'good' });
    const result = await app.acquireTokenByClientCredential({ scopes: [GRAPH_SCOPE] });
    expect(result?.refreshOn?.getTime()).toBeLessThan(result?.expiresOn?.getTime() ?? 0);
  });
});
