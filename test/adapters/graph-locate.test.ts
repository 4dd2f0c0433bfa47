import { describe, expect, test } from 'vitest';
import {
  asking,
  graph,
  graphError,
  guid,
  type Inner,
  type InnerAnswer,
  mailOn,
  message,
  tenant,
  wanted,
} from './graph-loopback.ts';

const filterOf = (inner: Inner | undefined) => new URL(`http://x${inner?.url}`).searchParams.get('$filter');

describe('looking for a message', () => {
  test('finds it with its folder, marks and before-image', async () => {
    const server = await graph(tenant([message()]));
    const [found] = await mailOn(server).mail.locate(['Ana@contoso.com'], wanted);
    expect(found).toMatchObject({
      address: 'Ana@contoso.com',
      mailbox: { id: guid(1), address: 'ana@contoso.com' },
      result: 'found',
      messages: [
        {
          message: 'm-1',
          folderId: 'f-inbox',
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
    await mailOn(server).mail.locate(['ana@contoso.com'], wanted);
    expect(filterOf(asking(server, '/messages')[0])).toBe(`internetMessageId eq '<CAF+x=y&z#w''@example.com>'`);
  });

  test('asks for exactly this address, whatever characters it has', async () => {
    const server = await graph(tenant([]));
    const wild = `o'brien#EXT#/../x&y@contoso.com`;
    await mailOn(server).mail.locate([wild], wanted);
    const doubled = `'${wild.replace("'", "''")}'`;
    expect(filterOf(server.inner()[0])).toBe(`userPrincipalName eq ${doubled} or mail eq ${doubled}`);
  });

  test.each([
    "mary.o'neil@contoso.com",
    'a/../../b@contoso.com',
    'a%2F..%2Fb@contoso.com',
    'a?$filter=x#b@contoso.com',
    "a' or 'x' eq 'x@contoso.com",
    '"a"@contoso.com',
    'a@contoso.com/messages/AAMk',
    'a&$top=1@contoso.com',
  ])('%s stays inside of its filter: the path and the other options are ours', async (address) => {
    const server = await graph(tenant([]));
    await mailOn(server).mail.locate([address], wanted);
    for (const { url } of server.inner().filter((inner) => inner.url.startsWith('/users?'))) {
      const asked = new URL(url, 'http://graph');
      expect([asked.pathname, [...asked.searchParams.keys()], asked.hash]).toEqual([
        '/users',
        ['$filter', '$select'],
        '',
      ]);
    }
    expect(server.inner().every(({ url }) => /^\/users(\?|\/[0-9a-f-]{36}\/)/.test(url))).toBe(true);
  });

  test('says nothing when the mailbox was searched and has none', async () => {
    const server = await graph(tenant([]));
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], wanted)).toMatchObject([
      { result: 'nothing', mailbox: { id: guid(1) }, messages: [] },
    ]);
  });

  test('asks for several Message-IDs in questions of five alternatives at most, each exactly as it is', async () => {
    const ids = Array.from({ length: 7 }, (_, n) => `<${n} o'hara+a&b#c%27@fabrikam.example>`);
    const server = await graph(tenant([]));
    await mailOn(server).mail.locate(['ana@contoso.com'], { internetMessageIds: [...ids, ids[0] ?? ''] });
    const questions = asking(server, '/messages').map((inner) => filterOf(inner)?.split(' or ') ?? []);
    expect(questions.map((alternatives) => alternatives.length)).toEqual([5, 2]);
    expect(questions.flat()).toEqual(ids.map((id) => `internetMessageId eq '${id.replace("'", "''")}'`));
  });

  test('asks for long Message-IDs one by one, so that no address of a question grows too long', async () => {
    const ids = ['a', 'b'].map((sign) => `<${sign.repeat(1_500)}@fabrikam.example>`);
    const server = await graph(tenant([]));
    await mailOn(server).mail.locate(['ana@contoso.com'], { internetMessageIds: ids });
    expect(asking(server, '/messages')).toHaveLength(2);
  });

  test('names a message once that two questions brought back', async () => {
    const server = await graph(tenant([message()]));
    const internetMessageIds = Array.from({ length: 6 }, (_, n) => `<${n}@fabrikam.example>`);
    const [found] = await mailOn(server).mail.locate(['ana@contoso.com'], { internetMessageIds });
    expect(found?.messages.map((each) => each.message)).toEqual(['m-1']);
  });

  test('fails as a whole when one of several questions fails', async () => {
    const script = tenant([message()], (inner) =>
      filterOf(inner)?.includes('<6@') ? graphError(400, 'InefficientFilter') : undefined,
    );
    const internetMessageIds = Array.from({ length: 7 }, (_, n) => `<${n}@fabrikam.example>`);
    expect(await mailOn(await graph(script)).mail.locate(['ana@contoso.com'], { internetMessageIds })).toMatchObject([
      { result: 'failed', messages: [], detail: '400 InefficientFilter' },
    ]);
  });

  test('reads the network message id, which tells mails with one Message-ID apart', async () => {
    const networkMessageId = '73ca4154-58d8-43d0-a890-08dc18c52e6d';
    const header = { name: 'x-ms-exchange-organization-network-message-id', value: ` ${networkMessageId}` };
    const server = await graph(tenant([message({ internetMessageHeaders: [header] }), message({ id: 'm-2' })]));
    const [found] = await mailOn(server).mail.locate(['ana@contoso.com'], wanted);
    expect(found?.messages.map((each) => each.networkMessageId)).toEqual([networkMessageId, null]);
  });

  test('says of the sender what Graph says: an address in its own spelling, a directory name, or nothing', async () => {
    const from = (address: string | null) => ({ from: { emailAddress: { address } } });
    const directory = '/O=EXCHANGELABS/OU=EXCHANGE ADMINISTRATIVE GROUP/CN=RECIPIENTS/CN=3F-ANA';
    const hits = [from('IT@Fabrikam.example'), from(directory), from(''), from(null)];
    const server = await graph(tenant(hits.map((change, n) => message({ id: `m-${n}`, ...change }))));
    const [found] = await mailOn(server).mail.locate(['ana@contoso.com'], wanted);
    expect(found?.messages.map(({ sender }) => sender)).toEqual(['IT@Fabrikam.example', directory, null, null]);
  });

  test('says what is a draft', async () => {
    const server = await graph(tenant([message({ isDraft: true }), message({ id: 'm-2' })]));
    const [found] = await mailOn(server).mail.locate(['ana@contoso.com'], wanted);
    expect(found?.messages.map(({ isDraft }) => isDraft)).toEqual([true, false]);
  });

  describe('of the owner’s own copy, in Sent Items', () => {
    const OWNER = {
      id: guid(1),
      userPrincipalName: 'A.Lopez@Contoso.com',
      mail: 'Ana@Contoso.com',
      proxyAddresses: ['SMTP:Ana@Contoso.com', 'smtp:Ana.L@Fabrikam.com', 'X500:/o=Old/cn=ana'],
    };
    const asOwner = ({ url }: Inner) =>
      url.startsWith('/users?') ? { status: 200, body: { value: [OWNER] } } : undefined;

    async function ownOnes(hits: readonly Record<string, unknown>[], address = 'lopez@contoso.com') {
      const server = await graph(
        tenant(
          hits.map((hit, n) => message({ id: `m-${n}`, ...hit })),
          asOwner,
        ),
      );
      const [found] = await mailOn(server).mail.locate([address], wanted);
      return found?.messages.map(({ inSentItems }) => inSentItems);
    }
    const from = (address: string | null, parentFolderId = 'f-sent') => ({
      parentFolderId,
      from: { emailAddress: { address } },
    });

    test.each([
      ['the main address', 'ana@contoso.COM'],
      ['the user principal name', 'a.lopez@CONTOSO.com'],
      ['another address', 'ana.l@fabrikam.com'],
      ['the address that was asked for', 'LOPEZ@contoso.com'],
      ['a name of Exchange’s own directory', '/o=ExchangeLabs/ou=Exchange/cn=Recipients/cn=ana'],
      ['such a name in the form of an address', 'IMCEAEX-_O=EXCHANGELABS_OU=X_CN=ANA@eurprd01.prod.outlook.com'],
      ['no sender at all', null],
    ])('it is told by %s, in whatever case the directory keeps it', async (_, address) => {
      expect(await ownOnes([from(address), from(address, 'f-inbox')])).toEqual([true, false]);
    });

    test('what somebody else sent and the owner moved there is none, also beside one', async () => {
      expect(await ownOnes([from('it@fabrikam.example.com'), from('ana@contoso.com')])).toEqual([false, true]);
    });

    test('the folder is not asked for where nothing can be the owner’s', async () => {
      const server = await graph(tenant([message()], asOwner));
      await mailOn(server).mail.locate(['lopez@contoso.com'], wanted);
      expect(asking(server, 'sentitems')).toHaveLength(0);
    });
  });

  test.each([
    ['the directory writes it', { mail: 'Ana@Contoso.com', userPrincipalName: 'Ana@Contoso.com' }, 'ANA@contoso.COM'],
    ['the principal name has it', { mail: 'b@contoso.com', userPrincipalName: 'ANA@contoso.com' }, 'ana@Contoso.com'],
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
    const [found] = await mailOn(server).mail.locate(['ANA@Contoso.com'], wanted);
    expect(found?.messages.map(({ inSentItems }) => inSentItems)).toEqual([true]);
  });

  test('fails rather than guess when Sent Items cannot be read', async () => {
    const own = { from: { emailAddress: { address: 'ana@contoso.com' } } };
    const script = tenant([message(own)], ({ url }) =>
      url.includes('sentitems') ? graphError(400, 'ErrorInvalidRequest') : undefined,
    );
    const server = await graph(script);
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], wanted)).toMatchObject([
      { result: 'failed', detail: '400 ErrorInvalidRequest' },
    ]);
  });

  test.each([
    [403, 'ErrorAccessDenied', 'denied'],
    [404, 'MailboxNotEnabledForRESTAPI', 'unreachable'],
    [404, 'ResourceNotFound', 'unreachable'],
    [404, 'ErrorNonExistentMailbox', 'missing'],
    [404, 'ErrorItemNotFound', 'failed'],
    [400, 'InefficientFilter', 'failed'],
  ])('says of %i %s that the mailbox is %s', async (status, code, result) => {
    const server = await graph(
      tenant([], ({ url }) => (url.includes('/messages') ? graphError(status, code) : undefined)),
    );
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], wanted)).toMatchObject([
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
    const lookups = await mailOn(server).mail.locate(addresses, wanted);
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
    const lookups = await mailOn(server).mail.locate(['alias@contoso.com', 'unknown@contoso.com'], wanted);
    expect(lookups.map(({ mailbox, result }) => [mailbox?.address, result])).toEqual([
      ['ana@contoso.com', 'nothing'],
      [undefined, 'missing'],
    ]);
  });

  test.each([
    ['no Message-ID is known', []],
    ['the Message-ID is no text', ['a\nb', '<\ud800@x.example>', 'a\u0000', '', 'x'.repeat(2_001)]],
  ])('asks nobody where %s, and says so', async (why, internetMessageIds) => {
    const server = await graph({});
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], { internetMessageIds })).toMatchObject([
      { result: 'failed', detail: `cannot be searched: ${why}` },
    ]);
    expect(server.seen).toHaveLength(0);
  });

  test('asks by those Message-IDs that can be asked for, and tells of the others', async () => {
    const server = await graph(tenant([]));
    const internetMessageIds = ['<\ud800@x.example>', ...wanted.internetMessageIds];
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], { internetMessageIds })).toMatchObject([
      { result: 'nothing', detail: '1 of 2 Message-IDs cannot be searched by' },
    ]);
    expect(asking(server, '/messages')).toHaveLength(1);
  });

  test('does not search for more Message-IDs than one mail can have', async () => {
    const server = await graph({});
    const internetMessageIds = Array.from({ length: 51 }, (_, n) => `<${n}@x.example>`);
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], { internetMessageIds })).toMatchObject([
      { result: 'failed', detail: 'too many Message-IDs to search by' },
    ]);
    expect(server.seen).toHaveLength(0);
  });

  test('asks nobody about something that is no address', async () => {
    const server = await graph({});
    const none = [
      '',
      'a\nb@contoso.com',
      'a b@contoso.com',
      'ana',
      '\ud800@contoso.com',
      `${'x'.repeat(320)}@x.example`,
    ];
    const lookups = await mailOn(server).mail.locate(none, wanted);
    expect(lookups.map(({ result }) => result)).toEqual(none.map(() => 'failed'));
    expect(server.seen).toHaveLength(0);
  });
});
