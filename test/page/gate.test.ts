import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Page, startPage } from '../../src/sandbox/page/server.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';

let sandbox: Sandbox;
let page: Page;
let kills = 0;

function kill(): Promise<void> {
  kills += 1;
  return Promise.resolve();
}

beforeAll(async () => {
  sandbox = await startSandbox({ employees: 5 });
  page = await startPage({
    sandbox,
    bot: { running: () => true, hasRun: () => true, kill },
    pagesAt: 'http://127.0.0.1:9',
    record: {
      entries: () => Promise.resolve([]),
      verify: () => Promise.resolve({ ok: true, entries: 0, fault: null }),
    },
    submit: () => Promise.resolve('CB-TEST00'),
    readMail: () => Promise.reject(new Error('the file is not a mail')),
  });
});

afterAll(async () => {
  await page?.close();
  await sandbox?.close();
});

interface Answered {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

function ask(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, page.url), { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks), headers: response.headers }),
      );
    });
    call.on('error', reject).end(body);
  });
}

async function token(): Promise<string> {
  const html = await (await fetch(page.url)).text();
  return /name="page-token" content="([^"]+)"/.exec(html)?.[1] ?? '';
}

const KILL = JSON.stringify({ do: 'kill' });

describe('who may drive the page', () => {
  test('its own client may', async () => {
    const own = { origin: new URL(page.url).origin, 'x-page-token': await token() };
    expect((await ask('POST', '/act', own, KILL)).status).toBe(200);
    expect(kills).toBe(1);
  });

  test.each([
    ['without the token', { origin: 'own' }],
    ['with a token of another start', { origin: 'own', 'x-page-token': 'a'.repeat(32) }],
    ['from a foreign page', { origin: 'https://evil.example', 'x-page-token': 'real' }],
    ['without an origin', { 'x-page-token': 'real' }],
    ['as a foreign site says the browser', { origin: 'own', 'x-page-token': 'real', 'sec-fetch-site': 'cross-site' }],
    ['under a name that only resolves to here', { host: 'evil.example', origin: 'own', 'x-page-token': 'real' }],
  ])('a request %s is refused and does nothing', async (_title, given) => {
    const before = kills;
    const real = await token();
    const headers = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        name,
        value === 'own' ? new URL(page.url).origin : value === 'real' ? real : value,
      ]),
    );
    expect((await ask('POST', '/act', headers, KILL)).status).toBe(403);
    expect(kills).toBe(before);
  });

  test('not even the page itself is given to a name that only resolves to here', async () => {
    expect((await ask('GET', '/', { host: 'evil.example' })).status).toBe(403);
  });

  test('what the client would never send is refused', async () => {
    const own = { origin: new URL(page.url).origin, 'x-page-token': await token() };
    for (const body of ['{"do":"constructor"}', '{"do":"slack.click","as":1}', '{"do":"attack","kind":"own"}', 'null'])
      expect((await ask('POST', '/act', own, body)).status).toBe(400);
  });
});

test('the page says that nothing may be loaded from elsewhere', async () => {
  const policy = String((await ask('GET', '/')).headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/https?:|\*/);
});

test('the page weighs less than 1.5 MB', async () => {
  const parts = await Promise.all(['/', '/page.js', '/page.css'].map((path) => ask('GET', path)));
  expect(parts.map(({ status }) => status)).toEqual([200, 200, 200]);
  const weight = parts.reduce((sum, { body }) => sum + body.length, 0);
  expect(weight).toBeGreaterThan(100_000);
  expect(weight).toBeLessThan(1_500_000);
});
