import { describe, expect, test } from 'vitest';
import { condition, stages } from '../../src/sandbox/graph/kql.ts';
import { graph, huntingOn, json, key, type Script } from './graph-loopback.ts';

const NETWORK_ID = '73ca4154-58d8-43d0-a890-08dc18c52e6d';
const both = { ...key, networkMessageId: NETWORK_ID };
const RECENT = 'EmailEvents | where Timestamp > ago(30d)';
const ALL =
  'Timestamp, RecipientEmailAddress, RecipientObjectId, NetworkMessageId, InternetMessageId, SenderFromAddress, Subject, EmailClusterId';

const answering = (status: number, body: unknown): Script => ({
  outer: ({ path }, response) =>
    path === '/v1.0/security/runHuntingQuery' && json(response, status, body, { 'request-id': 'hunt-1' }),
});
/** The queries of a hunt for these ids that finds nothing. */
async function queriesFor(ids: { internetMessageId: string | null; networkMessageId: string | null }) {
  const server = await graph(answering(200, { results: [] }));
  await huntingOn(server).hunt(ids);
  return server.seen.map(({ body }) => String(body['Query']));
}

describe('hunting for deliveries', () => {
  test('takes either id, leaves the sender out, and asks for what tells deliveries apart', async () => {
    const server = await graph(answering(200, { schema: [], results: [] }));
    expect(await huntingOn(server).hunt(both)).toEqual({
      status: 'answered',
      deliveries: [],
      requestId: 'hunt-1',
      cutOff: false,
      detail: '',
      waitMs: null,
    });
    expect(server.seen.map(({ body }) => body)).toEqual([
      {
        Query:
          `${RECENT} | where NetworkMessageId == '${NETWORK_ID}' or ` +
          `InternetMessageId == '<CAF+x=y&z#w\\'@example.com>' | project ${ALL}`,
        Timespan: 'P30D',
      },
    ]);
    expect(server.seen[0]?.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  test('reads every column, its name in any case, and leaves text that is compared as it is', async () => {
    const row = {
      Timestamp: '2026-11-23T08:00:00.1234567Z',
      RecipientEmailAddress: 'Ana@contoso.com',
      RecipientObjectId: '00000000-0000-4000-8000-00000000000A',
      NetworkMessageId: NETWORK_ID.toUpperCase(),
      InternetMessageId: '<A@fabrikam.example>',
      SenderFromAddress: 'IT@fabrikam.example',
      Subject: ' Your mailbox ',
    };
    const lower = Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));
    const server = await graph(answering(200, { schema: [], results: [row, lower] }));
    const delivery = {
      at: '2026-11-23T08:00:00.1234567Z',
      recipient: 'ana@contoso.com',
      recipientId: '00000000-0000-4000-8000-00000000000a',
      networkMessageId: NETWORK_ID,
      internetMessageId: '<A@fabrikam.example>',
      sender: 'IT@fabrikam.example',
      subject: ' Your mailbox ',
    };
    expect((await huntingOn(server).hunt(both)).deliveries).toEqual([delivery, delivery]);
  });

  test.each<[unknown, string | undefined]>([
    [2_541_886_374, '2541886374'],
    ['-7741886374112233445', '-7741886374112233445'],
    [0, undefined],
    ['', undefined],
    [null, undefined],
    ['2 or 1 == 1', undefined],
  ])('reads of what is alike, where it says %j, %j', async (value, cluster) => {
    const server = await graph(
      answering(200, { results: [{ RecipientEmailAddress: 'ana@contoso.com', EmailClusterId: value }] }),
    );
    expect((await huntingOn(server).hunt(both)).deliveries.map((one) => one.cluster)).toEqual([cluster]);
  });

  test.each([[null], [''], [' '], [7], [undefined]])('takes %j in a row for not told', async (value) => {
    const row = { RecipientEmailAddress: 'ana@contoso.com', Subject: value, NetworkMessageId: value };
    const server = await graph(answering(200, { results: [row, { RecipientEmailAddress: value }] }));
    expect((await huntingOn(server).hunt(both)).deliveries).toMatchObject([
      { recipient: 'ana@contoso.com', subject: null, networkMessageId: null, sender: null, at: null },
    ]);
  });

  test('says when there may be more rows than the service tells', async () => {
    const rows = (count: number) => ({ results: Array(count).fill({ RecipientEmailAddress: 'ana@contoso.com' }) });
    const cutOff = async (count: number) =>
      (await huntingOn(await graph(answering(200, rows(count)))).hunt(both)).cutOff;
    expect([await cutOff(99_999), await cutOff(100_000)]).toEqual([false, true]);
  });

  test('asks once more without the long texts when the answer would have been too large', async () => {
    const message = 'Query execution has exceeded the allowed result size. Optimize your query and try again.';
    const server = await graph({
      outer: ({ body }, response) =>
        String(body['Query']).includes('Subject')
          ? json(response, 400, { error: { code: 'BadRequest', message } })
          : json(response, 200, { results: [{ RecipientEmailAddress: 'ana@contoso.com' }] }),
    });
    expect(await huntingOn(server).hunt({ ...both, internetMessageId: null })).toMatchObject({
      deliveries: [{ recipient: 'ana@contoso.com', subject: null }],
    });
    expect(server.seen[1]?.body['Query']).toBe(
      `${RECENT} | where NetworkMessageId == '${NETWORK_ID}' | ` +
        'distinct RecipientEmailAddress, RecipientObjectId, NetworkMessageId, InternetMessageId',
    );
  });

  test('is not asked twice when the service refuses for another reason, whatever its words are', async () => {
    const server = await graph(answering(403, { error: { code: 'x', message: 'exceeded the allowed result size' } }));
    expect(await huntingOn(server).hunt(both)).toMatchObject({ status: 'refused', detail: '403 x', deliveries: [] });
    expect(server.seen).toHaveLength(1);
  });

  test.each([400, 401, 403, 404, 501])('that answers %i is told as a refusal, not as nothing', async (status) => {
    const server = await graph(answering(status, { error: { code: 'Forbidden', message: 'no licence' } }));
    expect(await huntingOn(server).hunt(both)).toEqual({
      status: 'refused',
      deliveries: [],
      requestId: 'hunt-1',
      cutOff: false,
      detail: `${status} Forbidden`,
      waitMs: null,
    });
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    [500, {}, '500'],
    [200, {}, 'an answer without results'],
  ])('that answers %i and %j gave no answer', async (status, body, detail) => {
    const { hunt } = huntingOn(await graph(answering(status, body)));
    expect(await hunt(both)).toMatchObject({ status: 'silent', detail, deliveries: [], cutOff: false });
  });

  test('that cuts the line gave no answer', async () => {
    const { hunt } = huntingOn(await graph({ outer: (_outer, response) => Boolean(response.destroy()) }));
    expect(await hunt(both)).toMatchObject({ status: 'silent', deliveries: [], waitMs: null });
  });

  test('is not asked where it is switched off', async () => {
    const server = await graph({});
    expect(await huntingOn(server, { isOn: false }).hunt(both)).toMatchObject({ status: 'off', deliveries: [] });
    expect(server.seen).toHaveLength(0);
  });

  test('says so when no id is known that it could be asked by', async () => {
    const server = await graph({});
    const none = { internetMessageId: null, networkMessageId: null };
    expect(await huntingOn(server).hunt(none)).toMatchObject({ status: 'no id' });
  });
});

describe('hunting in the clouds of Microsoft', () => {
  const found = async (baseUrl: string) => {
    const asked: string[] = [];
    const token = (claims = 'a token') => Promise.reject(asked.push(claims));
    const said = await huntingOn({ baseUrl }, { token }).hunt(both);
    return { ...said, asked: asked.length };
  };

  test.each([
    'https://graph.microsoft.com',
    'https://graph.microsoft.us',
    'https://dod-graph.microsoft.us',
    'https://graph.fabrikam.example',
  ])('is asked at %s', async (baseUrl) => {
    expect(await found(baseUrl)).toMatchObject({ status: 'silent', asked: 1 });
    expect(huntingOn({ baseUrl }).can.find).toBe('yes');
  });

  test('is refused in China without being asked, because there is none', async () => {
    const detail = 'Microsoft offers no advanced hunting in China';
    expect(await found('https://microsoftgraph.chinacloudapi.cn')).toMatchObject({
      status: 'refused',
      detail,
      asked: 0,
    });
    expect(huntingOn({ baseUrl: 'https://microsoftgraph.chinacloudapi.cn' }).can.find).toEqual({ no: detail });
  });

  test('is only off in China where it is switched off', async () => {
    const off = huntingOn({ baseUrl: 'https://microsoftgraph.chinacloudapi.cn' }, { isOn: false });
    expect(await off.hunt(both)).toMatchObject({ status: 'off', detail: '' });
  });
});

describe('hunting that asks to wait', () => {
  const busy = (status: number, ...waits: (string | null)[]): Script => ({
    outer: (_outer, response) => {
      const wait = waits.shift();
      if (wait === undefined) return json(response, 200, { results: [{ RecipientEmailAddress: 'ana@contoso.com' }] });
      return json(response, status, {}, wait === null ? {} : { 'retry-after': wait });
    },
  });

  test.each([
    [429, '7', 7_000],
    [503, '10', 10_000],
    [429, null, 10_000],
  ])('%i with Retry-After %s is asked once more after that time', async (status, told, waitMs) => {
    const { hunt, waits } = huntingOn(await graph(busy(status, told)));
    expect(await hunt(both)).toMatchObject({ status: 'answered', deliveries: [{ recipient: 'ana@contoso.com' }] });
    expect(waits).toEqual([waitMs]);
  });

  test('for longer than a plan may wait is told at once, with the time it asked for', async () => {
    const server = await graph(busy(429, '60'));
    const { hunt, waits } = huntingOn(server);
    expect(await hunt(both)).toMatchObject({ status: 'busy', waitMs: 60_000, detail: '429', deliveries: [] });
    expect([waits, server.seen.length]).toEqual([[], 1]);
  });

  test('a second time is told: nobody is kept waiting twice', async () => {
    const { hunt, waits } = huntingOn(await graph(busy(429, '5', '5')));
    expect(await hunt(both)).toMatchObject({ status: 'busy', waitMs: 5_000 });
    expect(waits).toEqual([5_000]);
  });

  test('is waited for where nobody waits for a plan', async () => {
    const { hunt, waits } = huntingOn(await graph(busy(429, '60')));
    expect(await hunt(both, 'long')).toMatchObject({ status: 'answered' });
    expect(waits).toEqual([60_000]);
  });
});

describe('a Message-ID that tries to say something else', () => {
  test.each([
    `<x' or 1 == 1 or InternetMessageId != 'y@x.example>`,
    `<x\\' or InternetMessageId != \\'@x.example>`,
    `<x\\@x.example>`,
    `\\`,
    `<x'|project-away NetworkMessageId//@x.example>`,
    `<x'; EmailUrlInfo | take 1 //@x.example>`,
    `<x'"@"'\\"'@x.example>`,
    `<' 'or(1)@x.example>`,
    '<x@пример.example>',
    '<x\u{1f4a9}`@x.example>',
  ])('stays one value of one condition: %s', async (internetMessageId) => {
    const [query = ''] = await queriesFor({ internetMessageId, networkMessageId: null });
    const [table, time, where = [], project, ...more] = stages(query);
    expect([table, time, project].map((stage) => stage?.[0]?.text)).toEqual(['EmailEvents', 'where', 'project']);
    expect(more).toEqual([]);
    expect(where.map(({ type, text }) => `${type} ${text}`)).toEqual([
      'word where',
      'word InternetMessageId',
      'sign ==',
      `string ${internetMessageId}`,
    ]);
    const holds = condition(where.slice(1), new Set(['InternetMessageId']), 0, () => []);
    expect([holds({ InternetMessageId: internetMessageId }), holds({ InternetMessageId: '<y@x.example>' })]).toEqual([
      true,
      false,
    ]);
  });

  test.each(['<a\nb@x.example>', '<a\u0000@x.example>', '<a\u2028@x.example>', '<\ud800@x.example>', ''])(
    '%j is not asked for; the network message id alone is enough',
    async (internetMessageId) => {
      expect(await queriesFor({ internetMessageId, networkMessageId: NETWORK_ID })).toEqual([
        `${RECENT} | where NetworkMessageId == '${NETWORK_ID}' | project ${ALL}`,
      ]);
      expect(await queriesFor({ internetMessageId, networkMessageId: null })).toEqual([]);
    },
  );

  test('a network message id that is no GUID is not asked for', async () => {
    expect(await queriesFor({ internetMessageId: null, networkMessageId: `' or 1 == 1 or Subject == '` })).toEqual([]);
  });
});
