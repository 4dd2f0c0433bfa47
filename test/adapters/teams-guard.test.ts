import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Door, isBelieved } from '../../src/adapters/teams/endpoint.ts';
import { claimed, isServiceUrl, refusal } from '../../src/adapters/teams/guard.ts';
import { strictJson } from '../../src/adapters/teams/strict-json.ts';
import { APP_ID, createTeams, TENANT_ID } from '../support/card-pictures/teams-rig.ts';

const NOW = 1_764_000_000;
const policy = {
  appId: APP_ID,
  issuer: 'https://api.botframework.com',
  hosts: ['smba.trafficmanager.net', 'botframework.com'],
  tenants: [TENANT_ID],
};
const serviceUrl = 'https://smba.trafficmanager.net/teams/';
const claims = { iss: policy.issuer, aud: APP_ID, nbf: NOW - 60, exp: NOW + 3_600, serviceurl: serviceUrl };
const body = {
  type: 'invoke',
  id: 'f:1',
  channelId: 'msteams',
  serviceUrl,
  from: { id: '29:ana', aadObjectId: '33333333-0000-4000-8000-00000000000a' },
  recipient: { id: `28:${APP_ID}` },
  conversation: { id: '19:alerts@thread.tacv2;messageid=1', tenantId: TENANT_ID },
  channelData: { tenant: { id: TENANT_ID } },
};

function bearer(head: string, claim: string): string {
  const part = (json: string) => Buffer.from(json).toString('base64url');
  return `Bearer ${part(head)}.${part(claim)}.c2ln`;
}

function header(claim: object, head: object = { alg: 'RS256' }): string {
  return bearer(JSON.stringify(head), JSON.stringify(claim));
}

const judged = (authorization: string | undefined, activity: unknown = body) =>
  refusal(authorization, activity, policy, NOW * 1_000);

