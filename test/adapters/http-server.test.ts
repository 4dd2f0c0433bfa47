import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createIntake, MAX_ALERT_BYTES } from '../../src/adapters/http/intake.ts';
import { createLimits, gated } from '../../src/adapters/http/limits.ts';
import { sendJson } from '../../src/adapters/http/problem.ts';
import { type Handler, type Listening, listen } from '../../src/adapters/http/server.ts';
import { clawback } from '../../src/adapters/sources/clawback/clawback.ts';
import { ClawbackError } from '../../src/core/error.ts';
import { SECRET } from '../support/configuration.ts';
import { good, signed } from '../support/signed-alerts.ts';
import { SOURCE } from '../support/source.ts';

const QUIET = { refused: () => undefined, failed: () => undefined, answered: () => undefined };

async function serve(at: Parameters<typeof listen>[1], elsewhere?: Parameters<typeof listen>[3]): Promise<Listening> {
  const take = () => Promise.resolve({ kind: 'accepted', incident: 'CB-1', created: true } as const);
  const routes = new Map<string, Handler>([
    [
      'POST /intake/alerts',
      createIntake(clawback.push, [{ name: 'contoso', sources: [{ source: SOURCE, secrets: [SECRET] }], take }]),
    ],
    ['POST /broken', () => Promise.reject(new Error('a bug'))],
    ['POST /away', () => Promise.reject(new ClawbackError('unavailable', 'the database cannot be reached just now'))],
    [
      'GET /good',
      (_req, res) => {
        sendJson(res, 200, {});
        return Promise.resolve(null);
      },
    ],
  ]);
  const server = await listen(routes, at, QUIET, elsewhere);
  onTestFinished(() => server.close());
  return server;
}

const LOOPBACK = { host: '127.0.0.1', port: 0 };
/** One address that is not there is one too many. */
const strict = (notHere: Handler) =>
  gated(createLimits({ refusalsPerMinute: 1, alertsPerMinute: 1, trustProxy: 0 }), 'other', notHere);

/** Announces far more than it ever sends, and waits for the server to end the connection. */
function announce(server: Listening, path: string, headers: Record<string, string> = {}): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const all = { Host: 'clawback.example', 'Content-Length': '50000000', ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname);
    let heard = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      heard += text;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(heard.split('\r\n')[0] ?? ''));
    socket.write([`POST ${path} HTTP/1.1`, ...head, '', 'x'.repeat(100)].join('\r\n'));
  });
}

test('what passes by itself is said as such: whoever sent it is to come again', async () => {
  const server = await serve(LOOPBACK);
  const answer = await fetch(new URL('/away', server.url), { method: 'POST' });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
  expect(await answer.text()).not.toContain('database');
});

describe('a body that nobody wants', () => {
  test('is not waited for at an address that is not there', async () => {
    expect(await announce(await serve(LOOPBACK), '/nothing')).toContain('404');
  });

  test('is not waited for with a method that is not taken', async () => {
    expect(await announce(await serve(LOOPBACK), '/good')).toContain('405');
  });

  test('is not waited for when the delivery does not even say that it is signed', async () => {
    expect(await announce(await serve(LOOPBACK), '/intake/alerts')).toContain('401');
  });

  test('is not waited for when it says itself that it is too large, however well it is signed', async () => {
    expect(await announce(await serve(LOOPBACK), '/intake/alerts', signed(good()))).toContain('413');
  });

  test('is not waited for when something broke before it was read', async () => {
    expect(await announce(await serve(LOOPBACK), '/broken')).toContain('500');
  });

  test('is not waited for from an address that was refused too often', async () => {
    const server = await serve(LOOPBACK, strict);
    await announce(server, '/nothing');
    expect(await announce(server, '/nothing')).toContain('429');
  });
});

test('what was answered is known by its route, and everything that is not there by one word', async () => {
  const answered: string[] = [];
  const refused: string[] = [];
  const server = await listen(
    new Map<string, Handler>([
      [
        'GET /good',
        (_req, res) => {
          sendJson(res, 200, {});
          return Promise.resolve(null);
        },
      ],
    ]),
    LOOPBACK,
    {
      refused: (route, why) => refused.push(`${route}: ${why}`),
      failed: () => undefined,
      answered: (route, status) => answered.push(`${route} ${status}`),
    },
  );
  onTestFinished(() => server.close());
  for (const path of ['/good', '/good?x=1', '/made-up', '//evil.example/good']) await fetch(`${server.url}${path}`);
  await fetch(`${server.url}/good`, { method: 'DELETE' });
  await expect.poll(() => answered.length).toBe(5);
  expect(answered).toEqual(['GET /good 200', 'GET /good 200', 'other 404', 'GET /good 200', 'other 405']);
  expect(refused).toEqual(['other: no such address', 'other: no such address']);
});

test('a body of unknown size is read to the limit and no further', async () => {
  const server = await serve(LOOPBACK);
  const status = await new Promise<number>((resolve, reject) => {
    const headers = { ...signed(good()), 'transfer-encoding': 'chunked' };
    const sent = http.request(new URL('/intake/alerts', server.url), { method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.write('x'.repeat(MAX_ALERT_BYTES + 1));
  });
  expect(status).toBe(413);
});

test('a connection that sent a small body to the end can be used again', async () => {
  const server = await serve(LOOPBACK);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const post = (path: string) =>
    new Promise<{ status: number; reused: boolean }>((resolve, reject) => {
      const request = http.request(
        new URL(path, server.url),
        { method: 'POST', agent, headers: signed(good()) },
        (res) => {
          res.resume().on('end', () => resolve({ status: res.statusCode ?? 0, reused: request.reusedSocket }));
        },
      );
      request.on('error', reject).end(good());
    });
  expect([await post('/intake/alerts'), await post('/intake/alerts')]).toEqual([
    { status: 202, reused: false },
    { status: 202, reused: true },
  ]);
});

test('whoever has the operator’s socket is never kept waiting', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'clawback-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const socketPath = join(folder, 'operator.sock');
  await serve({ socket: socketPath });
  const get = (path: string) =>
    new Promise<number>((resolve, reject) => {
      http
        .get({ socketPath, path }, (res) => {
          res.resume().on('end', () => resolve(res.statusCode ?? 0));
        })
        .on('error', reject);
    });
  expect([await get('/nothing'), await get('/nothing'), await get('/good')]).toEqual([404, 404, 200]);
});
