import { createHash } from 'node:crypto';
import http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIntake, type TakeAlert } from '../../src/adapters/http/intake.ts';
import { type Listening, listen } from '../../src/adapters/http/server.ts';
import { clawback } from '../../src/adapters/sources/clawback/clawback.ts';
import type { ToldAlert } from '../../src/core/find/alert-reader.ts';
import { hostileTexts } from '../support/card-pictures/hostile.ts';
import { OTHER_SECRET, SECRET } from '../support/configuration.ts';
import { REFUSED, STRANGER_SECRET } from '../support/refused-alerts.ts';
import { good, type Sending, sentAlert, signed } from '../support/signed-alerts.ts';
import { SOURCE } from '../support/source.ts';

const FABRIKAM_SECRET = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const DEFENDER_SECRET = `whsec_${Buffer.alloc(24, 10).toString('base64')}`;

let server: Listening;
let taken: { tenant: string; alert: ToldAlert; id: string; source: string; body: string }[] = [];
let refusals: string[] = [];
let broken = false;

beforeAll(async () => {
  const takeFor =
    (tenant: string): TakeAlert =>
    (alert, { id, source, body }) => {
      if (broken) return Promise.reject(new Error('the database is gone'));
      const before = taken.find((one) => one.id === id && one.tenant === tenant);
      if (before && before.body !== body) return Promise.resolve({ kind: 'reused', incident: 'CB-0001' });
      if (before) return Promise.resolve({ kind: 'replayed', incident: 'CB-0001', created: true });
      taken.push({ tenant, alert, id, source: source.name, body });
      return Promise.resolve({ kind: 'accepted', incident: 'CB-0001', created: true });
    };
  const intake = createIntake(clawback.push, [
    {
      name: 'contoso',
      sources: [
        { source: SOURCE, secrets: [SECRET, OTHER_SECRET] },
        { source: { ...SOURCE, name: 'defender' }, secrets: [DEFENDER_SECRET] },
      ],
      take: takeFor('contoso'),
    },
    { name: 'fabrikam', sources: [{ source: SOURCE, secrets: [FABRIKAM_SECRET] }], take: takeFor('fabrikam') },
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

  it('comes from the source whose secret signed it, whatever it calls itself', async () => {
    const posing = JSON.stringify(sentAlert({ source: 'defender' }));
    await post(posing, { id: 'a' });
    await post(posing, { id: 'b', secret: DEFENDER_SECRET });
    expect(taken.map(({ source, alert }) => [source, alert.source])).toEqual([
      ['test', 'defender'],
      ['defender', 'defender'],
    ]);
  });

  it('is known by the SHA-256 of its bytes', async () => {
    await post(good());
    expect(taken[0]?.body).toBe(createHash('sha256').update(good()).digest('hex'));
  });

  it('is checked over its bytes, odd blanks and foreign letters included', async () => {
    const body = ` \r\n\t${JSON.stringify(sentAlert({}, { subject: 'Größe 你好 👩‍💻 \u2028' }), null, 3)}\n\n `;
    expect([(await post(body)).status, taken[0]?.alert.message.subject]).toEqual([202, 'Größe 你好 👩‍💻 \u2028']);
  });

  it('may have many links', async () => {
    const urls = Array.from({ length: 5_000 }, (_none, n) => `https://e${n}.example/`);
    expect((await post(JSON.stringify(sentAlert({}, { urls })))).status).toBe(202);
  });

  it.each(hostileTexts().filter((text) => text.length < 1_000))(
    'may have any text as subject and name: %j',
    async (text) => {
      const body = JSON.stringify(sentAlert({}, { subject: text, senderName: text }));
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
    ['U+0000 in its id', () => JSON.stringify({ ...sentAlert(), id: 'a\u0000b' }), /^id: /],
    ['half a character in its source', () => good().replace('"test detector"', '"\\ud800"'), /^source: /],
    [
      'a recipient that is none',
      () => JSON.stringify({ ...sentAlert(), recipients: ['ok@x.example', 'not one'] }),
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
    await post(JSON.stringify({ ...sentAlert(), id: undefined }), { id: 'delivery-9' });
    expect(taken[0]?.alert.id).toBe('delivery-9');
  });

  it('hands on that a reporter cannot be read', async () => {
    await post(JSON.stringify({ ...sentAlert(), reporter: 'Emma' }));
    expect(taken[0]?.alert).toMatchObject({ reporter: null, unreadablePeople: true, leftOut: 0 });
  });
});

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
