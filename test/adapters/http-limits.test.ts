import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { healthz } from '../../src/adapters/http/health.ts';
import { createIntake } from '../../src/adapters/http/intake.ts';
import { createLimits, gated, type LimitOptions, sifted } from '../../src/adapters/http/limits.ts';
import { sendJson } from '../../src/adapters/http/problem.ts';
import { type Handler, listen } from '../../src/adapters/http/server.ts';
import { stopRoute } from '../../src/adapters/http/stop.ts';
import { clawback } from '../../src/adapters/sources/clawback/clawback.ts';
import { OTHER_SECRET, SECRET } from '../support/configuration.ts';
import { good, type Sending, signed } from '../support/signed-alerts.ts';
import { SOURCE } from '../support/source.ts';

const MINUTE = 60_000;
const NOISY = { ...SOURCE, name: 'noisy' };
const NOISY_SECRET = `whsec_${Buffer.alloc(24, 11).toString('base64')}`;

/** The minutes pass when a test says so; sockets and timers go on as they are. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function minutes(n: number): void {
  vi.setSystemTime(Date.now() + n * MINUTE);
}

/** A server with pages (good, refused, broken), the intake of two tenants, and health: as they are wired. */
async function limited(options: Partial<LimitOptions> = {}) {
  const limits = createLimits({ refusalsPerMinute: 3, alertsPerMinute: 2, trustProxy: 0, ...options });
  const asked: string[] = [];
  const refusals: string[] = [];
  const page = (answer: (res: Parameters<Handler>[1]) => string | null): Handler =>
    gated(limits, 'pages', (req, res) => {
      asked.push(req.url ?? '');
      return Promise.resolve(answer(res));
    });
  const take = () => Promise.resolve({ kind: 'accepted', incident: 'CB-1', created: true } as const);
  const stop = () => Promise.resolve({ kind: 'accepted', stopped: true } as const);
  const tenants = [
    {
      name: 'contoso',
      sources: [
        { source: SOURCE, secrets: [SECRET] },
        { source: NOISY, secrets: [NOISY_SECRET] },
      ],
    },
    { name: 'fabrikam', sources: [{ source: SOURCE, secrets: [OTHER_SECRET] }] },
  ];
  const server = await listen(
    new Map<string, Handler>([
      [
        'GET /good',
        page((res) => {
          sendJson(res, 200, {});
          return null;
        }),
      ],
      [
        'GET /refused',
        page((res) => {
          sendJson(res, 401, {});
          return 'no signature';
        }),
      ],
      ['GET /broken', gated(limits, 'pages', () => Promise.reject(new Error('the database is gone')))],
      ['GET /healthz', healthz],
      [
        'POST /intake/alerts',
        sifted(
          limits,
          'intake',
          createIntake(
            clawback.push,
            tenants.map((one) => ({ ...one, take })),
            limits,
          ),
        ),
      ],
      [
        'POST /intake/stop',
        sifted(
          limits,
          'intake',
          stopRoute(
            clawback.push,
            tenants.map((one) => ({ ...one, stop })),
          ),
        ),
      ],
    ]),
    { host: '127.0.0.1', port: 0 },
    { refused: (route) => refusals.push(route), failed: () => undefined, answered: () => undefined },
    (notHere) => gated(limits, 'other', notHere),
  );
  onTestFinished(() => server.close());
  const get = async (path: string, forwardedFor?: string) => {
    const headers: Record<string, string> = forwardedFor === undefined ? {} : { 'X-Forwarded-For': forwardedFor };
    return (await fetch(new URL(path, server.url), { headers })).status;
  };
  const times = async (n: number, path: string, forwardedFor?: string) => {
    const statuses: number[] = [];
    for (let i = 0; i < n; i += 1) statuses.push(await get(path, forwardedFor));
    return statuses;
  };
  const sent =
    (path: string, body: string) =>
    (id: string, sending: Sending = {}) =>
      fetch(new URL(path, server.url), {
        method: 'POST',
        body,
        headers: signed(body, { id, at: new Date(), ...sending }),
      });
  const alert = sent('/intake/alerts', good());
  const stopped = sent('/intake/stop', JSON.stringify({ reason: 'now' }));
  return { server, asked, refusals, get, times, alert, stopped };
}

