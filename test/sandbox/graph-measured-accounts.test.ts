import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { APP, filterOf, openSandbox, type Sandbox, send } from './graph-stand-in.ts';

/** What the stand-in refuses, hides and shows late where something is done to accounts. */

let sandbox: Sandbox;
let ana: string;
beforeEach(async () => {
  sandbox = await openSandbox({ users: ['ana', 'bob'] });
  ana = sandbox.tenant.userByKey('ana@contoso.com')?.id ?? '';
});
afterEach(() => sandbox[Symbol.asyncDispose]());

async function as(
  roles: readonly string[],
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const token = await sandbox.entra.issue({ clientId: APP, roles });
  const answer = await send(`${sandbox.graph.url}/v1.0${path}`, method, token, body, headers);
  return { ...answer, code: answer.body?.error?.code };
}

describe('an account', () => {
  const BOTH = ['User.EnableDisableAccount.All', 'User.Read.All'];

  test.each([
    ['without a permission to read', BOTH.slice(0, 1), { accountEnabled: false }],
    ['without the permission to switch', BOTH.slice(1), { accountEnabled: false }],
    ['with anything else in the same breath', BOTH, { accountEnabled: false, displayName: 'x' }],
  ])('is not switched %s', async (_name, roles, body) => {
    expect(await as(roles, 'PATCH', `/users/${ana}`, body)).toMatchObject({
      status: 403,
      code: 'Authorization_RequestDenied',
    });
    expect(sandbox.tenant.userByKey(ana)?.accountEnabled).toBe(true);
  });

  test('is switched by the two together', async () => {
    expect((await as(BOTH, 'PATCH', `/users/${ana}`, { accountEnabled: false })).status).toBe(204);
    expect(sandbox.tenant.userByKey(ana)?.accountEnabled).toBe(false);
  });

  test('that holds a role through a group is left alone', async () => {
    const group = sandbox.tenant.setGroup({ displayName: 'Admins', members: [ana] });
    sandbox.tenant.setRole('Global Administrator', [group.id]);
    expect((await as(BOTH, 'PATCH', `/users/${ana}`, { accountEnabled: false })).status).toBe(403);
  });

  test('has its sessions ended from now on', async () => {
    sandbox.pass(5_000);
    await as(['User.RevokeSessions.All'], 'POST', `/users/${ana}/revokeSignInSessions`, {});
    const path = `/users/${ana}?$select=signInSessionsValidFromDateTime`;
    expect((await as(['User.Read.All'], 'GET', path)).body).toMatchObject({
      signInSessionsValidFromDateTime: '2026-11-23T09:00:05Z',
    });
  });
});

describe('roles of an account', () => {
  const path = () =>
    `/users/${ana}/transitiveMemberOf/microsoft.graph.directoryRole?$count=true&$select=id,displayName`;
  const EVENTUAL = { ConsistencyLevel: 'eventual' };
  beforeEach(() => void sandbox.tenant.setRole('Exchange Administrator', [ana]));

  test('are not told without the header that a cast takes', async () => {
    expect(await as(['User.Read.All'], 'GET', path())).toMatchObject({ status: 400, code: 'Request_UnsupportedQuery' });
  });

  test('are among everything that the account is a member of, each with its type', async () => {
    const group = sandbox.tenant.setGroup({ displayName: 'Admins', members: [ana] });
    const { body } = await as(['User.Read.All'], 'GET', `/users/${ana}/transitiveMemberOf?$select=id,displayName`);
    expect(body.value).toMatchObject([
      { '@odata.type': '#microsoft.graph.group', id: group.id, displayName: null },
      { '@odata.type': '#microsoft.graph.directoryRole', displayName: null },
    ]);
  });

  test('have no names for whoever may not read roles', async () => {
    const few = await as(['User.Read.All'], 'GET', path(), undefined, EVENTUAL);
    const all = await as(['User.Read.All', 'RoleManagement.Read.Directory'], 'GET', path(), undefined, EVENTUAL);
    expect([few.body.value[0].displayName, all.body.value[0].displayName]).toEqual([null, 'Exchange Administrator']);
  });
});

