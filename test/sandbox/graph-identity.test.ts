import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { APP, openSandbox, type Sandbox, send } from './graph-stand-in.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox({ users: ['alice', 'bob', { userPrincipalName: 'gus', userType: 'Guest' }] });
});
afterEach(() => sandbox[Symbol.asyncDispose]());

async function as(roles: readonly string[], path: string, headers: Record<string, string> = {}) {
  const token = await sandbox.entra.issue({ clientId: APP, roles });
  return send(`${sandbox.graph.url}/v1.0${path}`, 'GET', token, undefined, headers);
}

const idOf = (name: string) => sandbox.tenant.userByKey(`${name}@contoso.com`)?.id ?? '';
const ids = (body: { value: { id: string }[] }) => body.value.map((one) => one.id);
const NOBODY = '99999999-0000-4000-8000-000000000000';

describe('one person', () => {
  const fields = '$select=id,userType,accountEnabled,proxyAddresses';

  test('is a member or a guest, with an account that can be switched off at any time', async () => {
    const before = await sandbox.call('GET', `/users/${idOf('gus')}?${fields}`);
    sandbox.tenant.updateUser('gus', { accountEnabled: false, userType: 'Member', displayName: 'Gus' });
    const after = await sandbox.call('GET', `/users/${idOf('gus')}?${fields},displayName`);
    expect([before.body, after.body]).toMatchObject([
      { userType: 'Guest', accountEnabled: true, proxyAddresses: ['SMTP:gus@contoso.com'] },
      { userType: 'Member', accountEnabled: false, displayName: 'Gus' },
    ]);
  });

  test('shows no more than the basics to who may read no more, and the rest only when asked', async () => {
    const basic = await as(['User.ReadBasic.All'], `/users/${idOf('gus')}?${fields}`);
    const unasked = await as(['User.Read.All'], `/users/${idOf('gus')}`);
    expect(Object.keys(basic.body)).toEqual(['@odata.context', 'id']);
    expect(unasked.body).not.toHaveProperty('userType');
  });
});

describe('how many there are', () => {
  const EVENTUAL = { ConsistencyLevel: 'eventual' };

  test('is a bare number', async () => {
    const { status, body, headers } = await as(['User.ReadBasic.All'], '/users/$count', EVENTUAL);
    expect([status, body, headers.get('content-type')]).toEqual([200, '3', 'text/plain']);
  });

  test('travels in a batch as base64', async () => {
    const requests = [{ id: '1', method: 'GET', url: '/users/$count', headers: EVENTUAL }];
    const { body } = await sandbox.call('POST', '/$batch', { requests });
    expect(Buffer.from(body.responses[0].body, 'base64').toString()).toBe('3');
  });

  test.each([
    ['without the header', '/users/$count', {}, 'Request_BadRequest'],
    ['of some', '/users/$count?$search=x', EVENTUAL, 'BadRequest'],
    ['of guests', "/users/$count?$filter=userType%20eq%20'Guest'", EVENTUAL, 'Request_UnsupportedQuery'],
  ])('is not told %s', async (_, path, headers, code) => {
    const { status, body } = await sandbox.call('GET', path, undefined, headers);
    expect([status, body.error.code]).toEqual([400, code]);
  });
});