describe('an address whose pages are refused too often', () => {
  test('is answered 429 for all of them until the minute is over', async () => {
    const { times, get } = await limited();
    expect(await times(4, '/refused')).toEqual([401, 401, 401, 429]);
    expect(await get('/good')).toBe(429);
    minutes(1);
    expect(await times(2, '/good')).toEqual([200, 200]);
  });

  test('is told as a problem how long to wait, and nobody looks at the request', async () => {
    const { times, server, asked, refusals } = await limited();
    await times(3, '/refused');
    const response = await fetch(new URL('/good', server.url));
    expect(await response.json()).toMatchObject({ status: 429, type: 'urn:clawback:problem:too-many-refused' });
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect([asked.length, refusals.length]).toEqual([3, 3]);
  });

  test('does not wait longer for asking again and again', async () => {
    const { times } = await limited();
    await times(3, '/refused');
    vi.setSystemTime(Date.now() + MINUTE / 2);
    await times(20, '/refused');
    vi.setSystemTime(Date.now() + MINUTE / 2);
    expect(await times(1, '/good')).toEqual([200]);
  });

  test('is never one whose requests were good, or failed because of us', async () => {
    const { times, get } = await limited();
    expect(await times(10, '/good')).toEqual(Array(10).fill(200));
    expect(await times(10, '/broken')).toEqual(Array(10).fill(500));
    expect(await get('/good')).toBe(200);
  });
});

describe('an address that asks for what is not there', () => {
  test('is answered 429 in the end, and has pages, health and alerts all the same', async () => {
    const { times, get, alert } = await limited();
    expect(await times(4, '/wp-login.php')).toEqual([404, 404, 404, 429]);
    expect([await get('/good'), await get('/healthz'), (await alert('a')).status]).toEqual([200, 200, 202]);
  });

  test('and everything that it makes up, is one word in the books', async () => {
    const { times, refusals, server } = await limited({ refusalsPerMinute: 100 });
    await times(1, '/a');
    await times(1, '/b');
    await fetch(new URL('/good', server.url), { method: 'DELETE' });
    await fetch(new URL('/good', server.url), { method: 'PROPFIND' });
    expect(refusals).toEqual(['other', 'other', 'other', 'other']);
  });

  test('never loses sight of whether we live', async () => {
    const { times } = await limited();
    await times(20, '/nothing');
    expect(new Set(await times(20, '/healthz'))).toEqual(new Set([200]));
  });
});

describe('an address that sends alerts nobody signed', () => {
  const forged = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
  const junk = async ({ alert }: Awaited<ReturnType<typeof limited>>, n: number) => {
    const statuses: number[] = [];
    for (let i = 0; i < n; i += 1) statuses.push((await alert(`forged-${i}`, { secret: forged })).status);
    return statuses;
  };

  test('is told to wait, and is on the record no more', async () => {
    const site = await limited();
    expect(await junk(site, 6)).toEqual([401, 401, 401, 429, 429, 429]);
    expect(site.refusals).toHaveLength(3);
  });

  test('is told to wait as well without any signature', async () => {
    const site = await limited();
    await junk(site, 3);
    const answer = await fetch(new URL('/intake/alerts', site.server.url), { method: 'POST', body: good() });
    expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([429, true]);
  });

  test('is still listened to where it signs: a detector behind the same proxy is not silenced', async () => {
    const site = await limited();
    await junk(site, 50);
    expect((await site.alert('genuine')).status).toBe(202);
  });

  test('does not keep a signed stop from stopping', async () => {
    const site = await limited();
    await junk(site, 50);
    expect((await site.stopped('genuine')).status).toBe(200);
    expect((await site.stopped('forged', { secret: forged })).status).toBe(429);
  });

  test('does not keep its neighbours from the sign-in pages', async () => {
    const site = await limited();
    await junk(site, 50);
    expect(await site.get('/good')).toBe(200);
  });
});

