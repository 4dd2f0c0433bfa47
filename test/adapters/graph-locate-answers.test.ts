import { describe, expect, test } from 'vitest';
import {
  asking,
  graph,
  graphError,
  guid,
  type InnerAnswer,
  type LoopbackGraph,
  mailOn,
  message,
  tenant,
  wanted,
} from './graph-loopback.ts';

describe('what Graph answers to a search', () => {
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
    const [found] = await mailOn(server).mail.locate(['ana@contoso.com'], wanted);
    expect(found?.messages.map((each) => each.message)).toEqual(['m-1', 'm-2']);
    expect(asking(server, 'skiptoken=a%2Bb')[0]?.headers['Prefer']).toBe('IdType="ImmutableId"');
  });

  test('refuses a next page on another host', async () => {
    const link = 'https://evil.example.com/v1.0/users/x/messages';
    const script = tenant([], ({ url }) =>
      url.includes('/messages') ? { status: 200, body: { value: [message()], '@odata.nextLink': link } } : undefined,
    );
    const server = await graph(script);
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], wanted)).toMatchObject([
      { result: 'failed', detail: 'the link to the next page leaves Microsoft Graph' },
    ]);
  });

  test('fails on an answer it does not understand instead of seeing nothing in it', async () => {
    const server = await graph(
      tenant([], ({ url }) => (url.includes('/messages') ? { status: 200, body: {} } : undefined)),
    );
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], wanted)).toMatchObject([{ result: 'failed' }]);
  });

  test('waits when it is told to, then goes on', async () => {
    let told = 0;
    const script = tenant([message()], ({ url }) => {
      if (!url.includes('/messages') || told >= 3) return undefined;
      told += 1;
      return { status: 429, headers: { 'Retry-After': '0.25' } };
    });
    const { mail, waits } = mailOn(await graph(script));
    expect(await mail.locate(['ana@contoso.com'], wanted)).toMatchObject([{ result: 'found' }]);
    expect(waits).toEqual([250, 250, 250]);
  });

  test('gives up after the given number of waits', async () => {
    const server = await graph({ inner: () => ({ status: 429 }) });
    const { mail, waits } = mailOn(server, { locateRounds: 2 });
    expect(await mail.locate(['ana@contoso.com'], wanted)).toMatchObject([
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
    expect(await mailOn(server).mail.locate(['ana@contoso.com'], wanted)).toMatchObject([{ result: 'found' }]);
  });
});

describe('a mailbox that has no Sent Items', () => {
  const own = message({ from: { emailAddress: { address: 'ana@contoso.com' } } });
  const withoutSentItems = async (answer: InnerAnswer) => {
    const server = await graph(tenant([own], ({ url }) => (url.includes('sentitems') ? answer : undefined)));
    const [found] = await mailOn(server).mail.locate(['ana@contoso.com'], wanted);
    return [found?.result, found?.detail, found?.messages.map(({ inSentItems }) => inSentItems)];
  };

  test('holds no copy there, where Graph itself says so', async () => {
    expect(await withoutSentItems(graphError(404, 'ErrorItemNotFound'))).toEqual(['found', '', [false]]);
  });

  test.each<[string, InnerAnswer, string]>([
    ['a proxy says it', { status: 404, body: '<html>no such page</html>' }, '404'],
    ['Graph does not say what is missing', graphError(404, 'UnknownError'), '404 UnknownError'],
    ['it is no 404', graphError(410, 'ErrorItemNotFound'), '410 ErrorItemNotFound'],
  ])('is not believed where %s', async (_, answer, why) => {
    expect(await withoutSentItems(answer)).toEqual(['failed', why, []]);
  });
});
