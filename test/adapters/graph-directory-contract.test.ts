import { randomUUID } from 'node:crypto';
import { createDirectory } from '../../src/adapters/graph/directory.ts';
import { type DirectoryWorld, directoryContract } from '../contract/directory.ts';
import { openSandbox } from '../sandbox/graph-stand-in.ts';
import { createFakeDirectory } from '../support/fake-directory.ts';

const USERS = [
  { userPrincipalName: 'Ana@contoso.com', displayName: 'Ana', aliases: ['Ana.Lopez@contoso.com'] },
  { userPrincipalName: 'gus@contoso.com', userType: 'Guest' as const },
  { userPrincipalName: 'dora@contoso.com', accountEnabled: false },
  { userPrincipalName: 'rita@contoso.com' },
];
const MEMBER = { name: 'Ana', address: 'ana@contoso.com', alias: 'ana.lopez@contoso.com' };

async function sandboxWorld(): Promise<DirectoryWorld> {
  const sandbox = await openSandbox({ users: USERS });
  const { tenant, graph, entra } = sandbox;
  const idOf = (name: string) => tenant.userByKey(`${name}@contoso.com`)?.id ?? '';
  const inner = tenant.setGroup({ displayName: 'SOC guests', members: [idOf('gus')] }).id;
  tenant.setRisk(idOf('rita'), { riskState: 'atRisk', riskLevel: 'high' });
  const group = tenant.setGroup({ displayName: 'SOC', members: [idOf('ana'), inner] }).id;
  const guests = tenant.setGroup({ displayName: 'Guests', mail: 'guests@contoso.com', members: [idOf('gus')] }).id;
  const list = 'All.Of.Us@contoso.com';
  const members = [idOf('ana'), guests];
  tenant.setGroup({ displayName: 'All', mail: 'all@contoso.com', aliases: [list], members });
  tenant.setGroup({ displayName: 'Hidden', mail: 'hidden@contoso.com', members: [idOf('ana')], hidden: true });
  tenant.setGroup({ displayName: 'Empty', mail: 'empty@contoso.com', members: [] });
  const token = await entra.issue({ clientId: '7a0d1c9e-5b55-4f1e-9c59-4e4d8a9f1001' });
  return {
    directory: createDirectory({
      baseUrl: graph.url,
      token: async () => token,
      clock: Date.now,
      ids: randomUUID,
      // Identity Protection counts on the clock of the sandbox.
      sleep: async (ms) => sandbox.pass(ms),
      identityProtection: true,
    }),
    member: { id: idOf('ana'), ...MEMBER },
    guest: idOf('gus'),
    disabled: idOf('dora'),
    group,
    list,
    hiddenList: 'hidden@contoso.com',
    emptyList: 'empty@contoso.com',
    risky: idOf('rita'),
    size: USERS.length,
    async takeAllAway() {
      tenant.setGroup({ id: group, displayName: 'SOC', members: [] });
      tenant.updateUser(idOf('ana'), { accountEnabled: false });
      tenant.setRisk(idOf('rita'), null);
    },
    async breakDown() {
      await graph.faults.setDown('unavailable');
    },
    async close() {
      await sandbox[Symbol.asyncDispose]();
    },
  };
}

function fakeWorld(): Promise<DirectoryWorld> {
  const [ana, gus, dora, rita] = [1, 2, 3, 4].map((n) => `00000000-0000-4000-8000-00000000000${n}`) as string[] &
    [string, string, string, string];
  const person = (id: string, name: string) => ({
    id,
    name,
    addresses: [`${name.toLowerCase()}@contoso.com`],
    enabled: true,
    guest: false,
  });
  const directory = createFakeDirectory([
    { ...person(ana, 'Ana'), addresses: [MEMBER.address, MEMBER.alias] },
    { ...person(gus, 'Gus'), guest: true },
    { ...person(dora, 'Dora'), enabled: false },
    person(rita, 'Rita'),
  ]);
  const group = '00000000-0000-4000-8000-0000000000a1';
  directory.groups.set(group, [ana, gus]);
  directory.lists.set('all@contoso.com', { members: [ana, gus] });
  directory.lists.set('hidden@contoso.com', { members: [ana], hidden: true });
  directory.lists.set('empty@contoso.com', { members: [] });
  directory.remembers = true;
  directory.risky.add(rita);
  directory.users = USERS.length;
  return Promise.resolve({
    directory,
    member: { id: ana, ...MEMBER },
    guest: gus,
    disabled: dora,
    group,
    list: 'all@contoso.com',
    hiddenList: 'hidden@contoso.com',
    emptyList: 'empty@contoso.com',
    risky: rita,
    size: USERS.length,
    takeAllAway: () => {
      directory.groups.set(group, []);
      directory.people.set(ana, { ...person(ana, 'Ana'), enabled: false });
      directory.risky.clear();
      return Promise.resolve();
    },
    breakDown: () => {
      directory.down = true;
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
}

directoryContract('Microsoft Graph', sandboxWorld);
directoryContract('the directory in memory', fakeWorld);
