import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { signInRoutes } from '../../src/adapters/http/pages.ts';
import { listen } from '../../src/adapters/http/server.ts';
import type { PageAnswer, SignInFor } from '../../src/core/tell/page-words.ts';
import type { Counter } from '../../src/ports/desk.ts';
import { hostileTexts } from '../support/card-pictures/hostile.ts';
import { SIGNED_IN_AS as AS, ANSWERED as SAID, SIGN_IN_VOTE as TICKET } from '../support/sign-in-vote.ts';

const LOGIN = 'https://login.example';
const OURS = 'https://clawback.contoso.example';

let calls: string[] = [];
let refusals: string[] = [];
let failures: unknown[] = [];

beforeEach(() => {
  [calls, refusals, failures] = [[], [], []];
});

/** Notes what it is asked, and knows one ticket. */
function counterOf(tenant: string, answers: Partial<Counter> = {}): Counter {
  const note = (what: string) => calls.push(`${tenant}: ${what}`);
  return {
    look(secret) {
      if (secret.includes('\0')) return Promise.reject(new Error('PostgreSQL takes no such text'));
      return Promise.resolve(secret === 'ticket-1' ? TICKET : null);
    },
    begin: (secret, browser) => {
      note(`begin ${secret} ${browser}`);
      return Promise.resolve(secret === 'ticket-1' ? `${LOGIN}/authorize?state=state-1` : null);
    },
    back: (state, browser, answer) => {
      note(`back ${state} ${browser} ${JSON.stringify(answer)}`);
      return Promise.resolve({ code: 'confirm', as: AS, vote: TICKET, ticket: 'ticket-1' });
    },
    take: () => Promise.reject(new Error('nobody takes a list here')),
    confirm: (secret, browser) => {
      note(`confirm ${secret} ${browser}`);
      return Promise.resolve(SAID);
    },
    ...answers,
  };
}

interface Site {
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  readonly post: (path: string, fields: Record<string, string>, headers?: Record<string, string>) => Promise<Response>;
}

async function site(answers: Partial<Counter> = {}, publicUrl = OURS): Promise<Site> {
  const counters = new Map(['contoso', 'fabrikam'].map((tenant) => [tenant, counterOf(tenant, answers)]));
  const routes = signInRoutes({ counters, publicUrl, authorities: [LOGIN], random: (n) => Buffer.alloc(n, 7) });
  const at = { host: '127.0.0.1', port: 0 };
  const server = await listen(routes, at, {
    refused: (route, why) => void refusals.push(`${route}: ${why}`),
    failed: (_, error) => void failures.push(error),
    answered: () => undefined,
  });
  onTestFinished(() => server.close());
  const ask: Site['ask'] = (path, init) => fetch(new URL(path, server.url), { redirect: 'manual', ...init });
  const post: Site['post'] = (path, fields, headers = {}) =>
    ask(path, { method: 'POST', body: new URLSearchParams(fields), headers });
  return { ask, post };
}

const BROWSER = Buffer.alloc(32, 7).toString('base64url');
const COOKIE = { cookie: `__Host-clawback_browser=${BROWSER}.contoso` };
const FIELDS = { tenant: 'contoso', ticket: 'ticket-1' };
const LOOK = '/auth?tenant=contoso&ticket=ticket-1';

describe('the page of a ticket', () => {
  test('says what it is for and leads on with a form', async () => {
    const { ask } = await site();
    const response = await ask(LOOK);
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(html).toContain('<h1>Sign in to approve a purge</h1>');
    expect(html).toContain('<dt>What happens</dt><dd>Moves 402 copies in 400 mailboxes to Recoverable Items');
    expect(html).toContain('<form method="post" action="/auth">');
    expect(html).toContain('name="ticket" value="ticket-1"');
  });

  test('may be opened by link previews as often as they like: nothing begins', async () => {
    const { ask } = await site();
    const answers = [await ask(LOOK), await ask(LOOK, { method: 'HEAD' }), await ask(LOOK)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ headers }) => headers.get('set-cookie'))).toEqual([null, null, null]);
    expect(calls).toEqual([]);
  });

  test.each([
    '/auth',
    '/auth?tenant=contoso',
    '/auth?tenant=contoso&ticket=ticket-2',
    '/auth?tenant=nobody&ticket=ticket-1',
    '/auth?tenant=contoso&ticket=ticket-1&ticket=ticket-1',
    '/auth?tenant=contoso&ticket=%00',
    `/auth?tenant=contoso&ticket=${'x'.repeat(5_000)}`,
  ])('is one and the same for everything that is no good ticket: %s', async (path) => {
    const { ask } = await site();
    const [response, other] = [await ask(path), await ask('/auth?tenant=contoso&ticket=used')];
    expect([response.status, await response.text()]).toEqual([404, await other.text()]);
    expect(refusals[0]).toBe('GET /auth: an unknown, used or expired ticket');
  });

  test.each(['PUT', 'DELETE', 'PATCH'])('does not answer %s', async (method) => {
    const { ask } = await site();
    const response = await ask(LOOK, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });

  test.each(['GET /auth/confirm', 'HEAD /auth/callback', 'POST /auth/callback'])('%s is no way in', async (route) => {
    const [method = '', path = ''] = route.split(' ');
    const { ask } = await site();
    expect((await ask(path, { method, headers: COOKIE })).status).toBe(405);
    expect(calls).toEqual([]);
  });
});

