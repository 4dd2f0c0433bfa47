import { describe, expect, test } from 'vitest';
import { createDirectory } from '../../src/adapters/graph/directory.ts';
import { graph, graphError, guid, type Inner, type InnerAnswer } from './graph-loopback.ts';

const LIST = { id: guid(0xa1), mail: 'all@contoso.example', proxyAddresses: ['SMTP:All@contoso.example'] };
const USER = '#microsoft.graph.user';
const GROUP = '#microsoft.graph.group';
const ok = (value: readonly unknown[], next?: string): InnerAnswer => ({
  status: 200,
  body: { value, ...(next === undefined ? {} : { '@odata.nextLink': next }) },
});

type Said = Partial<Record<'users' | 'groups' | 'members', InnerAnswer>>;

/** A directory of which each part says this; what is left out is empty. */
async function directory(said: Said | ((inner: Inner) => InnerAnswer)) {
  const server = await graph({
    inner: (inner) => {
      if (typeof said === 'function') return said(inner);
      const part = inner.url.startsWith('/users?') ? 'users' : inner.url.startsWith('/groups?') ? 'groups' : 'members';
      return said[part] ?? ok([]);
    },
  });
  const waits: number[] = [];
  const asked = createDirectory({
    baseUrl: server.baseUrl,
    token: async () => 'a-token',
    clock: () => 0,
    ids: () => 'our-id',
    sleep: async (ms) => void waits.push(ms),
    identityProtection: true,
  });
  return { directory: asked, server, waits };
}
const filtersOf = (requests: readonly Inner[]) =>
  requests.map(({ url }) => new URL(url, 'http://graph').searchParams.get('$filter'));

async function listOf(members: readonly unknown[], list: object = LIST) {
  const { directory: asked } = await directory({ groups: ok([list]), members: ok(members) });
  return asked.expand('all@contoso.example');
}

describe('a list', () => {
  test('is looked up after people, by its address and its other ones, and then for its members', async () => {
    const { directory: asked, server } = await directory({ groups: ok([LIST]) });
    await asked.expand('All@contoso.example');
    expect(filtersOf(server.inner())).toEqual([
      "userPrincipalName eq 'all@contoso.example' or mail eq 'all@contoso.example'",
      "proxyAddresses/any(p:p eq 'smtp:all@contoso.example')",
      "mail eq 'all@contoso.example'",
      "proxyAddresses/any(p:p eq 'smtp:all@contoso.example')",
      null,
    ]);
    expect(server.inner().at(-1)?.url).toBe(
      `/groups/${LIST.id}/transitiveMembers?$select=id%2Cmail%2CuserPrincipalName%2CgroupTypes%2Cvisibility&$top=999`,
    );
  });

  test('names people only, each with the main address, or none where it may not be read', async () => {
    const members = [
      { '@odata.type': USER, id: guid(1), mail: 'Ana@contoso.example', userPrincipalName: 'a@contoso.example' },
      { '@odata.type': USER, id: guid(2), mail: null, userPrincipalName: 'Bo@contoso.example' },
      { '@odata.type': USER, id: guid(3) },
      { '@odata.type': GROUP, id: guid(4) },
      { '@odata.type': '#microsoft.graph.device', id: guid(5) },
    ];
    expect(await listOf(members)).toEqual({
      kind: 'group',
      members: [
        { id: guid(1), address: 'ana@contoso.example' },
        { id: guid(2), address: 'bo@contoso.example' },
        { id: guid(3), address: null },
      ],
      ownMailbox: false,
      complete: true,
      why: '',
    });
  });

  const somebody = { '@odata.type': USER, id: guid(1), mail: 'ana@contoso.example' };
  test.each([
    ['that tells nobody', LIST, [], 'no members are told'],
    ['with hidden members', { ...LIST, visibility: 'HiddenMembership' }, [], 'Member.Read.Hidden'],
    [
      'with a list inside that hides its members',
      LIST,
      [somebody, { '@odata.type': GROUP, id: guid(4), visibility: 'Hiddenmembership' }],
      'Member.Read.Hidden',
    ],
    [
      'with somebody outside',
      LIST,
      [somebody, { '@odata.type': '#microsoft.graph.orgContact', id: guid(4), mail: 'x@fabrikam.example' }],
      'outside the tenant',
    ],
  ])('%s is not complete, and it is said why', async (_, list, members, why) => {
    expect(await listOf(members, list)).toMatchObject({
      kind: 'group',
      complete: false,
      why: expect.stringContaining(why),
    });
  });

  test.each([
    ['that has a mailbox of its own', { ...LIST, groupTypes: ['Unified'] }, [somebody], true],
    [
      'with such a group inside',
      LIST,
      [somebody, { '@odata.type': GROUP, id: guid(4), groupTypes: ['Unified'] }],
      true,
    ],
    ['of the plain kind', LIST, [somebody, { '@odata.type': GROUP, id: guid(4), groupTypes: [] }], false],
  ])(
    '%s is told as one: its members are all there is, and its mailbox is beside them',
    async (_, list, members, own) => {
      expect(await listOf(members, list)).toMatchObject({ kind: 'group', complete: true, ownMailbox: own });
    },
  );

  test('whose hidden members may be read is complete', async () => {
    expect(await listOf([somebody], { ...LIST, visibility: 'HiddenMembership' })).toMatchObject({ complete: true });
  });

  test('is read to its last page', async () => {
    let base = '';
    const { directory: asked, server } = await directory(({ url }) => {
      if (url.startsWith('/users?')) return ok([]);
      if (url.startsWith('/groups?')) return ok([LIST]);
      const next = `${base}/v1.0/groups/${LIST.id}/transitiveMembers?$skiptoken=x`;
      return url.includes('skiptoken') ? ok([{ ...somebody, id: guid(2) }]) : ok([somebody], next);
    });
    base = server.baseUrl;
    expect(await asked.expand('all@contoso.example')).toMatchObject({
      complete: true,
      members: [{ id: guid(1) }, { id: guid(2) }],
    });
  });

  test('that goes on elsewhere is not followed there, and is not complete', async () => {
    const evil = 'https://evil.example/v1.0/groups/x/transitiveMembers';
    const { directory: asked } = await directory({ groups: ok([LIST]), members: ok([somebody], evil) });
    expect(await asked.expand('all@contoso.example')).toMatchObject({
      members: [{ id: guid(1) }],
      complete: false,
      why: 'it has more members than can be read',
    });
  });
});

