import { describe, expect, test } from 'vitest';
import { createDirectory, type GraphDirectoryOptions } from '../../src/adapters/graph/directory.ts';
import { graph, graphError, guid, type Inner, type InnerAnswer } from './graph-loopback.ts';

const ANA = {
  id: guid(1),
  displayName: 'Ana',
  accountEnabled: true,
  userType: 'Member',
  mail: 'ana@contoso.example',
  userPrincipalName: 'ana@contoso.example',
  proxyAddresses: ['SMTP:ana@contoso.example', 'smtp:Ana.L@contoso.example', 'SIP:ana@chat.example', 'X500:/o=contoso'],
};
const GROUP = guid(0xa1);
const ok = (body: unknown): InnerAnswer => ({ status: 200, body });

/** A directory on a Graph that answers what the test wants, one question after the other; the last one stays. */
async function asked(
  answers: InnerAnswer | readonly (InnerAnswer | undefined)[],
  options: Partial<GraphDirectoryOptions> = {},
) {
  const list = Array.isArray(answers) ? [...answers] : [answers];
  const server = await graph({ inner: () => (list.length > 1 ? list.shift() : list[0]) });
  return { server, ...directoryOn(server.baseUrl, options) };
}

function directoryOn(baseUrl: string, options: Partial<GraphDirectoryOptions> = {}) {
  const waits: number[] = [];
  const directory = createDirectory({
    baseUrl,
    token: async () => 'a-token',
    clock: () => Date.parse('2026-11-23T12:00:00Z'),
    ids: () => 'our-id',
    sleep: async (ms) => {
      waits.push(ms);
    },
    identityProtection: true,
    ...options,
  });
  return { directory, waits };
}

const unavailable = (words: string) =>
  expect.objectContaining({ code: 'unavailable', message: expect.stringContaining(words) });
const filtersOf = (requests: readonly Inner[]) =>
  requests.map(({ url }) => new URL(url, 'http://graph').searchParams.get('$filter'));

describe('a person', () => {
  test('has mail addresses only, each once, in lower case', async () => {
    const { directory } = await asked(ok(ANA));
    expect((await directory.person(guid(1)))?.addresses).toEqual(['ana@contoso.example', 'ana.l@contoso.example']);
  });

  test.each([
    ['without accountEnabled', { ...ANA, accountEnabled: undefined }],
    ['with an empty userType', { ...ANA, userType: null }],
    ['with nothing but the basics', { id: ANA.id, displayName: 'Ana', mail: ANA.mail }],
  ])('%s is not believed, and the permission is named', async (_, user) => {
    const { directory } = await asked(ok(user));
    await expect(directory.person(guid(1))).rejects.toEqual(unavailable('User.Read.All'));
  });

  test('of a kind that is not known is a guest', async () => {
    const { directory } = await asked(ok({ ...ANA, userType: 'Partner' }));
    expect(await directory.person(guid(1))).toMatchObject({ guest: true });
  });

  test('who is somebody else than was asked for is not believed', async () => {
    const { directory } = await asked(ok({ ...ANA, id: guid(2) }));
    await expect(directory.person(guid(1))).rejects.toEqual(unavailable('somebody else'));
  });

  test.each([
    [graphError(404, 'Request_ResourceNotFound'), null],
    [graphError(404, 'UnknownError'), 'throws'],
    [{ status: 404, body: '<html>no such page</html>' }, 'throws'],
  ])('is not there only when Graph itself says so: %j', async (answer, expected) => {
    const { directory } = await asked(answer);
    expect(await directory.person(guid(1)).catch(() => 'throws')).toBe(expected);
  });

  test('is not asked for under an id that is none', async () => {
    const { directory, server } = await asked(ok(ANA));
    await directory.person(`${guid(1)}/../../groups`);
    expect(server.seen).toHaveLength(0);
  });
});

describe('an address', () => {
  test('is looked up as a main address and as an alias, quoted and encoded', async () => {
    const { directory, server } = await asked(ok({ value: [] }));
    await directory.byAddress(`o'hara+x&y@contoso.example`);
    expect(filtersOf(server.inner())).toEqual([
      "userPrincipalName eq 'o''hara+x&y@contoso.example' or mail eq 'o''hara+x&y@contoso.example'",
      "proxyAddresses/any(p:p eq 'smtp:o''hara+x&y@contoso.example')",
    ]);
  });

  test('that two people have, one as an alias, names both: nobody may be taken for the only one', async () => {
    const bo = { ...ANA, id: guid(2), mail: 'bo@contoso.example', userPrincipalName: 'bo@contoso.example' };
    const { directory } = await asked([ok({ value: [ANA] }), ok({ value: [ANA, bo] })]);
    const found = await directory.byAddress('ana@contoso.example');
    expect(found.map(({ id }) => id)).toEqual([guid(1), guid(2)]);
  });

  test.each([
    [
      'somebody who does not have it',
      ok({
        value: [{ ...ANA, mail: 'bo@contoso.example', userPrincipalName: 'bo@contoso.example', proxyAddresses: [] }],
      }),
    ],
    [
      'more people than fit on a page',
      ok({ value: [ANA], '@odata.nextLink': 'https://graph.example/v1.0/users?$skiptoken=x' }),
    ],
    ['a page that is not there', graphError(404, 'Request_ResourceNotFound')],
  ])('that gives %s gives nobody', async (_, answer) => {
    const { directory } = await asked(answer);
    await expect(directory.byAddress('ana@contoso.example')).rejects.toEqual(unavailable(''));
  });

  test.each(['a b@contoso.example', 'a\u0000@contoso.example', '', 'x'.repeat(321)])(
    '%j is asked of nobody',
    async (bad) => {
      const { directory, server } = await asked(ok({ value: [] }));
      await expect(directory.byAddress(bad)).rejects.toEqual(unavailable('not a mail address'));
      expect(server.seen).toHaveLength(0);
    },
  );
});