describe('beginning', () => {
  test('sends the browser to Entra with a secret that only it holds', async () => {
    const { post } = await site();
    const response = await post('/auth', FIELDS);
    expect([response.status, response.headers.get('location')]).toEqual([303, `${LOGIN}/authorize?state=state-1`]);
    expect(response.headers.get('set-cookie')).toBe(
      `__Host-clawback_browser=${BROWSER}.contoso; Path=/; Secure; Max-Age=600; HttpOnly; SameSite=Lax`,
    );
    expect(calls).toEqual([`contoso: begin ticket-1 ${BROWSER}`]);
  });

  test('on this machine, without https, keeps the cookie to the pages', async () => {
    const { post } = await site({}, 'http://127.0.0.1:3978');
    const response = await post('/auth', FIELDS);
    expect(response.headers.get('set-cookie')).toBe(
      `clawback_browser=${BROWSER}.contoso; Path=/auth; Max-Age=600; HttpOnly; SameSite=Lax`,
    );
  });

  test('does not go on with a secret that the browser came with', async () => {
    const { post } = await site();
    await post('/auth', FIELDS, { cookie: `__Host-clawback_browser=${'p'.repeat(43)}.contoso` });
    expect(calls).toEqual([`contoso: begin ticket-1 ${BROWSER}`]);
  });

  test('with no good ticket gets no cookie', async () => {
    const { post } = await site();
    const response = await post('/auth', { ...FIELDS, ticket: 'ticket-2' });
    expect([response.status, response.headers.get('set-cookie')]).toEqual([404, null]);
  });

  test('never leads to a place that is no sign-in authority', async () => {
    const { post } = await site({ begin: () => Promise.resolve('https://login.example.evil.example/') });
    const response = await post('/auth', FIELDS);
    expect([response.status, response.headers.get('location'), failures.length]).toEqual([503, null, 1]);
  });
});

describe('a form is taken', () => {
  const own: Record<string, string>[] = [
    {},
    { origin: OURS },
    { origin: OURS, 'sec-fetch-site': 'same-origin' },
    // What browsers send from a page without a referrer.
    { origin: 'null', 'sec-fetch-site': 'same-origin' },
  ];

  test.each(own)('from our own page: %o', async (headers) => {
    const { post } = await site();
    expect((await post('/auth', FIELDS, headers)).status).toBe(303);
  });

  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'http://clawback.contoso.example' },
    { origin: `${OURS}.evil.example` },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: OURS, 'sec-fetch-site': 'cross-site' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
  ];

  test.each(foreign)('never from another site: %o', async (headers) => {
    const { post } = await site();
    const begun = await post('/auth', FIELDS, headers);
    const confirmed = await post('/auth/confirm', { ticket: 'ticket-1' }, { ...COOKIE, ...headers });
    expect([begun.status, confirmed.status, calls]).toEqual([403, 403, []]);
    expect(refusals).toEqual([
      expect.stringContaining('POST /auth: a form of another site'),
      expect.stringContaining('POST /auth/confirm: a form of another site'),
    ]);
  });

  test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', ''])('never as %o', async (type) => {
    const { ask } = await site();
    const body = new TextEncoder().encode('tenant=contoso&ticket=ticket-1');
    const headers = type === '' ? {} : { 'content-type': type };
    expect((await ask('/auth', { method: 'POST', body, headers })).status).toBe(415);
    expect(calls).toEqual([]);
  });

  test('never with more than 8 KB', async () => {
    const { post } = await site();
    expect((await post('/auth', { ...FIELDS, filler: 'x'.repeat(9_000) })).status).toBe(413);
    expect(calls).toEqual([]);
  });
});