describe('a risk', () => {
  const ROLES = ['IdentityRiskyUser.ReadWrite.All'];
  const RISKY = '/identityProtection/riskyUsers';
  const judge = (verdict: string, userIds: unknown) => as(ROLES, 'POST', `${RISKY}/${verdict}`, { userIds });
  const stateOf = async () => {
    sandbox.pass(1_000);
    return (await as(ROLES, 'GET', `${RISKY}/${ana}`)).body?.riskState;
  };

  test('that is confirmed shows late', async () => {
    expect((await judge('confirmCompromised', [ana])).status).toBe(204);
    expect(await stateOf()).toBeUndefined();
    sandbox.pass(10_000);
    expect(await stateOf()).toBe('confirmedCompromised');
  });

  test('is judged once a second, by a 429 that names no wait', async () => {
    await judge('dismiss', [ana]);
    const { status, headers } = await judge('dismiss', [ana]);
    expect([status, headers.get('retry-after')]).toEqual([429, null]);
  });

  test.each([
    ['nobody', [], 400],
    ['too many', Array.from({ length: 61 }, () => 'x'), 400],
    ['somebody who is not there', ['00000000-0000-4000-8000-0000000000ff'], 404],
  ])('of %s is refused', async (_name, ids, status) => {
    expect((await judge('confirmCompromised', ids)).status).toBe(status);
  });

  test('is not judged by whoever may only read, nor without a licence', async () => {
    const path = `${RISKY}/confirmCompromised`;
    expect((await as(['IdentityRiskyUser.Read.All'], 'POST', path, { userIds: [ana] })).code).toBe('Forbidden');
    sandbox.graph.setIdentityProtection(false);
    expect((await judge('confirmCompromised', [ana])).body.error.message).toContain('not licensed');
  });
});

describe('an identity that Defender watches', () => {
  const ROLES = ['SecurityIdentitiesAccount.Read.All', 'SecurityIdentitiesActions.ReadWrite.All'];
  const PATH = '/security/identities/identityAccounts';
  const order = () => ({ accountId: ana, action: 'disable', identityProvider: 'entraID' });
  let identity: string;
  beforeEach(() => {
    identity = sandbox.tenant.watchAccount(ana, ['disable']).id;
    sandbox.graph.setBeliefs({ entraActionsRefused: false });
  });

  test('is found by its security identifier alone', async () => {
    const { body } = await as(['User.Read.All'], 'GET', `/users/${ana}?$select=securityIdentifier`);
    const found = await as(
      ROLES,
      'GET',
      `${PATH}?${filterOf(`cloudSecurityIdentifier eq '${body.securityIdentifier}'`)}`,
    );
    expect(found.body.value).toMatchObject([{ id: identity, accounts: [{ identifier: ana, provider: 'EntraID' }] }]);
    expect((await as(ROLES, 'GET', `${PATH}?${filterOf("displayName eq 'ana'")}`)).status).toBe(400);
  });

  test('is disabled a little after it was asked for', async () => {
    expect((await as(ROLES, 'POST', `${PATH}/${identity}/invokeAction`, order())).status).toBe(200);
    expect(sandbox.tenant.userByKey(ana)?.accountEnabled).toBe(true);
    sandbox.pass(5_000);
    await as(['User.Read.All'], 'GET', `/users/${ana}`);
    expect(sandbox.tenant.userByKey(ana)?.accountEnabled).toBe(false);
  });

  test.each([
    ['that it does not offer', { action: 'markUserAsCompromised' }],
    ['to another account', { accountId: '00000000-0000-4000-8000-0000000000ff' }],
    ['on premises', { identityProvider: 'activeDirectory' }],
  ])('has nothing done to it %s', async (_name, change) => {
    expect((await as(ROLES, 'POST', `${PATH}/${identity}/invokeAction`, { ...order(), ...change })).status).toBe(400);
  });

  test('of Entra has nothing done to it at all, unless somebody says otherwise', async () => {
    sandbox.graph.setBeliefs({ entraActionsRefused: true });
    expect((await as(ROLES, 'POST', `${PATH}/${identity}/invokeAction`, order())).status).toBe(400);
  });

  test('is left alone by whoever may only read', async () => {
    const answer = await as(ROLES.slice(0, 1), 'POST', `${PATH}/${identity}/invokeAction`, order());
    expect(answer.status).toBe(403);
  });
});
