import http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIntake, MAX_ALERT_BYTES, type TakeAlert } from '../../src/adapters/http/intake.ts';
import { type Listening, listen } from '../../src/adapters/http/server.ts';
import type { ToldAlert } from '../../src/core/alert-reader.ts';
import { hostileTexts } from '../support/card-pictures/hostile.ts';
import { alertOf } from '../support/cases.ts';
import { OTHER_SECRET, SECRET } from '../support/configuration.ts';
import { good, type Sending, signed } from '../support/signed-alerts.ts';
import { SOURCE } from '../support/source.ts';

const FABRIKAM_SECRET = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const STRANGER_SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;

let server: Listening;
let taken: { tenant: string; alert: ToldAlert; id: string }[] = [];
let refusals: string[] = [];
let broken = false;

beforeAll(async () => {
  const takeFor =
    (tenant: string): TakeAlert =>
    (alert, { id }) => {
      if (broken) return Promise.reject(new Error('the database is gone'));
      const before = taken.find((one) => one.id === id && one.tenant === tenant);
      if (before) return Promise.resolve({ kind: 'replayed', incident: 'CB-0001' });
      taken.push({ tenant, alert, id });
      return Promise.resolve({ kind: 'accepted', incident: 'CB-0001', created: true });
    };
  const intake = createIntake([
    { name: 'contoso', secrets: [SECRET, OTHER_SECRET], source: SOURCE, take: takeFor('contoso') },
    { name: 'fabrikam', secrets: [FABRIKAM_SECRET], source: SOURCE, take: takeFor('fabrikam') },
  ]);
  server = await listen(
    new Map([['POST /intake/alerts', intake]]),
    { host: '127.0.0.1', port: 0 },
    {
      refused: (route, why) => refusals.push(`${route}: ${why}`),
      failed: () => undefined,
      answered: () => undefined,
    },
  );
});
afterAll(() => server.close());
beforeEach(() => {
  taken = [];
  refusals = [];
  broken = false;
});

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Record<string, unknown>;
}

