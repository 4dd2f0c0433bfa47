import { describe, expect, test } from 'vitest';
import {
  createGraphClient,
  type GraphClientOptions,
  kql,
  nextPath,
  odata,
  query,
} from '../../src/adapters/microsoft/client.ts';
import { graph, json, loopbackGraph } from './graph-loopback.ts';

function clientOn(baseUrl: string, options: Partial<GraphClientOptions> = {}) {
  return createGraphClient({ baseUrl, token: async () => 'a-token', ids: () => 'our-id', ...options });
}

describe('the Graph client', () => {
  test('sends the bearer token and its own request id to a loopback http Graph', async () => {
    const server = await graph({});
    await clientOn(server.baseUrl).post('/$batch', { requests: [] });
    expect(server.seen[0]).toMatchObject({
      path: '/v1.0/$batch',
      headers: { authorization: 'Bearer a-token', 'client-request-id': 'our-id' },
    });
  });

  test.each(['http://graph.example.com', 'https://graph.example.com/v1.0', 'ftp://127.0.0.1', 'graph'])(
    'refuses the base URL %s',
    (baseUrl) => {
      expect(() => clientOn(baseUrl)).toThrow(expect.objectContaining({ code: 'config' }));
    },
  );

  test('does not follow a redirect', async () => {
    const elsewhere = await graph({});
    const server = await graph({
      outer: (_, response) => Boolean(response.writeHead(302, { location: `${elsewhere.baseUrl}/v1.0/x` }).end()),
    });
    await expect(clientOn(server.baseUrl).post('/$batch', {})).rejects.toMatchObject({ sent: true });
    expect(elsewhere.seen).toHaveLength(0);
  });

  test('does not call another origin even if a path names one', async () => {
    const elsewhere = await graph({});
    const server = await graph({});
    const path = elsewhere.baseUrl.replace('http:', 'https:');
    await expect(clientOn(server.baseUrl).post(`${path}/v1.0/x`, {})).rejects.toMatchObject({ sent: false });
    expect(elsewhere.seen).toHaveLength(0);
  });

  test('answers a claims challenge once, with a token that has the claims', async () => {
    const claims = '{"access_token":{"nbf":{"essential":true}}}';
    const challenge = `Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`;
    const server = await graph({
      outer: (_, response) => json(response, 401, {}, { 'www-authenticate': challenge }),
    });
    const asked: (string | undefined)[] = [];
    const token = async (wanted?: string) => {
      asked.push(wanted);
      return wanted ? 'fresh' : 'old';
    };
    const reply = await clientOn(server.baseUrl, { token }).post('/$batch', {});
    expect(reply.status).toBe(401);
    expect(asked).toEqual([undefined, claims]);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer fresh']);
  });

  test('gives up on an answer that does not come', async () => {
    const server = await graph({ outer: () => true });
    const client = clientOn(server.baseUrl, { timeoutMs: 50 });
    await expect(client.post('/$batch', {})).rejects.toMatchObject({ sent: true, message: 'timeout' });
  });

  test('knows that nothing was sent when there is no token', async () => {
    const server = await graph({});
    const token = () => Promise.reject(new Error('Entra is down'));
    await expect(clientOn(server.baseUrl, { token }).post('/$batch', {})).rejects.toMatchObject({ sent: false });
    expect(server.seen).toHaveLength(0);
  });

  test('knows that nothing was sent when nobody listens', async () => {
    const server = await loopbackGraph();
    await server.close();
    await expect(clientOn(server.baseUrl).post('/$batch', {})).rejects.toMatchObject({ sent: false });
  });
});

describe('query text', () => {
  test('survives + & # and quotes in a filter', () => {
    const wild = `<CAF+x=y&z#w'%27@example.com>`;
    const url = new URL(`https://graph.example.com/v1.0/x${query({ $filter: `id eq ${odata(wild)}`, $top: '5' })}`);
    expect(url.searchParams.get('$filter')).toBe(`id eq '<CAF+x=y&z#w''%27@example.com>'`);
    expect(url.searchParams.get('$top')).toBe('5');
  });

  test('keeps a hostile value inside its KQL literal', () => {
    expect(kql(`a' or 1==1 \\' //`)).toBe(`'a\\' or 1==1 \\\\\\' //'`);
  });

  test('refuses a line break in a KQL literal', () => {
    expect(() => kql('a\n| take 1')).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  test('takes the next page from the link, after the version', () => {
    const link = 'https://graph.example.com/v1.0/users/x/messages?$skiptoken=a%2Bb';
    expect(nextPath('https://graph.example.com', link, '/users/x/messages')).toBe('/users/x/messages?$skiptoken=a%2Bb');
  });

  test.each([
    'https://evil.example.com/v1.0/users/x/messages',
    'https://graph.example.com/beta/users/x/messages',
    'http://graph.example.com/v1.0/users/x/messages',
    'nonsense',
  ])('refuses to follow %s', (link) => {
    expect(() => nextPath('https://graph.example.com', link, '/first')).toThrow('leaves Microsoft Graph');
  });

  test('refuses a next page that is the same page', () => {
    expect(() => nextPath('https://graph.example.com', 'https://graph.example.com/v1.0/a?b=c', '/a?b=c')).toThrow(
      'the same page',
    );
  });
});
