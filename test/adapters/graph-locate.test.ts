import { describe, expect, test } from 'vitest';
import {
  asking,
  graph,
  graphError,
  guid,
  type Inner,
  type InnerAnswer,
  key,
  type LoopbackGraph,
  mailOn,
  message,
  tenant,
} from './graph-loopback.ts';

const filterOf = (inner: Inner | undefined) => new URL(`http://x${inner?.url}`).searchParams.get('$filter');

describe('looking for a message', () => {
  test('finds it with its folder, marks and before-image', async () => {
    const server = await graph(tenant([message()]));
    const [found] = await mailOn(server).mail.locate(['Ana@contoso.com'], key);
    expect(found).toMatchObject({
      address: 'Ana@contoso.com',
      mailbox: { id: guid(1), address: 'ana@contoso.com' },
      result: 'found',
      messages: [
        {
          message: 'm-1',
          folderId: 'f-inbox',
          folder: 'Folder f-inbox',
          sender: 'it@fabrikam.example.com',
          isRead: true,
          flag: 'flagged',
          categories: ['Red'],
          inSentItems: false,
          networkMessageId: null,
        },
      ],
    });
  });

  test('asks for exactly this Message-ID, whatever characters it has', async () => {
    const server = await graph(tenant([]));
    await mailOn(server).mail.locate(['ana@contoso.com'], key);
    expect(filterOf(asking(server, '/messages')[0])).toBe(`internetMessageId eq '<CAF+x=y&z#w''@example.com>'`);
  });

  test('asks for exactly this address, whatever characters it has', async () => {
    const server = await graph(tenant([]));
    const wild = `o'brien#EXT#/../x&y@contoso.com`;
    await mailOn(server).mail.locate([wild], key);
    const doubled = `'${wild.replace("'", "''")}'`;
    expect(filterOf(server.inner()[0])).toBe(`userPrincipalName eq ${doubled} or mail eq ${doubled}`);
  });

  test('says nothing when the mailbox was searched and has none', async () => {
    const server = await graph(tenant([]));
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], key)).toMatchObject([
      { result: 'nothing', mailbox: { id: guid(1) }, messages: [] },
    ]);
  });

  test('reads the network message id only when it is known', async () => {
    const networkMessageId = '73ca4154-58d8-43d0-a890-08dc18c52e6d';
    const header = { name: 'x-ms-exchange-organization-network-message-id', value: networkMessageId };
    const server = await graph(tenant([message({ internetMessageHeaders: [header] })]));
    const { mail } = mailOn(server);
    await mail.locate(['ana@contoso.com'], key);
    const [found] = await mail.locate(['ana@contoso.com'], { ...key, networkMessageId });
    expect(asking(server, '/messages').map(({ url }) => url.includes('internetMessageHeaders'))).toEqual([false, true]);
    expect(found?.messages[0]?.networkMessageId).toBe(networkMessageId);
  });

  test('recognises the sender’s own copy by the Sent Items folder', async () => {
    const own = { from: { emailAddress: { address: 'ANA@contoso.com' } } };
    const server = await graph(tenant([message({ ...own, parentFolderId: 'f-sent' }), message({ ...own, id: 'm-2' })]));
    const [found] = await mailOn(server).mail.locate(['ana@contoso.com'], key);
    expect(found?.messages.map(({ inSentItems }) => inSentItems)).toEqual([true, false]);
  });

  test.each([
    ['the directory writes it', { mail: 'Ana@Contoso.com', userPrincipalName: 'Ana@Contoso.com' }, 'ANA@contoso.COM'],
    [
      'only the principal name is the sender',
      { mail: 'a.b@contoso.com', userPrincipalName: 'ANA@contoso.com' },
      'ana@Contoso.com',
    ],
    [
      'only the main address is the sender',
      { mail: 'ANA@contoso.com', userPrincipalName: 'x@contoso.com' },
      'ana@contoso.com',
    ],
    ['the alert writes it', { mail: 'x@contoso.com', userPrincipalName: 'y@contoso.com' }, 'ana@contoso.com'],
  ])('recognises it in whatever letters %s', async (_where, user, address) => {
    const own = message({ from: { emailAddress: { address } }, parentFolderId: 'f-sent' });
    const server = await graph(
      tenant([own], ({ url }) =>
        url.startsWith('/users?') ? { status: 200, body: { value: [{ id: guid(1), ...user }] } } : undefined,
      ),
    );
    const [found] = await mailOn(server).mail.locate(['ANA@Contoso.com'], key);
    expect(found?.messages.map(({ inSentItems }) => inSentItems)).toEqual([true]);
  });

  test('fails rather than guess when Sent Items cannot be read', async () => {
    const own = { from: { emailAddress: { address: 'ana@contoso.com' } } };
    const script = tenant([message(own)], ({ url }) =>
      url.includes('sentitems') ? graphError(400, 'ErrorInvalidRequest') : undefined,
    );
    const server = await graph(script);
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], key)).toMatchObject([
      { result: 'failed', detail: '400 ErrorInvalidRequest' },
    ]);
  });

  test('does without a folder name it cannot read', async () => {
    const script = tenant([message()], ({ url }) =>
      url.includes('mailFolders/f-inbox') ? graphError(404, 'ErrorItemNotFound') : undefined,
    );
    const server = await graph(script);
    const [found] = await mailOn(server).mail.locate(['ana@contoso.com'], key);
    expect(found?.messages[0]?.folder).toBe('(unnamed folder)');
  });

  test.each([
    [403, 'ErrorAccessDenied', 'denied'],
    [404, 'MailboxNotEnabledForRESTAPI', 'missing'],
    [404, 'ResourceNotFound', 'missing'],
    [404, 'ErrorItemNotFound', 'failed'],
    [400, 'InefficientFilter', 'failed'],
  ])('says of %i %s that the mailbox is %s', async (status, code, result) => {
    const server = await graph(
      tenant([], ({ url }) => (url.includes('/messages') ? graphError(status, code) : undefined)),
    );
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], key)).toMatchObject([
      { result, mailbox: { id: guid(1) }, detail: `${status} ${code}` },
    ]);
  });

  test('keeps nobody, several people and refused apart', async () => {
    const people: Record<string, InnerAnswer> = {
      nobody: { status: 200, body: { value: [] } },
      several: { status: 200, body: { value: [{ id: guid(1) }, { id: guid(2) }] } },
      refused: graphError(403, 'Authorization_RequestDenied'),
    };
    const server = await graph({
      inner: ({ url }) => people[/'(?:smtp:)?(\w+)@/.exec(decodeURIComponent(url))?.[1] ?? ''],
    });
    const addresses = Object.keys(people).map((name) => `${name}@contoso.com`);
    const lookups = await mailOn(server).mail.locate(addresses, key);
    expect(lookups.map(({ address, result, detail }) => [address, result, detail])).toEqual([
      ['nobody@contoso.com', 'missing', 'nobody has this address'],
      ['several@contoso.com', 'failed', 'several users have this address'],
      ['refused@contoso.com', 'denied', '403 Authorization_RequestDenied'],
    ]);
  });

  test('somebody is found by a second address, and not having the right to look for those is not “denied”', async () => {
    const aliases: Record<string, InnerAnswer> = {
      alias: {
        status: 200,
        body: { value: [{ id: guid(3), userPrincipalName: 'ana@contoso.com', mail: 'ana@contoso.com' }] },
      },
      unknown: graphError(403, 'Authorization_RequestDenied'),
    };
    const server = await graph({
      inner: ({ url }) => {
        const asked = /smtp:(\w+)@/.exec(decodeURIComponent(url))?.[1];
        return asked === undefined ? { status: 200, body: { value: [] } } : aliases[asked];
      },
    });
    const lookups = await mailOn(server).mail.locate(['alias@contoso.com', 'unknown@contoso.com'], key);
    expect(lookups.map(({ mailbox, result }) => [mailbox?.address, result])).toEqual([
      ['ana@contoso.com', 'nothing'],
      [undefined, 'missing'],
    ]);
  });

  test('asks nobody when there is no Message-ID', async () => {
    const server = await graph({});
    const networkOnly = { ...key, internetMessageId: null, networkMessageId: guid(9) };
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], networkOnly)).toMatchObject([
      { result: 'failed', detail: 'no Message-ID to search by' },
    ]);
    expect(server.seen).toHaveLength(0);
  });

  test('asks nobody about something that is no address', async () => {
    const server = await graph({});
    const lookups = await mailOn(server).mail.locate(['', 'a\nb@contoso.com'], key);
    expect(lookups.map(({ result }) => result)).toEqual(['failed', 'failed']);
    expect(server.seen).toHaveLength(0);
  });

  test('follows every page with the same immutable ids', async () => {
    let server: LoopbackGraph | null = null;
    const script = tenant([message({ id: 'm-2' })], ({ url }) =>
      url.includes('$top=50')
        ? {
            status: 200,
            body: {
              value: [message()],
              '@odata.nextLink': `${server?.baseUrl}/v1.0/users/${guid(1)}/messages?$skiptoken=a%2Bb`,
            },
          }
        : undefined,
    );
    server = await graph(script);
    const [found] = await mailOn(server).mail.locate(['ana@contoso.com'], key);
    expect(found?.messages.map((each) => each.message)).toEqual(['m-1', 'm-2']);
    expect(asking(server, 'skiptoken=a%2Bb')[0]?.headers['Prefer']).toBe('IdType="ImmutableId"');
  });

  test('refuses a next page on another host', async () => {
    const link = 'https://evil.example.com/v1.0/users/x/messages';
    const script = tenant([], ({ url }) =>
      url.includes('/messages') ? { status: 200, body: { value: [message()], '@odata.nextLink': link } } : undefined,
    );
    const server = await graph(script);
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], key)).toMatchObject([
      { result: 'failed', detail: 'the link to the next page leaves Microsoft Graph' },
    ]);
  });

  test('fails on an answer it does not understand instead of seeing nothing in it', async () => {
    const server = await graph(
      tenant([], ({ url }) => (url.includes('/messages') ? { status: 200, body: {} } : undefined)),
    );
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], key)).toMatchObject([{ result: 'failed' }]);
  });

  test('waits when it is told to, then goes on', async () => {
    let told = 0;
    const script = tenant([message()], ({ url }) => {
      if (!url.includes('/messages') || told >= 3) return undefined;
      told += 1;
      return { status: 429, headers: { 'Retry-After': '0.25' } };
    });
    const { mail, waits } = mailOn(await graph(script));
    expect(await mail.locate(['ana@contoso.com'], key)).toMatchObject([{ result: 'found' }]);
    expect(waits).toEqual([250, 250, 250]);
  });

  test('gives up after the given number of waits', async () => {
    const server = await graph({ inner: () => ({ status: 429 }) });
    const { mail, waits } = mailOn(server, { locateRounds: 2 });
    expect(await mail.locate(['ana@contoso.com'], key)).toMatchObject([
      { result: 'failed', detail: 'Microsoft Graph kept asking to wait' },
    ]);
    expect(waits).toHaveLength(1);
  });

  test('asks again after a lost answer', async () => {
    let lost = 0;
    const script = tenant([message()]);
    const server = await graph({
      ...script,
      outer: (_, response) => {
        lost += 1;
        return lost === 1 ? Boolean(response.destroy()) : false;
      },
    });
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], key)).toMatchObject([{ result: 'found' }]);
  });
});
