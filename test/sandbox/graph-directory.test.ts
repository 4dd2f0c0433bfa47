import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APP, filterOf, openSandbox, PHISH, type Sandbox, send } from './graph-stand-in.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  const alice = {
    userPrincipalName: 'alice@contoso.com',
    mail: 'alice.adams@contoso.com',
    aliases: ['al@contoso.com'],
  };
  sandbox = await openSandbox({ users: [alice, 'bob', { userPrincipalName: 'service@contoso.com', mail: null }] });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

async function as(roles: readonly string[], method: string, path: string, body?: unknown) {
  const token = await sandbox.entra.issue({ clientId: APP, roles });
  return send(`${sandbox.graph.url}/v1.0${path}`, method, token, body);
}

describe('finding people', () => {
  test.each([
    "userPrincipalName eq 'ALICE@contoso.com' or mail eq 'ALICE@contoso.com'",
    "userPrincipalName eq 'alice.adams@contoso.com' or mail eq 'alice.adams@contoso.com'",
    "proxyAddresses/any(x:x eq 'smtp:al@contoso.com')",
    "proxyAddresses/any(x: x eq 'smtp:alice.adams@contoso.com')",
    "startswith(displayName,'ali')",
  ])('finds one by %s', async (expression) => {
    const { body } = await sandbox.call('GET', `/users?${filterOf(expression)}&$select=id,userPrincipalName`);
    expect(body.value.map((one: { userPrincipalName: string }) => one.userPrincipalName)).toEqual([
      'alice@contoso.com',
    ]);
  });

  test('does not take a further address for a name', async () => {
    const { body } = await sandbox.call('GET', `/users?${filterOf("mail eq 'al@contoso.com'")}`);
    expect(body.value).toEqual([]);
  });

  test('pages by a token', async () => {
    const first = await sandbox.call('GET', '/users?$top=2');
    const next = first.body['@odata.nextLink'].slice(`${sandbox.graph.url}/v1.0`.length);
    const second = await sandbox.call('GET', next);
    expect([first.body.value.length, second.body.value.length]).toEqual([2, 1]);
    expect(second.body['@odata.nextLink']).toBeUndefined();
  });

  test('keeps proxy addresses from who may only read the basics', async () => {
    const filter = filterOf("proxyAddresses/any(x:x eq 'smtp:al@contoso.com')");
    expect((await as(['User.ReadBasic.All'], 'GET', `/users?${filter}`)).status).toBe(403);
  });

  test('does not find a stranger', async () => {
    const { status, body } = await sandbox.call('GET', '/users/stranger@contoso.com');
    expect([status, body.error.code]).toEqual([404, 'Request_ResourceNotFound']);
  });
});

describe('permissions', () => {
  test.each([
    [['Mail.Read'], 'GET', '/users/bob@contoso.com/messages', 200],
    [['Mail.ReadWrite'], 'GET', '/users/bob@contoso.com/messages', 200],
    [['User.Read.All'], 'GET', '/users/bob@contoso.com/messages', 403],
    [['Mail.Read'], 'DELETE', '/users/bob@contoso.com/messages/x', 403],
    [['Mail.ReadWrite'], 'GET', '/users', 403],
    [['Mail.ReadWrite'], 'GET', '/users/bob@contoso.com/mailboxSettings', 403],
    [['Mail.ReadWrite', 'User.Read.All'], 'DELETE', '/users/bob@contoso.com', 403],
  ] as const)('with %j, %s %s answers %i', async (roles, method, path, status) => {
    expect((await as(roles, method, path)).status).toBe(status);
  });

  test('shows no headers to who may only read the basics', async () => {
    const to = ['bob@contoso.com'];
    sandbox.tenant.deliver({ ...PHISH, to });
    const path = '/users/bob@contoso.com/messages?$select=id,subject,internetMessageHeaders';
    const { body } = await as(['Mail.ReadBasic.All'], 'GET', path);
    expect(Object.keys(body.value[0])).toEqual(['@odata.etag', 'id', 'subject']);
  });
});

