import { describe, expect, onTestFinished, test } from 'vitest';
import { createMetrics } from '../../src/adapters/http/health.ts';
import { createLimits, sifted } from '../../src/adapters/http/limits.ts';
import { ownMonitoring, publicMetrics, publicMonitoring } from '../../src/adapters/http/monitor.ts';
import { type Handler, listen, type Routes } from '../../src/adapters/http/server.ts';

const TOKEN = 'a-token-for-monitoring';
const QUIET = { refused: () => undefined, failed: () => undefined, answered: () => undefined };
const CHECKS = {
  database: () => Promise.resolve(null),
  'graph contoso': () => Promise.reject(new Error('AADSTS700027: the certificate of contoso has expired')),
};

async function serve(routes: Routes) {
  const server = await listen(routes, { host: '127.0.0.1', port: 0 }, QUIET);
  onTestFinished(() => server.close());
  return async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const response = await fetch(new URL(path, server.url), { headers, method });
    return { status: response.status, text: await response.text() };
  };
}

function outside(token: string | null) {
  const limits = createLimits({ refusalsPerMinute: 3, alertsPerMinute: 2, trustProxy: 0 });
  return serve(
    new Map<string, Handler>([
      ...publicMonitoring(CHECKS, token),
      ...(token ? ([['GET /metrics', sifted(limits, 'other', publicMetrics(createMetrics(), token))]] as const) : []),
    ]),
  );
}

describe('to everybody', () => {
  test('it lives', async () => {
    const get = await outside(null);
    expect(await get('/healthz')).toEqual({ status: 200, text: '{"status":"ok"}' });
    expect((await get('/healthz', {}, 'HEAD')).status).toBe(200);
  });

  test('it is ready or it is not, and nothing is told of tenants and errors', async () => {
    const get = await outside(TOKEN);
    expect(await get('/readyz')).toEqual({ status: 503, text: '{"ready":false}' });
    expect(await get('/readyz', {}, 'HEAD')).toEqual({ status: 503, text: '' });
  });

  test('there are no numbers, with a token to be had or without', async () => {
    const answers = [await (await outside(null))('/metrics'), await (await outside(TOKEN))('/metrics')];
    expect(answers.map(({ status, text }) => [status, text.includes('clawback_')])).toEqual([
      [404, false],
      [404, false],
    ]);
  });

  test.each([
    ['another token', { authorization: `Bearer ${TOKEN}x` }],
    ['a part of the token', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['the token without its scheme', { authorization: TOKEN }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['an address on this machine, it says', { 'x-forwarded-for': '127.0.0.1' }],
  ])('with %s: the same', async (_what, headers) => {
    const get = await outside(TOKEN);
    const answers = [await get('/metrics', headers), await get('/readyz', headers)];
    expect(answers.map(({ status }) => status)).toEqual([404, 503]);
    expect(answers[1]?.text).toBe('{"ready":false}');
  });

  test('who guesses tokens is told to wait; who has it is not', async () => {
    const get = await outside(TOKEN);
    const guesses = [];
    for (let n = 0; n < 5; n += 1) guesses.push((await get('/metrics', { authorization: `Bearer ${n}` })).status);
    expect(guesses).toEqual([404, 404, 404, 429, 429]);
    expect((await get('/metrics', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
  });
});

describe('with the token', () => {
  const headers = { authorization: `Bearer ${TOKEN}` };

  test('there are numbers', async () => {
    const { status, text } = await (await outside(TOKEN))('/metrics', headers);
    expect([status, text.includes('process_cpu_seconds_total')]).toEqual([200, true]);
  });

  test('it is told what is wrong', async () => {
    const { text } = await (await outside(TOKEN))('/readyz', headers);
    expect(JSON.parse(text)).toEqual({
      ready: false,
      checks: { database: 'ok', 'graph contoso': expect.stringContaining('has expired') },
    });
  });
});

test('at the port for monitoring everything is told', async () => {
  const get = await serve(ownMonitoring(CHECKS, createMetrics()));
  const answers = await Promise.all(['/healthz', '/readyz', '/metrics'].map((path) => get(path)));
  expect(answers.map(({ status }) => status)).toEqual([200, 503, 200]);
  expect(answers[1]?.text).toContain('graph contoso');
});

test('what is worth a look keeps nobody away', async () => {
  const clock = () => Promise.resolve({ remark: 'the clock is 40 s ahead' });
  const get = await serve(ownMonitoring({ clock }, createMetrics()));
  const { status, text } = await get('/readyz');
  expect([status, JSON.parse(text)]).toEqual([
    200,
    { ready: true, checks: { clock: 'ok, but the clock is 40 s ahead' } },
  ]);
});

test('a check that hangs hides nothing of what the others say, and it lives all the same', async () => {
  const checks = { hangs: () => new Promise<null>(() => undefined), database: () => Promise.resolve('takes nothing') };
  const get = await serve(ownMonitoring(checks, createMetrics()));
  const asked = get('/readyz');
  expect((await get('/livez')).status).toBe(200);
  const { status, text } = await asked;
  expect([status, JSON.parse(text).checks]).toEqual([
    503,
    { hangs: 'no answer within 4 s', database: 'takes nothing' },
  ]);
});

test('a crowd that asks whether it is ready asks each check once', async () => {
  let asked = 0;
  let open: (answer: null) => void = () => undefined;
  const slow = () => {
    asked += 1;
    return new Promise<null>((resolve) => {
      open = resolve;
    });
  };
  const get = await serve(publicMonitoring({ slow }, null));
  const crowd = Array.from({ length: 20 }, () => get('/readyz'));
  await expect.poll(() => asked).toBe(1);
  await get('/healthz');
  open(null);
  expect(new Set((await Promise.all(crowd)).map(({ status }) => status))).toEqual(new Set([200]));
  expect(asked).toBeLessThanOrEqual(2);
});

test('how long reports wait for their answer is told by what the answer was', async () => {
  const metrics = createMetrics();
  for (const seconds of [50, 720, 90_000]) metrics.time('answer', { tenant: 'contoso', end: 'harmless' }, seconds);
  const { text } = await (await serve(ownMonitoring({}, metrics)))('/metrics');
  const within = (seconds: number) =>
    new RegExp(`clawback_answer_seconds_bucket\\{le="${seconds}",tenant="contoso",end="harmless"\\} (\\d+)`).exec(
      text,
    )?.[1];
  expect([60, 600, 900, 86_400, 259_200].map(within)).toEqual(['1', '1', '2', '2', '3']);
});

test('numbers do not grow without end, whoever chose the values', async () => {
  const metrics = createMetrics();
  for (let n = 0; n < 3_000; n += 1) metrics.count('refusals', { route: `GET /${n}`, reason: `because ${n}` });
  for (let n = 0; n < 3_000; n += 1) metrics.time('http', { route: `GET /${n}`, status: '404' }, 0.01);
  const { text } = await (await serve(ownMonitoring({}, metrics)))('/metrics');
  expect([text.length < 300_000, text.includes('route="other"'), text.includes('GET /2999')]).toEqual([
    true,
    true,
    false,
  ]);
});
