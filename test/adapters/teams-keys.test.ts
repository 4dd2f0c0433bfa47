import { generateKeyPairSync } from 'node:crypto';
import { exportJWK, type JWK } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { type ConnectorKeys, createConnectorKeys } from '../../src/adapters/teams/keys.ts';

const METADATA = 'https://login.botframework.com/v1/.well-known/openidconfiguration';
const KEYS = 'https://login.botframework.com/v1/.well-known/keys';
const HOUR = 3_600_000;

let now = 0;
let published: object[] = [];
let asked: string[] = [];
let answer: (url: string) => Promise<Response> | Response;
let stale: unknown[] = [];
let keys: ConnectorKeys;

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

async function jwk(kid: string, more: object = {}): Promise<JWK> {
  return { ...(await exportJWK(publicKey)), kid, use: 'sig', ...more };
}

/** As Microsoft's servers answer, as long as a test says nothing else. */
const usual = (url: string) => Response.json(url === METADATA ? { jwks_uri: KEYS } : { keys: published });

beforeEach(async () => {
  now = Date.parse('2026-11-20T08:00:00Z');
  published = [await jwk('one', { endorsements: ['msteams', 'webchat'] })];
  asked = [];
  stale = [];
  answer = usual;
  keys = createConnectorKeys({
    metadataUrl: METADATA,
    fetch: (input, init) => {
      const url = String(input);
      asked.push(url);
      expect(init).toMatchObject({ redirect: 'error', signal: expect.any(AbortSignal) });
      return Promise.resolve(answer(url));
    },
    now: () => now,
    timeoutMs: 1_000,
    stale: (error) => stale.push(error),
  });
});

const rounds = () => asked.filter((url) => url === METADATA).length;
/** Lets what goes on in the background go on. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the keys of the Bot Connector', () => {
  test('are asked for once, and known by their id with what they may speak for', async () => {
    const [first, second] = [await keys.find('one'), await keys.find('one')];
    expect(first?.endorsements).toEqual(['msteams', 'webchat']);
    expect([second, asked]).toEqual([first, [METADATA, KEYS]]);
  });

  test('are asked for once by a crowd', async () => {
    await Promise.all(Array.from({ length: 50 }, (_none, n) => keys.find(n % 2 ? 'one' : `made up ${n}`)));
    expect(rounds()).toBe(1);
  });

  test('that nobody published are asked for again at most once a minute, however many are made up', async () => {
    await keys.find('one');
    for (let n = 0; n < 200; n += 1) expect(await keys.find(`made up ${n}`)).toBeNull();
    expect(rounds()).toBe(1);
    now += 60_000;
    for (let n = 0; n < 200; n += 1) await keys.find(`made up ${n}`);
    expect(rounds()).toBe(2);
  });

  test('that are new are found within a minute', async () => {
    await keys.find('one');
    published.push(await jwk('two', { endorsements: ['msteams'] }));
    now += 60_000;
    expect((await keys.find('two'))?.endorsements).toEqual(['msteams']);
  });

  test('are renewed in the background: nobody waits for it', async () => {
    await keys.find('one');
    published = [await jwk('two')];
    now += 6 * HOUR;
    answer = () => new Promise(() => undefined);
    expect(await keys.find('one')).not.toBeNull();
    expect(rounds()).toBe(2);
  });

  test('that were withdrawn are not believed once the new ones are here', async () => {
    await keys.find('one');
    published = [await jwk('two')];
    now += 6 * HOUR;
    await keys.find('one');
    await expect.poll(async () => (await keys.find('two')) !== null).toBe(true);
    expect([await keys.find('one'), (await keys.find('two')) !== null]).toEqual([null, true]);
  });

  test.each([
    ['an outage', () => Promise.reject(new Error('no route to host'))],
    ['an error of the server', () => new Response('', { status: 503 })],
    ['a page of a proxy', () => new Response('<html>')],
    ['an empty list', (url: string) => Response.json(url === METADATA ? { jwks_uri: KEYS } : { keys: [] })],
    [
      'keys that cannot verify RS256',
      (url: string) =>
        Response.json(url === METADATA ? { jwks_uri: KEYS } : { keys: [{ kty: 'oct', kid: 'x', k: 'AAAA' }] }),
    ],
    ['an address in clear', () => Response.json({ jwks_uri: 'http://login.botframework.com/keys' })],
  ])('stay in use over %s, which is told', async (_what, outage: (url: string) => Promise<Response> | Response) => {
    await keys.find('one');
    now += 6 * HOUR;
    answer = outage;
    await keys.find('one');
    await aMoment();
    expect([(await keys.find('one')) !== null, stale.length]).toEqual([true, 1]);
  });

  test('are not asked for all the time while they cannot be renewed', async () => {
    await keys.find('one');
    now += 6 * HOUR;
    answer = () => new Response('', { status: 503 });
    for (let n = 0; n < 70; n += 1) {
      await keys.find('one');
      await aMoment();
      now += 1_000;
    }
    expect(rounds()).toBe(3);
  });

  test('that were never got: nobody can say, and soon somebody asks again', async () => {
    answer = () => new Response('', { status: 503 });
    await expect(keys.find('one')).rejects.toThrow('503');
    await expect(keys.find('one')).rejects.toThrow('just now');
    expect(rounds()).toBe(1);
    answer = usual;
    now += 5_000;
    expect(await keys.find('one')).not.toBeNull();
  });

  test('without endorsements speak for nobody', async () => {
    published = [await jwk('one'), await jwk('two', { endorsements: 'msteams' })];
    const found = [await keys.find('one'), await keys.find('two')];
    expect(found.map((key) => key?.endorsements)).toEqual([[], []]);
  });

  test('are found beside what nobody can read', async () => {
    published.push(
      { kty: 'EC', kid: 'curve' },
      { kty: 'RSA' },
      { kty: 'RSA', kid: 'broken', n: 1 },
      [],
      'key' as never,
    );
    expect([(await keys.find('one')) !== null, await keys.find('broken')]).toEqual([true, null]);
  });

  test('a private key that somebody published is not taken for one', async () => {
    published.push({ ...(await exportJWK(privateKey)), kid: 'private' });
    expect(await keys.find('private')).toBeNull();
  });
});