describe('a group', () => {
  const page = (ids: readonly number[], next?: string) =>
    ok({
      value: ids.map((n) => ({ '@odata.type': '#microsoft.graph.user', id: guid(n) })),
      ...(next === undefined ? {} : { '@odata.nextLink': next }),
    });

  test('is read to its last page', async () => {
    let base = '';
    const path = `/v1.0/groups/${GROUP}/transitiveMembers?$skiptoken=`;
    const server = await graph({
      inner: ({ url }) => {
        if (url.includes('two')) return page([3]);
        return url.includes('one') ? page([2], `${base}${path}two`) : page([1], `${base}${path}one`);
      },
    });
    base = server.baseUrl;
    expect(await directoryOn(base).directory.members(GROUP)).toEqual(new Set([guid(1), guid(2), guid(3)]));
  });

  test('that goes on elsewhere is not followed', async () => {
    const { directory, server } = await asked(page([1], 'https://evil.example/v1.0/groups/x/transitiveMembers'));
    await expect(directory.members(GROUP)).rejects.toEqual(unavailable('cannot be followed'));
    expect(server.inner()).toHaveLength(1);
  });

  test('that never ends is given up', async () => {
    let n = 0;
    let base = '';
    const server = await graph({
      inner: () => page([1], `${base}/v1.0/groups/${GROUP}/transitiveMembers?$skiptoken=${++n}`),
    });
    base = server.baseUrl;
    await expect(directoryOn(base).directory.members(GROUP)).rejects.toEqual(unavailable('too large'));
  });

  test.each([
    ['which the app may not read', graphError(403, 'Authorization_RequestDenied'), 'GroupMember.Read.All'],
    ['with a member without an id', ok({ value: [{ id: null }] }), 'unknown shape'],
    ['that half answers', ok({}), 'unknown shape'],
  ])('%s has no members to count on', async (_, answer, words) => {
    const { directory } = await asked(answer);
    await expect(directory.members(GROUP)).rejects.toEqual(unavailable(words));
  });
});

describe('a risk', () => {
  const state = (riskState: string) => ok({ id: guid(1), riskState });

  test.each([
    [state('atRisk'), true],
    [state('confirmedCompromised'), true],
    [state('dismissed'), false],
    [state('remediated'), false],
    [graphError(404, 'Request_ResourceNotFound'), false],
  ])('%j means %s', async (answer, expected) => {
    const { directory } = await asked(answer);
    expect(await directory.atRisk(guid(1))).toBe(expected);
  });

  test.each([
    [state('unknownFutureValue'), 'not known'],
    [graphError(403, 'Forbidden'), 'IdentityRiskyUser.Read.All'],
    [{ status: 404 }, 'no clear answer'],
    [ok({ id: guid(2), riskState: 'none' }), 'somebody else'],
  ])('is not taken for none after %j', async (answer, words) => {
    const { directory } = await asked(answer);
    await expect(directory.atRisk(guid(1))).rejects.toEqual(unavailable(words));
  });

  test('is not asked about in a tenant that has no Identity Protection', async () => {
    const { directory, server } = await asked(state('atRisk'), { identityProtection: false });
    expect([await directory.atRisk(guid(1)), server.seen.length]).toEqual([false, 0]);
  });
});

describe('the size', () => {
  test.each([[42], ['42'], ['NDI='], ['77u/NDI=']])('is read from %j', async (body) => {
    const { directory, server } = await asked(ok(body));
    expect(await directory.size()).toBe(42);
    expect(server.inner()).toMatchObject([{ url: '/users/$count', headers: { ConsistencyLevel: 'eventual' } }]);
  });

  test.each([[0], [''], ['-1'], ['many'], [4.2], [null]])('is not read from %j', async (body) => {
    const { directory } = await asked(ok(body));
    await expect(directory.size()).rejects.toEqual(unavailable('cannot be counted'));
  });
});

describe('a directory that is too busy', () => {
  const busy = (retryAfter?: string): InnerAnswer => ({
    status: 429,
    ...(retryAfter === undefined ? {} : { headers: { 'Retry-After': retryAfter } }),
  });

  test.each([
    ['as long as it says', '1.5', 1_500],
    ['a second where it does not say', undefined, 1_000],
  ])('is waited for once, %s', async (_, header, waited) => {
    const { directory, waits } = await asked([busy(header), ok(ANA)]);
    expect([(await directory.person(guid(1)))?.name, waits]).toEqual(['Ana', [waited]]);
  });

  test.each([
    ['longer than a person waits', [busy('3'), ok(ANA)], []],
    ['twice', [busy('1'), busy('1'), ok(ANA)], [1_000]],
  ])('%s gives no answer', async (_, answers, waited) => {
    const { directory, waits } = await asked(answers);
    await expect(directory.person(guid(1))).rejects.toEqual(unavailable(''));
    expect(waits).toEqual(waited);
  });
});