describe('coming back', () => {
  const BACK = '/auth/callback?state=state-1&code=code-1';

  test('in the same browser goes on to the last press', async () => {
    const { ask } = await site();
    const response = await ask(BACK, { headers: COOKIE });
    expect(await response.text()).toContain('<form method="post" action="/auth/confirm">');
    expect(calls).toEqual([`contoso: back state-1 ${BROWSER} {"code":"code-1"}`]);
  });

  test('is told to the tenant with which it began', async () => {
    const { ask } = await site();
    await ask(BACK, { headers: { cookie: `a=b; __Host-clawback_browser=${BROWSER}.fabrikam; c=d` } });
    expect(calls).toEqual([`fabrikam: back state-1 ${BROWSER} {"code":"code-1"}`]);
  });

  const others: Record<string, string>[] = [
    {},
    { cookie: '__Host-clawback_browser=' },
    { cookie: '__Host-clawback_browser=short.contoso' },
    { cookie: `__Host-clawback_browser=${BROWSER}.nobody` },
    { cookie: `clawback_browser=${BROWSER}.contoso` },
    { cookie: `${COOKIE.cookie}; ${COOKIE.cookie}` },
  ];

  test.each(others)('in another browser is refused: %o', async (headers) => {
    const { ask, post } = await site();
    const answers = [await ask(BACK, { headers }), await post('/auth/confirm', { ticket: 'ticket-1' }, headers)];
    expect([answers.map(({ status }) => status), calls]).toEqual([[403, 403], []]);
  });

  test('without a sign-in is told by its short name only', async () => {
    const { ask } = await site();
    await ask('/auth/callback?state=state-1&error=access_denied&error_description=%3Cb%3E', { headers: COOKIE });
    await ask('/auth/callback?state=state-1&error=%3Cscript%3E&code=code-1', { headers: COOKIE });
    expect(calls).toEqual([
      `contoso: back state-1 ${BROWSER} {"error":"access_denied"}`,
      `contoso: back state-1 ${BROWSER} {"error":"unknown_error"}`,
    ]);
  });

  test.each(['', '?state=state-1', '?code=code-1', '?state=a&state=b&code=c'])('with %o is refused', async (query) => {
    const { ask } = await site();
    expect((await ask(`/auth/callback${query}`, { headers: COOKIE })).status).toBe(400);
    expect(calls).toEqual([]);
  });

  test('and confirming is the same browser’s too', async () => {
    const { post } = await site();
    const response = await post('/auth/confirm', { ticket: 'ticket-1' }, COOKIE);
    expect(await response.text()).toContain('The copies of CB-7F3K2M stay removed.');
    expect(calls).toEqual([`contoso: confirm ticket-1 ${BROWSER}`]);
  });
});

describe('every answer', () => {
  const answers = async (): Promise<readonly Response[]> => {
    const { ask, post } = await site({ confirm: () => Promise.reject(new Error('the database is gone')) });
    return [
      await ask(LOOK),
      await ask('/auth'),
      await post('/auth', FIELDS),
      await post('/auth', FIELDS, { origin: 'https://evil.example' }),
      await ask('/auth/callback'),
      await ask('/auth/callback?state=state-1&code=code-1', { headers: COOKIE }),
      await post('/auth/confirm', { ticket: 'ticket-1' }, COOKIE),
    ];
  };

  test('loads nothing, is framed by nobody, is kept nowhere and tells no other site', async () => {
    for (const { headers } of await answers()) {
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; form-action 'self' https:\/\/login\.example; frame-ancestors 'none'; base-uri 'none'$/,
      );
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
    }
  });

  test('to a person is a page, also when the inside fails, of which it tells nothing', async () => {
    const [last, ...pages] = (await answers()).filter(({ status }) => status !== 303).reverse();
    expect([last?.status, failures.length]).toEqual([503, 1]);
    expect(await last?.text()).not.toContain('database');
    for (const { headers } of pages) expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  });
});

describe('a hostile text', () => {
  const MARKS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/;

  /** Every page that shows texts of others, with `text` wherever there is one. */
  async function pagesWith(text: string): Promise<readonly string[]> {
    const [as, about] = [
      { name: text, address: text },
      { ...TICKET.about, subject: text, sender: text, reason: text },
    ];
    const link: SignInFor = { is: 'link', chat: 'Slack', account: text };
    const views: readonly PageAnswer[] = [
      { code: 'not-counted', why: 'sign-in-failed', said: text },
      { code: 'type-code', as, chat: 'Slack', account: text, typed: text },
      { code: 'confirm', as, vote: { ...TICKET, incident: text, about }, ticket: text },
      { code: 'answered', answer: { code: 'repeated' }, vote: { ...TICKET, about } },
    ];
    const { ask } = await site({
      look: () => Promise.resolve(link),
      back: (state) => Promise.resolve(views[Number(state)] ?? SAID),
    });
    const paths = ['/auth?tenant=contoso&ticket=x', ...[0, 1, 2, 3].map((n) => `/auth/callback?state=${n}&code=c`)];
    return Promise.all(paths.map(async (path) => (await ask(path, { headers: COOKIE })).text()));
  }

  const tagsOf = (html: string) => html.match(/<[^>]*>/g)?.map((tag) => tag.replace(/value="[^"]*"/, ''));

  test.each([...hostileTexts().map((text) => text.slice(0, 2_000)), `<script>alert(1)</script>'"&\u202Egnp.exe`])(
    'stays a text in every place of every page: %j',
    async (text) => {
      const pages = await pagesWith(text);
      expect(pages.map(tagsOf)).toEqual((await pagesWith('harmless')).map(tagsOf));
      for (const html of pages) expect(html).not.toMatch(MARKS);
    },
  );
});