describe('tokens', () => {
  test.each([
    ['no token', async () => ''],
    ['a foreign resource', () => sandbox.entra.issue({ clientId: APP, audience: 'https://api.botframework.com' })],
    ['an ended life', () => sandbox.entra.issue({ clientId: APP, lifetimeSeconds: -10 })],
    ['a broken signature', async () => `${(await sandbox.entra.issue({ clientId: APP })).slice(0, -8)}AAAAAAAA`],
  ])('%s opens nothing', async (_, token) => {
    const { status, body, headers } = await send(`${sandbox.graph.url}/v1.0/users`, 'GET', await token());
    expect([status, body.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer /);
  });

  test('for the loopback name of Graph is as good as for the real one', async () => {
    const token = await sandbox.entra.issue({ clientId: APP, audience: sandbox.graph.url });
    expect((await send(`${sandbox.graph.url}/v1.0/users`, 'GET', token)).status).toBe(200);
  });
});

describe('paths', () => {
  test('that lead nowhere are a bad request', async () => {
    const { status, body } = await sandbox.call('GET', '/users/bob@contoso.com/calendars');
    expect([status, body.error.message]).toEqual([400, "Resource not found for the segment 'calendars'."]);
  });

  test('may write the key in parentheses', async () => {
    const { body } = await sandbox.call('GET', "/users('bob@contoso.com')/mailFolders('inbox')");
    expect(body.displayName).toBe('Inbox');
  });

  test('echo the id the client gave', async () => {
    const { headers } = await sandbox.call('GET', '/users', undefined, { 'client-request-id': 'from-me' });
    expect(headers.get('client-request-id')).toBe('from-me');
    expect(headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('advanced hunting', () => {
  const hunt = (Query: string) => sandbox.call('POST', '/security/runHuntingQuery', { Query });
  const recent = 'EmailEvents | where Timestamp > ago(30d)';

  test('names everybody who got the mail once, also who has left since', async () => {
    await using own = await openSandbox({ users: ['dora', 'emil'] });
    const order = { ...PHISH, internetMessageId: "<o'neil\\x@fabrikam.example>", to: ['dora', 'emil'].map(at) };
    own.tenant.deliver(order);
    own.tenant.deliver(order);
    own.tenant.removeUser(at('emil'));
    const where = "InternetMessageId == '<o\\'neil\\\\x@fabrikam.example>'";
    const Query = `${recent} | where ${where} or NetworkMessageId == 'none' | distinct RecipientEmailAddress`;
    const { body } = await own.call('POST', '/security/runHuntingQuery', { Query, Timespan: 'P30D' });
    expect(body.results).toEqual([{ RecipientEmailAddress: at('dora') }, { RecipientEmailAddress: at('emil') }]);
  });

  test('remembers 30 days', async () => {
    const receivedAt = '2026-10-01T00:00:00Z';
    sandbox.tenant.deliver({ ...PHISH, internetMessageId: '<old@fabrikam.example>', to: [at('bob')], receivedAt });
    expect((await hunt("EmailEvents | where InternetMessageId == '<old@fabrikam.example>'")).body.results).toEqual([]);
  });

  test('projects, filters by list and takes', async () => {
    const ids = { networkMessageId: '11111111-58d8-43d0-a890-08dc18c52e6d', internetMessageId: '<p@fabrikam.example>' };
    sandbox.tenant.deliver({ ...PHISH, ...ids, to: [at('alice'), at('bob')] });
    const where = `NetworkMessageId == '${ids.networkMessageId}' and RecipientEmailAddress in~ ('BOB@contoso.com', 'x')`;
    const { body } = await hunt(
      `${recent} | where ${where} | project RecipientEmailAddress, LatestDeliveryLocation | take 5`,
    );
    expect(body.results).toEqual([{ RecipientEmailAddress: at('bob'), LatestDeliveryLocation: 'Inbox/folder' }]);
    expect(body.schema.map((one: { name: string }) => one.name)).toEqual([
      'RecipientEmailAddress',
      'LatestDeliveryLocation',
    ]);
  });

  test.each([
    'AlertInfo | take 1',
    "EmailEvents | where InternetMessageId == 'open",
    'EmailEvents | where Colour == 1',
    'EmailEvents | frobnicate',
  ])('refuses %s', async (query) => {
    expect((await hunt(query)).status).toBe(400);
  });

  test('is refused where the tenant does not have it', async () => {
    sandbox.graph.setHunting(false);
    expect((await hunt('EmailEvents | take 1')).status).toBe(403);
    sandbox.graph.setHunting(true);
  });

  test('is rationed by the minute', async () => {
    await using own = await openSandbox({ graph: { limits: { huntingPerMinute: 2 } } });
    const ask = () => own.call('POST', '/security/runHuntingQuery', { Query: 'EmailEvents | take 1' });
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60.000']);
    own.pass(60_000);
    expect((await ask()).status).toBe(200);
  });
});

function at(name: string): string {
  return name === 'alice' ? 'alice.adams@contoso.com' : `${name}@contoso.com`;
}