describe('an address', () => {
  const person = (n: number, mail: string) => ({ id: guid(n), mail, userPrincipalName: mail, proxyAddresses: [] });

  test('of a person names every other address, main one first', async () => {
    const ana = {
      id: guid(1).toUpperCase(),
      mail: 'Ana@contoso.example',
      userPrincipalName: 'a.lopez@contoso.example',
      proxyAddresses: ['smtp:Lopez@contoso.example', 'X500:/o=Old/cn=ana', 'SMTP:Ana@contoso.example'],
    };
    const { directory: asked, server } = await directory({ users: ok([ana]) });
    expect(await asked.expand('lopez@contoso.example')).toEqual({
      kind: 'person',
      id: guid(1),
      addresses: ['ana@contoso.example', 'a.lopez@contoso.example', 'lopez@contoso.example'],
    });
    expect(server.inner()).toHaveLength(2);
  });

  test('with a tag belongs to whoever has it as it is, before whoever has the rest', async () => {
    const tagged = person(1, 'ana+x@contoso.example');
    const { directory: asked } = await directory(({ url }) =>
      url.includes(encodeURIComponent('ana+x')) ? ok([tagged]) : ok([person(2, 'ana@contoso.example')]),
    );
    expect(await asked.expand('ana+x@contoso.example')).toMatchObject({ id: guid(1) });
  });

  test('with a tag belongs to the owner of the rest also where groups may not be read', async () => {
    const { directory: asked } = await directory(({ url }) => {
      if (url.startsWith('/groups?')) return graphError(403, 'Authorization_RequestDenied');
      return url.includes('%2B') ? ok([]) : ok([person(2, 'ana@contoso.example')]);
    });
    expect(await asked.expand('ana+x@contoso.example')).toMatchObject({ kind: 'person', id: guid(2) });
  });

  test.each([
    [
      'several people have it as it is',
      'ana%2Bx',
      [person(1, 'ana+x@contoso.example'), person(3, 'ana+x@contoso.example')],
    ],
    ['several people have the rest', "'ana%40", [person(1, 'ana@contoso.example'), person(3, 'ana@contoso.example')]],
  ])('with a tag is unclear where %s', async (_, part, several) => {
    const one = ok(part === 'ana%2Bx' ? [person(2, 'ana@contoso.example')] : []);
    const { directory: asked } = await directory(({ url }) => {
      if (url.startsWith('/groups?')) return ok([]);
      if (url.includes(part)) return ok(several);
      return url.includes('%2B') ? ok([]) : one;
    });
    expect(await asked.expand('ana+x@contoso.example')).toMatchObject({ kind: 'unclear' });
  });

  test('with a tag is unclear where groups may not be read and nobody has the rest', async () => {
    const { directory: asked } = await directory({ groups: graphError(403, 'Authorization_RequestDenied') });
    expect(await asked.expand('ana+x@contoso.example')).toMatchObject({
      kind: 'unclear',
      why: expect.stringContaining('GroupMember.Read.All'),
    });
  });

  test.each([
    ['several people', { users: ok([person(1, 'all@contoso.example'), person(2, 'all@contoso.example')]) }, 'several'],
    ['several groups', { groups: ok([LIST, { ...LIST, id: guid(7) }]) }, 'several groups'],
    ['more than one page', { users: ok([person(1, 'all@contoso.example')], 'https://graph.example/x') }, 'too many'],
    ['somebody without it', { users: ok([person(1, 'bo@contoso.example')]) }, 'does not have the address'],
    [
      'a group without it',
      { groups: ok([{ ...LIST, mail: 'x@contoso.example', proxyAddresses: [] }]) },
      'does not have',
    ],
    ['no people, by lack of a right', { users: graphError(403, 'Authorization_RequestDenied') }, 'User.Read.All'],
    [
      'no groups, by lack of a right',
      { groups: graphError(403, 'Authorization_RequestDenied') },
      'GroupMember.Read.All',
    ],
    [
      'no members, by lack of a right',
      { groups: ok([LIST]), members: graphError(403, 'Authorization_RequestDenied') },
      'GroupMember.Read.All',
    ],
    ['a refusal of the question', { groups: graphError(400, 'Request_UnsupportedQuery') }, '400'],
    ['what is no answer', { groups: { status: 200, body: {} } }, 'unknown shape'],
  ] satisfies readonly [string, Said, string][])(
    'that gives %s is unclear, and it is said why',
    async (_, said, why) => {
      const { directory: asked } = await directory(said);
      expect(await asked.expand('all@contoso.example')).toEqual({ kind: 'unclear', why: expect.stringContaining(why) });
    },
  );

  test.each([
    ['people', { users: graphError(500, 'UnknownError') }],
    ['groups', { groups: graphError(502, 'UnknownError') }],
    ['members', { groups: ok([LIST]), members: graphError(504, 'UnknownError') }],
  ] satisfies readonly [string, Said][])('is asked about again later when %s do not answer now', async (_, said) => {
    const { directory: asked } = await directory(said);
    await expect(asked.expand('all@contoso.example')).rejects.toMatchObject({ code: 'unavailable' });
  });

  test.each([
    ['5', 3],
    ['15', 1],
  ])('is waited for, %s s at a time, while it keeps nobody waiting for too long', async (wait, times) => {
    let busy = times;
    const { directory: asked, waits } = await directory(({ url }) => {
      if (!url.startsWith('/groups?') || busy === 0) return ok([]);
      busy -= 1;
      return { status: 429, headers: { 'Retry-After': wait } };
    });
    expect(await asked.expand('all@contoso.example')).toEqual({ kind: 'nobody' });
    expect(new Set(waits)).toEqual(new Set([Number(wait) * 1_000]));
  });

  test('that would take longer than a plan may wait is not told now', async () => {
    const { directory: asked, waits } = await directory(({ url }) =>
      url.startsWith('/groups?') ? { status: 429, headers: { 'Retry-After': '60' } } : ok([]),
    );
    await expect(asked.expand('all@contoso.example')).rejects.toMatchObject({ code: 'unavailable' });
    expect(waits).toEqual([]);
  });

  test('is asked for once by all who want it within five minutes', async () => {
    const { directory: asked, server } = await directory({ groups: ok([LIST]) });
    await Promise.all([asked.expand('all@contoso.example'), asked.expand('ALL@contoso.example')]);
    expect(server.inner()).toHaveLength(5);
  });
});