describe('who is in a group', () => {
  let inner: string;
  let outer: string;
  beforeEach(() => {
    inner = sandbox.tenant.setGroup({ displayName: 'SOC analysts', members: [idOf('alice'), idOf('gus')] }).id;
    outer = sandbox.tenant.setGroup({ displayName: 'SOC', members: [idOf('bob'), idOf('alice'), inner] }).id;
  });
  const path = (id: string, rest = '') => `/groups/${id}/transitiveMembers${rest}`;

  test('is told through every group inside it, each person once', async () => {
    const { body } = await sandbox.call('GET', path(outer, '/microsoft.graph.user?$select=id,userType'));
    expect(body.value).toEqual([
      { id: idOf('bob'), userType: 'Member' },
      { id: idOf('alice'), userType: 'Member' },
      { id: idOf('gus'), userType: 'Guest' },
    ]);
  });

  test('names the groups as well when nobody asks for users only', async () => {
    const { body } = await sandbox.call('GET', path(outer, '?$select=id,displayName,userPrincipalName'));
    expect(body.value).toContainEqual({
      '@odata.type': '#microsoft.graph.group',
      id: inner,
      displayName: 'SOC analysts',
    });
    expect(ids(body)).toHaveLength(4);
  });

  test('comes to an end when groups hold each other', async () => {
    sandbox.tenant.setGroup({ id: inner, displayName: 'SOC analysts', members: [idOf('gus'), outer] });
    const { body } = await sandbox.call('GET', path(outer, '/microsoft.graph.user'));
    expect(ids(body).toSorted()).toEqual([idOf('alice'), idOf('bob'), idOf('gus')].toSorted());
  });

  test('comes in pages', async () => {
    const seen: string[] = [];
    let next: string | undefined = path(outer, '/microsoft.graph.user?$top=1&$select=id');
    for (let pages = 0; next !== undefined && pages < 9; pages += 1) {
      const { body } = await sandbox.call('GET', next);
      seen.push(...ids(body));
      next = body['@odata.nextLink']?.slice(`${sandbox.graph.url}/v1.0`.length);
    }
    expect(seen).toEqual([idOf('bob'), idOf('alice'), idOf('gus')]);
  });

  test('is only ids to who may not read users', async () => {
    const { body } = await as(['GroupMember.Read.All'], path(inner, '/microsoft.graph.user?$select=id,displayName'));
    expect(body.value[0]).toEqual({ id: idOf('alice'), displayName: null });
  });

  test('changes with the group and forgets who has left', async () => {
    sandbox.tenant.removeUser('alice');
    sandbox.tenant.setGroup({ id: outer, displayName: 'SOC', members: [inner] });
    expect(ids((await sandbox.call('GET', path(outer, '/microsoft.graph.user'))).body)).toEqual([idOf('gus')]);
  });

  test.each([
    ['an unknown group', () => path(NOBODY), 404, 'Request_ResourceNotFound'],
    ['what is no id', () => path('soc'), 400, 'Request_BadRequest'],
    ['too large a page', () => path(outer, '?$top=1000'), 400, 'BadRequest'],
    ['an unknown property', () => path(outer, '/microsoft.graph.user?$select=shoeSize'), 400, 'BadRequest'],
  ] as const)('is refused for %s', async (_, asked, status, code) => {
    const { status: answered, body } = await sandbox.call('GET', asked());
    expect([answered, body.error.code]).toEqual([status, code]);
  });

  test('is refused without the permission', async () => {
    const { status, body } = await as(['User.Read.All'], path(outer));
    expect([status, body.error.code]).toEqual([403, 'Authorization_RequestDenied']);
  });

  test('can be throttled, and is written down', async () => {
    const answer = { status: 429, code: 'TooManyRequests', retryAfter: '7' };
    sandbox.graph.faults.once({ operation: 'listGroupUsers', answer });
    const { status, headers } = await sandbox.call('GET', path(outer, '/microsoft.graph.user'));
    expect([status, headers.get('retry-after')]).toEqual([429, '7']);
    expect(sandbox.graph.log.entries().at(-1)).toMatchObject({ operation: 'listGroupUsers', status: 429 });
  });

  test('holds nobody who does not exist', () => {
    const { tenant } = sandbox;
    expect(() => tenant.setGroup({ displayName: 'x', members: [NOBODY] })).toThrow(NOBODY);
  });
});

describe('who is at risk', () => {
  const path = (id: string) => `/identityProtection/riskyUsers/${id}`;

  test('is told of those Identity Protection knows', async () => {
    sandbox.tenant.setRisk(idOf('bob'), { riskState: 'confirmedCompromised', riskLevel: 'high' });
    const { body } = await sandbox.call('GET', path(idOf('bob')));
    expect(body).toMatchObject({
      id: idOf('bob'),
      riskState: 'confirmedCompromised',
      riskLevel: 'high',
      userPrincipalName: 'bob@contoso.com',
    });
  });

  test.each([
    ['nobody is there by that id', () => NOBODY],
    ['there is nothing about them', () => idOf('alice')],
    ['it was taken back', () => idOf('bob')],
    ['they are called by their name', () => 'gus@contoso.com'],
  ])('is not found when %s', async (_, id) => {
    for (const name of ['bob', 'gus']) {
      sandbox.tenant.setRisk(idOf(name), { riskState: 'atRisk', riskLevel: 'low' });
    }
    sandbox.tenant.setRisk(idOf('bob'), null);
    expect((await sandbox.call('GET', path(id()))).status).toBe(404);
  });

  test('is refused without the permission, and without the licence', async () => {
    const poor = await as(['User.Read.All'], path(idOf('bob')));
    sandbox.graph.setIdentityProtection(false);
    const unlicensed = await sandbox.call('GET', path(idOf('bob')));
    expect([poor.status, unlicensed.status, unlicensed.body.error.message]).toEqual([
      403,
      403,
      'Your tenant is not licensed for this feature.',
    ]);
  });

  test('is asked of several in one batch, where the limit lets them through', async () => {
    sandbox.graph.setLimits({ riskPerSecond: 2 });
    sandbox.tenant.setRisk(idOf('bob'), { riskState: 'atRisk', riskLevel: 'medium' });
    const requests = ['alice', 'bob'].map((name) => ({ id: name, method: 'GET', url: path(idOf(name)) }));
    const { body } = await sandbox.call('POST', '/$batch', { requests });
    const found = body.responses.map((one: { id: string; status: number }) => [one.id, one.status]);
    expect(Object.fromEntries(found)).toEqual({ alice: 404, bob: 200 });
  });
});