async function post(body: string | Buffer, sending: Sending = {}): Promise<Answer> {
  const all: Record<string, string | undefined> = { ...signed(body, sending), ...sending.headers };
  const headers = Object.fromEntries(
    Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const method = sending.method ?? 'POST';
  const response = await fetch(new URL(sending.path ?? '/intake/alerts', server.url), {
    method,
    headers,
    ...(method === 'GET' ? {} : { body: new Uint8Array(Buffer.from(body)) }),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: (await response.json()) as Record<string, unknown>,
  };
}

describe('an alert that is taken', () => {
  it('is signed with the current secret', async () => {
    expect(await post(good())).toMatchObject({ status: 202, body: { incident: 'CB-0001', created: true } });
  });

  it('may be signed with the secret that is being rotated out', async () => {
    expect((await post(good(), { secret: OTHER_SECRET })).status).toBe(202);
  });

  it('may carry signatures of several secrets', async () => {
    const both = `${signed(good(), { secret: STRANGER_SECRET })['webhook-signature']} ${signed(good())['webhook-signature']}`;
    expect((await post(good(), { headers: { 'webhook-signature': both } })).status).toBe(202);
  });

  it('goes to the tenant whose secret signed it', async () => {
    await post(good(), { id: 'a' });
    await post(good(), { id: 'b', secret: FABRIKAM_SECRET });
    expect(taken.map(({ tenant }) => tenant)).toEqual(['contoso', 'fabrikam']);
  });

  it('is checked over its bytes, odd blanks and foreign letters included', async () => {
    const body = ` \r\n\t${JSON.stringify(alertOf({}, { subject: 'Größe 你好 👩‍💻 \u2028' }), null, 3)}\n\n `;
    expect([(await post(body)).status, taken[0]?.alert.message.subject]).toEqual([202, 'Größe 你好 👩‍💻 \u2028']);
  });

  it('may have many links', async () => {
    const urls = Array.from({ length: 5_000 }, (_none, n) => `https://e${n}.example/`);
    expect((await post(JSON.stringify(alertOf({}, { urls })))).status).toBe(202);
  });

  it.each(hostileTexts().filter((text) => text.length < 1_000))(
    'may have any text as subject and name: %j',
    async (text) => {
      const body = JSON.stringify(alertOf({}, { subject: text, senderName: text }));
      expect([(await post(body)).status, taken[0]?.alert.message.subject]).toEqual([202, text]);
    },
  );
});

describe('an alert with an odd field', () => {
  it.each<[string, () => string, RegExp]>([
    ['an unknown field', () => good().replace(/^\{/, '{"isApprover":true,'), /isApprover/],
    ['what would change the prototype', () => good().replace(/^\{/, '{"__proto__":{"isApprover":true},'), /__proto__/],
    [
      'what would change the prototype further down',
      () => good().replace('"message":{', '"message":{"__proto__":{"sender":"x@y.example"},'),
      /^message: .*__proto__/,
    ],
    ['U+0000 in its id', () => JSON.stringify({ ...alertOf(), id: 'a\u0000b' }), /^id: /],
    ['half a character in its source', () => good().replace('"test detector"', '"\\ud800"'), /^source: /],
    [
      'a recipient that is none',
      () => JSON.stringify({ ...alertOf(), recipients: ['ok@x.example', 'not one'] }),
      /^recipients: /,
    ],
    [
      '20,000 nested lists',
      () => good().replace(/"findings":\[\]/, `"findings":${'['.repeat(20_000)}${']'.repeat(20_000)}`),
      /^findings: /,
    ],
  ])('is taken without it, and says so: %s', async (_name, body, finding) => {
    const { status } = await post(body());
    expect([status, taken[0]?.alert.findings.some((text) => finding.test(text))]).toEqual([202, true]);
  });

  it('without an id is known by the id of its delivery', async () => {
    await post(JSON.stringify({ ...alertOf(), id: undefined }), { id: 'delivery-9' });
    expect(taken[0]?.alert.id).toBe('delivery-9');
  });

  it('hands on that a reporter cannot be read', async () => {
    await post(JSON.stringify({ ...alertOf(), reporter: 'Emma' }));
    expect(taken[0]?.alert).toMatchObject({ reporter: null, unreadablePeople: true, leftOut: 0 });
  });
});

/** Name, body, how it is sent, status and problem type. */
const REFUSED: readonly [string, () => string | Buffer, (body: string | Buffer) => Sending, number, string][] = [
  ['signed by a stranger', good, () => ({ secret: STRANGER_SECRET }), 401, 'bad-signature'],
  ['without an id', good, () => ({ headers: { 'webhook-id': undefined } }), 401, 'unsigned'],
  ['without a timestamp', good, () => ({ headers: { 'webhook-timestamp': undefined } }), 401, 'unsigned'],
  ['without a signature', good, () => ({ headers: { 'webhook-signature': undefined } }), 401, 'unsigned'],
  ['with an empty signature', good, () => ({ headers: { 'webhook-signature': '' } }), 401, 'unsigned'],
  [
    'with a signature of another scheme',
    good,
    () => ({ headers: { 'webhook-signature': 'v1a,AAAA' } }),
    401,
    'bad-signature',
  ],
  ['with the word v1 alone', good, () => ({ headers: { 'webhook-signature': 'v1' } }), 401, 'bad-signature'],
  ['with an empty v1', good, () => ({ headers: { 'webhook-signature': 'v1,' } }), 401, 'bad-signature'],
  ['signed six minutes ago', good, () => ({ at: new Date(Date.now() - 360_000) }), 401, 'bad-signature'],
  ['signed six minutes ahead', good, () => ({ at: new Date(Date.now() + 360_000) }), 401, 'bad-signature'],
  [
    'with letters after the timestamp',
    good,
    (body) => ({ headers: { 'webhook-timestamp': `${signed(body)['webhook-timestamp']}abc` } }),
    401,
    'unsigned',
  ],
  [
    'with a timestamp in milliseconds',
    good,
    () => ({ headers: { 'webhook-timestamp': String(Date.now()) } }),
    401,
    'unsigned',
  ],
  ['with a negative timestamp', good, () => ({ headers: { 'webhook-timestamp': '-1700000000' } }), 401, 'unsigned'],
  [
    'with a thousand signatures',
    good,
    (body) => ({ headers: { 'webhook-signature': `${'v1,AAAA '.repeat(999)}${signed(body)['webhook-signature']}` } }),
    401,
    'unsigned',
  ],
  ['with an id of 201 characters', good, () => ({ id: 'x'.repeat(201) }), 401, 'unsigned'],
  ['with a blank in its id', good, () => ({ id: 'a b' }), 401, 'unsigned'],
  [
    'with the signature of another id',
    good,
    (body) => ({ headers: { 'webhook-signature': signed(body, { id: 'other' })['webhook-signature'] } }),
    401,
    'bad-signature',
  ],
  ['with the signature of another body', good, () => ({ headers: signed(`${good()} `) }), 401, 'bad-signature'],
  [
    'with bytes that are no text',
    () => Buffer.concat([Buffer.from('{"id":"'), Buffer.of(0xff, 0xc0, 0x80), Buffer.from('"}')]),
    () => ({}),
    400,
    'not-json',
  ],
  ['that is not JSON', () => 'verdict=phishing', () => ({}), 400, 'not-json'],
  ['that is empty', () => '', () => ({}), 400, 'not-json'],
  ['that ends too early', () => good().slice(0, -1), () => ({}), 400, 'not-json'],
  ['that is JSON twice', () => good() + good(), () => ({}), 400, 'not-json'],
  ['that is a list', () => '[]', () => ({}), 422, 'invalid-alert'],
  ['that is null', () => 'null', () => ({}), 422, 'invalid-alert'],
  [
    'of 2.1 megabytes',
    () => JSON.stringify(alertOf({}, { subject: 'x' })) + ' '.repeat(2_100_000),
    () => ({}),
    413,
    'too-large',
  ],
  ['of three megabytes', () => 'x'.repeat(3_000_000), () => ({}), 413, 'too-large'],
  ['one byte too long', () => good().padEnd(MAX_ALERT_BYTES + 1, ' '), () => ({}), 413, 'too-large'],
  ['sent with another method', good, () => ({ method: 'PUT' }), 405, 'method'],
  ['asked for', () => '', () => ({ method: 'GET' }), 405, 'method'],
  ['sent elsewhere', good, () => ({ path: '/intake/alerts/' }), 404, 'not-found'],
  ['sent to a path with dots', good, () => ({ path: '/x/../intake' }), 404, 'not-found'],
];

describe('an alert that is refused', () => {
  it.each(REFUSED)('%s', async (_name, body, sending, status, type) => {
    const bytes = body();
    const answer = await post(bytes, sending(bytes));
    expect([answer.status, answer.body['type']]).toEqual([status, `urn:clawback:problem:${type}`]);
  });

  it.each(REFUSED)('%s: is told as a problem', async (_name, body, sending, status) => {
    const bytes = body();
    const { type, body: problem } = await post(bytes, sending(bytes));
    expect([type, problem]).toEqual([
      'application/problem+json',
      expect.objectContaining({ title: expect.stringMatching(/./), status, detail: expect.stringMatching(/./) }),
    ]);
  });

  it.each(REFUSED)('%s: reaches nobody', async (_name, body, sending) => {
    const bytes = body();
    await post(bytes, sending(bytes));
    expect([taken.length, refusals.length]).toEqual([0, 1]);
  });

  it('names what is missing', async () => {
    const answer = await post(JSON.stringify({ id: '1', recipients: ['not one'] }));
    expect(answer.body['errors']).toEqual(
      expect.arrayContaining([{ field: 'recipients', problem: expect.stringContaining('mail addresses') }]),
    );
  });

  it('does not repeat what was wrong in it without end', async () => {
    const answer = await post(JSON.stringify({ recipients: Array(9_000).fill('x') }));
    expect([answer.status, JSON.stringify(answer.body).length < 8_000]).toEqual([422, true]);
  });

  it('after 20,000 nested lists the server still answers', async () => {
    const answer = await post(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect([answer.status, (await post(good(), { id: 'next' })).status]).toEqual([422, 202]);
  });

  it('a delivery sent again is told as a replay, with its incident', async () => {
    await post(good());
    expect(await post(good())).toMatchObject({
      status: 409,
      body: { incident: 'CB-0001', type: 'urn:clawback:problem:replayed' },
    });
  });

  it('the id of one tenant is free for another', async () => {
    await post(good());
    expect((await post(good(), { secret: FABRIKAM_SECRET })).status).toBe(202);
  });

  it('a wrong method is told which one is right', async () => {
    const response = await fetch(new URL('/intake/alerts', server.url), { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('an alert that could not be stored is not answered as taken, and can be sent again', async () => {
    broken = true;
    const first = await post(good());
    broken = false;
    expect([first.status, first.type, (await post(good())).status]).toEqual([500, 'application/problem+json', 202]);
  });

  it('an internal failure tells nothing of the inside', async () => {
    broken = true;
    expect(JSON.stringify((await post(good())).body)).not.toContain('database');
  });

  it('a sender that goes away in the middle leaves the server working', async () => {
    await new Promise<void>((resolve) => {
      const request = http.request(new URL('/intake/alerts', server.url), {
        method: 'POST',
        headers: { 'content-length': '1000' },
      });
      request.on('error', () => resolve());
      request.write('{', () => request.destroy(new Error('gone')));
    });
    expect((await post(good())).status).toBe(202);
  });

  it('a header given twice is not taken', async () => {
    const { status } = await new Promise<{ status: number }>((resolve, reject) => {
      const headers = signed(good());
      const request = http.request(
        new URL('/intake/alerts', server.url),
        { method: 'POST', headers: { ...headers, 'webhook-id': [headers['webhook-id'], 'delivery-2'] } },
        (response) => {
          response.resume();
          resolve({ status: response.statusCode ?? 0 });
        },
      );
      request.on('error', reject);
      request.end(good());
    });
    expect(status).toBe(401);
  });
});
