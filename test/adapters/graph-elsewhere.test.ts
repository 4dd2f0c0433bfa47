import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createDirectory } from '../../src/adapters/graph/directory.ts';
import { reach } from '../../src/flow/find/reach.ts';
import { openSandbox, PHISH } from '../sandbox/graph-stand-in.ts';
import { mailOn } from './graph-loopback.ts';

/** Recipients whose mail lies where this service does not look. */

async function world() {
  const sandbox = await openSandbox({
    users: ['alice', { userPrincipalName: 'olga', hosted: 'on-premises' }, { userPrincipalName: 'svc', mail: null }],
    roles: ['Mail.ReadWrite', 'User.Read.All', 'GroupMember.Read.All'],
  });
  onTestFinished(() => sandbox[Symbol.asyncDispose]());
  const { tenant, graph } = sandbox;
  const token = async () => sandbox.token;
  const { mail } = mailOn({ baseUrl: graph.url }, { token });
  const directory = createDirectory({
    baseUrl: graph.url,
    token,
    clock: Date.now,
    ids: randomUUID,
    sleep: async () => undefined,
    identityProtection: false,
  });
  const alice = tenant.userByKey('alice@contoso.com')?.id ?? '';
  tenant.setGroup({ displayName: 'Project', mail: 'project@contoso.com', members: [alice], kind: 'unified' });
  tenant.setGroup({ displayName: 'Board', mail: 'board@contoso.com', members: [alice], hidden: true });
  tenant.addPublicFolder('folder@contoso.com');
  const to = ['project@contoso.com', 'board@contoso.com', 'folder@contoso.com', 'olga@contoso.com'];
  tenant.deliver({ ...PHISH, to });
  return {
    tenant,
    found: await reach({ locate: mail.locate, directory }, [...to, 'svc@contoso.com'], {
      internetMessageIds: [PHISH.internetMessageId],
    }),
  };
}

test('a mailbox on-premises and an account without one are there, and not reachable', async () => {
  const { found } = await world();
  const results = Object.fromEntries(found.lookups.map(({ address, result }) => [address, result]));
  expect(results).toMatchObject({ 'olga@contoso.com': 'unreachable', 'svc@contoso.com': 'unreachable' });
});

test('a Microsoft 365 group keeps a copy for itself: its members are looked into, and the group is said to be unreachable', async () => {
  const { tenant, found } = await world();
  expect(tenant.keptAt('project@contoso.com')).toHaveLength(1);
  expect(found.unreachable).toEqual(['project@contoso.com']);
  expect(found.lookups).toContainEqual(expect.objectContaining({ address: 'alice@contoso.com', result: 'found' }));
  expect(found.lookups.map(({ address }) => address)).not.toContain('project@contoso.com');
});

test('a list that hides its members is said to be one, not empty', async () => {
  const { found } = await world();
  expect(found.unresolved).toEqual(['board@contoso.com']);
});

test('of a public folder nobody knows more than that no person and no group has the address', async () => {
  const { tenant, found } = await world();
  expect(tenant.keptAt('folder@contoso.com')).toHaveLength(1);
  expect(found.lookups).toContainEqual(
    expect.objectContaining({ address: 'folder@contoso.com', result: 'missing', detail: 'nobody has this address' }),
  );
});