describe('behind a proxy', () => {
  test('every client is an address of its own', async () => {
    const { times, get } = await limited({ trustProxy: 1 });
    await times(3, '/refused', '203.0.113.7');
    expect([await get('/good', '203.0.113.7'), await get('/good', '203.0.113.8')]).toEqual([429, 200]);
  });

  test('what a client wrote in front changes nothing', async () => {
    const { get } = await limited({ trustProxy: 1 });
    const statuses: number[] = [];
    for (let n = 1; n <= 4; n += 1) statuses.push(await get('/refused', `198.51.100.${n}, 203.0.113.7`));
    expect(statuses).toEqual([401, 401, 401, 429]);
  });

  test('with two proxies the one before the last entry is the client', async () => {
    const { times, get } = await limited({ trustProxy: 2 });
    await times(3, '/refused', '1.1.1.1, 203.0.113.7, 10.0.0.1');
    expect(await get('/good', '203.0.113.7, 10.0.0.2')).toBe(429);
    expect(await get('/good', '203.0.113.8, 10.0.0.1')).toBe(200);
  });

  test('without the header the proxy itself is the client', async () => {
    const { times } = await limited({ trustProxy: 1 });
    expect(await times(4, '/refused')).toEqual([401, 401, 401, 429]);
  });

  test('that nobody configured, the header is not believed', async () => {
    const { times, get } = await limited({ trustProxy: 0 });
    await times(3, '/refused', '203.0.113.7');
    expect(await get('/good', '203.0.113.8')).toBe(429);
  });

  test.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:aaaa:bbbb:cccc:dddd', 429],
    ['2001:db8:1:2::1', '2001:0DB8:0001:0002::9', 429],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', 200],
    ['2001:db8::1', '2001:db8:0:0:1::', 429],
    ['fe80::1%eth0', 'fe80::2', 429],
    ['::ffff:203.0.113.7', '::ffff:203.0.113.8', 200],
    ['::1', '2001:db8::1', 200],
  ])('after refusals to %s, %s gets %i: an IPv6 network is one address', async (first, second, status) => {
    const { times, get } = await limited({ trustProxy: 1 });
    await times(3, '/refused', first);
    expect(await get('/good', second)).toBe(status);
  });
});

describe('alerts of one source', () => {
  test('above its number in a minute have to wait, and may then be sent again', async () => {
    const { alert } = await limited();
    const first = [await alert('a'), await alert('b'), await alert('c')];
    expect(first.map(({ status }) => status)).toEqual([202, 202, 429]);
    expect(Number(first[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await first[2]?.json()).toMatchObject({ type: 'urn:clawback:problem:too-many' });
    minutes(1);
    expect((await alert('c')).status).toBe(202);
  });

  test('do not hold up those of another source of the tenant', async () => {
    const { alert } = await limited();
    for (const id of ['a', 'b', 'c']) await alert(id, { secret: NOISY_SECRET });
    expect((await alert('d')).status).toBe(202);
  });

  test('do not hold up those of another tenant', async () => {
    const { alert } = await limited();
    for (const id of ['a', 'b', 'c']) await alert(id);
    expect((await alert('d', { secret: OTHER_SECRET })).status).toBe(202);
  });

  test('are not used up by somebody who repeats one of them', async () => {
    const { alert } = await limited();
    for (let n = 0; n < 10; n += 1) expect((await alert('a')).status).toBe(202);
    expect((await alert('b')).status).toBe(202);
    expect((await alert('c')).status).toBe(429);
  });

  test('are not used up by strangers', async () => {
    const { alert } = await limited({ refusalsPerMinute: 100 });
    const forged = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
    for (let n = 0; n < 10; n += 1) await alert(`forged-${n}`, { secret: forged });
    expect((await alert('a')).status).toBe(202);
  });
});
