import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';

const BOT = 'http://127.0.0.1:4711';
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ employees: 1, slackScopes: ['users:read', 'usergroups:read'] });
  await sandbox.connect(BOT);
});
afterAll(() => sandbox.close());

const idOf = (key: string) => sandbox.personas.find((one) => one.key === key)?.entraId ?? '';

/** As the product's executor, with the roles its registration has. */
async function graph(path: string) {
  const token = await sandbox.entra.issue({ clientId: sandbox.apps.executor.clientId });
  const response = await fetch(`${sandbox.graph.url}/v1.0${path}`, { headers: { Authorization: `Bearer ${token}` } });
  // biome-ignore lint/suspicious/noExplicitAny: answers are what these tests take apart
  return { status: response.status, body: (await response.json()) as any };
}

function authorizeUrl(): string {
  const asked = {
    client_id: sandbox.apps.signIn.clientId,
    redirect_uri: `${BOT}/auth/callback`,
    response_type: 'code',
    scope: 'openid profile',
  };
  return `${sandbox.entra.url}/${sandbox.tenantId}/oauth2/v2.0/authorize?${new URLSearchParams(asked)}`;
}

test('the guest is a guest in the directory, in Teams and in Slack', async () => {
  const { body } = await graph(`/users/${idOf('gus')}?$select=userType`);
  const inTeams = sandbox.teams.members['gus']?.guest;
  expect([body.userType, inTeams, sandbox.slack.users['gus']?.restricted]).toEqual(['Guest', true, true]);
});

test('the groups hold who decides, and everyone holds the groups', async () => {
  const { analysts, leads, everyone } = sandbox.groups;
  const members = async (id: string) => {
    const { body } = await graph(`/groups/${id}/transitiveMembers/microsoft.graph.user?$select=id`);
    return body.value.map((one: { id: string }) => one.id);
  };
  expect([await members(analysts), await members(leads), await members(everyone)]).toEqual([
    [idOf('dana'), idOf('omar')],
    [idOf('lena')],
    [idOf('dana'), idOf('omar'), idOf('lena')],
  ]);
});

test('the user groups of Slack hold the same people', async () => {
  const members = async (usergroup: string) => {
    const response = await fetch(`${sandbox.slack.apiUrl}usergroups.users.list`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${sandbox.slackSecrets.botToken}` },
      body: new URLSearchParams({ usergroup }),
    });
    return ((await response.json()) as { users: string[] }).users;
  };
  const ids = (...keys: string[]) => keys.map((key) => sandbox.slack.users[key]?.id);
  const { slackAnalysts, slackLeads } = sandbox.groups;
  expect([await members(slackAnalysts), await members(slackLeads)]).toEqual([ids('dana', 'omar'), ids('lena')]);
});

test('the executor may read risk', async () => {
  expect((await graph(`/identityProtection/riskyUsers/${idOf('dana')}`)).status).toBe(404);
});

test('people sign in for the pages of the bot, unless their account is switched off', async () => {
  const { entra, apps, tenantId, tenant } = sandbox;
  const answer = new URL(await entra.signIn(authorizeUrl(), { as: idOf('lena') }));
  const response = await fetch(`${entra.url}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: apps.signIn.clientId,
      client_secret: apps.signIn.secret,
      code: answer.searchParams.get('code') ?? '',
      redirect_uri: `${BOT}/auth/callback`,
    }),
  });
  const { id_token } = (await response.json()) as { id_token: string };
  expect(decodeJwt(id_token)).toMatchObject({ oid: idOf('lena'), name: 'Lena Lead' });
  tenant.updateUser('lena', { accountEnabled: false });
  await expect(entra.signIn(authorizeUrl(), { as: idOf('lena') })).rejects.toThrow('can sign in');
  tenant.updateUser('lena', { accountEnabled: true });
});