describe('the check in front of botbuilder', () => {
  test('lets a genuine request through', () => {
    expect(judged(header(claims))).toBeNull();
  });

  test.each([
    ['no header', undefined, 'no bearer token'],
    ['another scheme', 'Basic YTpi', 'no bearer token'],
    ['two parts only', 'Bearer a.b', 'no bearer token'],
    ['two tokens', `${header(claims)}, ${header(claims)}`, 'no bearer token'],
    ['no JSON in the token', 'Bearer YQ.YQ.YQ', 'algorithm'],
    ['HS256', header(claims, { alg: 'HS256' }), 'algorithm'],
    ['alg none', header(claims, { alg: 'none' }), 'algorithm'],
    ['two algorithms', bearer('{"alg":"none","alg":"RS256"}', JSON.stringify(claims)), 'algorithm'],
    ['a token that Entra issued to our own app', header({ ...claims, iss: 'https://sts.windows.net/x/' }), 'issuer'],
    ['a token of an app, ours', header({ ...claims, appid: APP_ID }), 'token issued to an app'],
    ['a token of an app, version 2', header({ ...claims, azp: 'another-app' }), 'token issued to an app'],
    ['another audience', header({ ...claims, aud: 'another-app' }), 'audience'],
    ['the audience of our own outbound tokens', header({ ...claims, aud: policy.issuer }), 'audience'],
    ['a list of audiences', header({ ...claims, aud: [APP_ID] }), 'token not readable'],
    [
      'an audience said twice',
      bearer('{"alg":"RS256"}', JSON.stringify(claims).replace('{', '{"aud":"another-app",')),
      'token not readable',
    ],
  ])('refuses %s', (_name, authorization, why) => {
    expect(judged(authorization)).toBe(why);
  });

  const elsewhere = 'https://smba.trafficmanager.net/x/';
  test.each([
    ['another service URL', { serviceurl: elsewhere }, 'service URL claim'],
    ['none', { serviceurl: undefined }, 'service URL claim'],
    ['another one in the second spelling', { serviceUrl: elsewhere }, 'service URL claim'],
    ['another one in the first spelling', { serviceurl: elsewhere, serviceUrl }, 'service URL claim'],
    ['the same one in both spellings', { serviceUrl }, null],
    ['the second spelling alone', { serviceurl: undefined, serviceUrl }, null],
  ])('of the service URL, a token may claim only what the body says: %s', (_name, change, why) => {
    expect(judged(header({ ...claims, ...change }))).toBe(why);
  });

  test.each([
    ['no end', { exp: undefined }, 'token not readable'],
    ['no number as its end', { exp: 'never' }, 'token not readable'],
    ['an end more than 5 minutes ago', { exp: NOW - 301 }, 'token expired'],
    ['an end 5 minutes ago', { exp: NOW - 300 }, null],
    ['a beginning more than 5 minutes ahead', { nbf: NOW + 301 }, 'token from the future'],
    ['a beginning 5 minutes ahead', { nbf: NOW + 300 }, null],
    ['an issue 5 minutes ahead', { iat: NOW + 300 }, null],
    [
      'an issue more than 5 minutes ahead that began long ago',
      { iat: NOW + 301, nbf: NOW - 60 },
      'token from the future',
    ],
    [
      'a beginning more than 5 minutes ahead, issued long ago',
      { nbf: NOW + 301, iat: NOW - 60 },
      'token from the future',
    ],
    ['an issue more than 5 minutes ahead', { iat: NOW + 301 }, 'token from the future'],
    ['a life of more than a day', { nbf: NOW, exp: NOW + 86_401 }, 'token lifetime'],
    ['a life of more than a day since its issue', { iat: NOW - 86_000, exp: NOW + 500 }, 'token lifetime'],
    [
      'a life of more than a day since its beginning',
      { nbf: NOW - 86_000, iat: NOW, exp: NOW + 500 },
      'token lifetime',
    ],
    [
      'no beginning and a life of more than a day since its issue',
      { nbf: undefined, iat: NOW - 86_000, exp: NOW + 500 },
      'token lifetime',
    ],
    ['no beginning and more than a day to go', { nbf: undefined, exp: NOW + 86_401 }, 'token lifetime'],
    ['no beginning and an hour to go', { nbf: undefined }, null],
    ['a life of a day', { nbf: NOW, exp: NOW + 86_400 }, null],
    ['a life of a day that is issued in 5 minutes', { nbf: undefined, iat: NOW + 300, exp: NOW + 86_700 }, null],
    ['a life of a day that begins in 5 minutes', { nbf: NOW + 300, exp: NOW + 86_700 }, null],
  ])('of a token with %s it says so', (_name, change, why) => {
    expect(judged(header({ ...claims, ...change }))).toBe(why);
  });

  test.each([
    ['no channel', { channelId: undefined }, 'channel'],
    ['a blank channel', { channelId: '' }, 'channel'],
    ['the channel of the side entrance', { channelId: 'AseChannel' }, 'channel'],
    ['the emulator’s channel', { channelId: 'emulator' }, 'channel'],
    ['a part of the channel', { channelId: 'msteams:COPILOT' }, 'channel'],
    ['a list of channels', { channelId: ['msteams'] }, 'activity'],
    ['no service URL', { serviceUrl: undefined }, 'service URL host'],
    ['an empty service URL', { serviceUrl: '' }, 'service URL host'],
    ['no type', { type: undefined }, 'activity'],
    ['an empty type', { type: '' }, 'activity'],
    ['another tenant', { channelData: { tenant: { id: 'another' } }, conversation: { id: '19:x' } }, 'tenant'],
    ['no tenant', { channelData: {}, conversation: { id: '19:x' } }, 'tenant'],
    [
      'another tenant in channelData than in the conversation',
      { channelData: { tenant: { id: 'another' } } },
      'tenant',
    ],
    ['a blank tenant in channelData', { channelData: { tenant: { id: '' } } }, 'tenant'],
    ['another tenant in the conversation', { conversation: { id: '19:x', tenantId: 'another' } }, 'tenant'],
    ['a sender that is a skill', { from: { ...body.from, role: 'skill' } }, 'role'],
    ['a sender that is a bot', { from: { ...body.from, role: 'bot' } }, 'role'],
    ['a recipient that is a skill', { recipient: { ...body.recipient, role: 'skill' } }, 'role'],
    ['a delivery for a skill', { deliveryMode: 'expectReplies' }, 'delivery mode'],
    ['another bot as recipient', { recipient: { id: '28:another-app' } }, 'recipient'],
    ['a person as recipient', { recipient: { id: APP_ID } }, 'recipient'],
    ['no activity id', { id: undefined }, 'activity id'],
    ['a blank activity id', { id: '' }, 'activity id'],
    ['nobody who pressed', { from: undefined }, 'person'],
    ['a person without an Entra id', { from: { id: '29:ana' } }, 'person'],
    ['a person with a blank Entra id', { from: { aadObjectId: '' } }, 'person'],
    ['a person whose Entra id is none', { from: { aadObjectId: 'ana@contoso.example' } }, 'person'],
    ['several people', { from: { aadObjectId: [body.from.aadObjectId] } }, 'activity'],
  ])('refuses a press with %s', (_name, change, why) => {
    expect(judged(header(claims), { ...body, ...change })).toBe(why);
  });

  test.each([
    ['the tenant in the conversation only', { channelData: null }],
    ['the tenant in channelData only', { conversation: { id: '19:x' } }],
    ['no recipient', { recipient: null }],
    ['the roles of a person and a bot', { from: { ...body.from, role: 'user' }, recipient: { role: 'bot' } }],
    ['our id in capitals', { recipient: { id: `28:${APP_ID.toUpperCase()}` } }],
    ['an ordinary delivery', { deliveryMode: 'normal' }],
  ])('takes a press with %s', (_name, change) => {
    expect(judged(header(claims), { ...body, ...change })).toBeNull();
  });

  test('knows itself, however its id is written', () => {
    const ours = { ...policy, appId: 'aBcDef01-0000-4000-8000-000000000001' };
    const asked = (id: string) =>
      refusal(header({ ...claims, aud: ours.appId }), { ...body, recipient: { id } }, ours, NOW * 1_000);
    expect([`28:${ours.appId}`, `28:${ours.appId.toUpperCase()}`, '28:abcdef'].map(asked)).toEqual([
      null,
      null,
      'recipient',
    ]);
  });

  test('takes an event that nobody in particular caused', () => {
    const event = { ...body, type: 'conversationUpdate', id: undefined, from: { id: '29:service' } };
    expect(judged(header(claims), event)).toBeNull();
  });

  test.each([
    ['https://evilbotframework.com/', false],
    ['https://botframework.com.evil.example/', false],
    ['https://smba.trafficmanager.net@evil.example/', false],
    ['https://user@smba.trafficmanager.net/', false],
    ['https://evil.example\\@smba.trafficmanager.net/', false],
    ['https://smba.trafficmanager.net./', false],
    ['https://smba.trafficmanager.net/?to=', false],
    ['https://smba.trafficmanager.net/?to=x', false],
    ['https://smba.trafficmanager.net/#x', false],
    ['http://smba.trafficmanager.net/', false],
    ['http://127.0.0.1:3978/', false],
    ['http://localhost/', false],
    ['javascript:alert(1)', false],
    ['smba.trafficmanager.net', false],
    ['https://europe.smba.trafficmanager.net/', true],
    ['https://smba.trafficmanager.net/amer/', true],
  ])('a service URL %s is allowed: %j', (url, allowed) => {
    expect(isServiceUrl(url, policy.hosts)).toBe(allowed);
  });

  test('plain http is allowed only at a loopback literal that is listed', () => {
    const urls = ['http://127.0.0.1:3978/', 'http://[::1]/', 'http://localhost/', 'http://127.0.0.2/'];
    expect(urls.map((url) => isServiceUrl(url, ['127.0.0.1', 'localhost']))).toEqual([true, false, false, false]);
    const others = ['https://127.0.0.1:3978/', 'ftp://127.0.0.1/', 'ws://127.0.0.1/'];
    expect(others.map((url) => isServiceUrl(url, ['127.0.0.1']))).toEqual([true, false, false]);
  });
});

