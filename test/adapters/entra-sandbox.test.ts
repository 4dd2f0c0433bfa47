import { generateKeyPairSync } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import type { EntraCredential } from '../../src/adapters/entra/credential.ts';
import { createTokenSource } from '../../src/adapters/entra/token.ts';
import { startEntra } from '../../src/sandbox/entra/start.ts';

const TENANT = '11111111-1111-4111-8111-111111111111';
const CLIENT = '22222222-2222-4222-8222-222222222222';
const THUMBPRINT = 'ab'.repeat(32);

async function entraWith(credential: EntraCredential, certificatePublicKey?: string) {
  let now = Date.now();
  const clock = () => now;
  const certificate =
    certificatePublicKey === undefined ? {} : { certificatePublicKey, certificateThumbprint: THUMBPRINT };
  const app = { clientId: CLIENT, secret: 'a-secret', roles: ['Mail.ReadWrite'], ...certificate };
  const entra = await startEntra({ tenantId: TENANT, apps: [app], clock });
  onTestFinished(() => entra.close());
  const source = createTokenSource({
    authority: entra.url,
    tenantId: TENANT,
    clientId: CLIENT,
    credential,
    scope: 'https://graph.microsoft.com/.default',
    clock,
  });
  const wait = (ms: number) => {
    now += ms;
  };
  return { entra, source, wait };
}

test('Entra gives a token for the secret, made for Graph and with the app’s roles', async () => {
  const { entra, source } = await entraWith({ kind: 'secret', secret: 'a-secret' });
  const claims = await entra.verifyToken(await source.token());
  expect(claims).toMatchObject({ aud: 'https://graph.microsoft.com', appid: CLIENT });
  expect(source.roles()).toEqual(['Mail.ReadWrite']);
});

test('Entra gives a token for the certificate', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const credential = { kind: 'certificate', privateKey, thumbprintSha256: THUMBPRINT } as const;
  const { entra, source, wait } = await entraWith(credential, publicKey);
  wait(2_000); // MSAL dates its assertion up to a second ahead
  expect(await entra.verifyToken(await source.token())).toMatchObject({ appid: CLIENT });
});

test('Entra refuses a wrong secret, which is a configuration error', async () => {
  const { source } = await entraWith({ kind: 'secret', secret: 'another-secret' });
  await expect(source.token()).rejects.toMatchObject({ code: 'config' });
});

test('a secret that expires is told while the token is still good', async () => {
  const { entra, source, wait } = await entraWith({ kind: 'secret', secret: 'a-secret' });
  const token = await source.token();
  entra.expireSecret(CLIENT);
  wait(55 * 60_000);
  expect(await source.token()).toBe(token);
  await expect.poll(() => entra.requests().map(({ error }) => error)).toEqual([null, 7000222]);
});

test('an outage of Entra is not seen by who has a token', async () => {
  const { entra, source, wait } = await entraWith({ kind: 'secret', secret: 'a-secret' });
  const token = await source.token();
  await entra.setDown('refuse');
  wait(55 * 60_000);
  expect(await source.token()).toBe(token);
  await entra.setDown('no');
  wait(60_000);
  // Renewed behind the back of whoever asks.
  await expect.poll(() => source.token()).not.toBe(token);
});