describe('while the keys of Teams cannot be had', () => {
  test('nobody is believed, and that is told', async () => {
    const down = new Error('the keys cannot be had');
    const failed: unknown[] = [];
    const door = {
      policy,
      keys: { find: () => Promise.reject(down) } as unknown as Door['keys'],
      now: () => NOW * 1_000,
      isFresh: () => Promise.resolve(true),
    };
    const turn = { run: () => Promise.resolve(), failed: (error: unknown) => void failed.push(error) };
    const token = header(claims, { alg: 'RS256', kid: 'one' });
    expect([await isBelieved(token, Buffer.from(JSON.stringify(body)), door, turn), failed]).toEqual([false, [down]]);
  });
});

describe('what a token claims, before anybody believes it', () => {
  test.each([
    ['its audience', header(claims), { aud: APP_ID, tenant: null }],
    ['and its tenant', header({ ...claims, tid: TENANT_ID }), { aud: APP_ID, tenant: TENANT_ID }],
    ['nothing without an audience', header({ tid: TENANT_ID }), null],
    ['nothing that is no token', 'Bearer a.b', null],
    ['nothing without a header', undefined, null],
  ])('is %s', (_name, authorization, said) => {
    expect(claimed(authorization)).toEqual(said);
  });
});

describe('JSON that everybody reads alike', () => {
  test.each([
    ['a key twice', '{"a":1,"a":2}'],
    ['a key twice, once in disguise', '{"type":1,"\\u0074ype":2}'],
    ['a key twice further down', '{"a":[{"b":{"c":1,"d":2,"c":3}}]}'],
    ['a key twice around an object', '{"a":1,"b":{"a":1},"a":2}'],
    ['a key that changes what an object is', '{"__proto__":{"role":"user"}}'],
    ['a deep nest', `{"a":${'['.repeat(65)}${']'.repeat(65)}}`],
    ['no JSON', '{"a":1'],
    ['two values', '{}{}'],
  ])('is not what has %s', (_name, text) => {
    expect(() => strictJson(Buffer.from(text))).toThrow(SyntaxError);
  });

  test.each([
    ['broken UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    ['a byte order mark', Buffer.from('\uFEFF{}')],
  ])('is not what begins or goes on with %s', (_name, bytes) => {
    expect(() => strictJson(bytes)).toThrow();
  });

  test.each([
    ['one key in two objects', '{"a":{"x":1},"b":{"x":2},"c":[{"x":3},{"x":4}]}'],
    ['keys and colons inside of strings', '{"a":"{\\"a\\":1,","b":"\\\\","c":":a"}'],
    ['a string of a quarter of a megabyte', JSON.stringify({ a: '\\"'.repeat(60_000) })],
  ])('may have %s', (_name, text) => {
    expect(strictJson(Buffer.from(text))).toEqual(JSON.parse(text));
  });

  test('is whatever a machine writes', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 6 }).filter((text) => !text.includes('__proto__')),
        (text) => {
          expect(strictJson(Buffer.from(text))).toEqual(JSON.parse(text));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a bot does not start', () => {
  const safe = { appId: APP_ID, tenantId: TENANT_ID, issuer: policy.issuer, hosts: policy.hosts };
  test.each([
    ['without an app id: botbuilder would believe everybody', { appId: ' ' }, 'appId'],
    ['without a tenant', { tenantId: '' }, 'tenantId'],
    ['without an issuer', { issuer: '' }, 'issuer'],
    ['with Entra as the issuer: our own tokens would do', { issuer: 'https://sts.windows.net/x/' }, 'issuer'],
    ['with Entra’s newer name', { issuer: 'https://login.microsoftonline.com/x/v2.0' }, 'issuer'],
    ['with half of the world as Teams', { hosts: ['com'] }, 'hosts'],
    ['with a pattern as a host', { hosts: ['*.botframework.com'] }, 'hosts'],
    ['with a blank host', { hosts: ['botframework.com', ''] }, 'hosts'],
  ])('%s', (_name, change, field) => {
    expect(() => createTeams({ ...safe, ...change } as never)).toThrow(
      expect.objectContaining({ code: 'config', field }),
    );
  });
});
