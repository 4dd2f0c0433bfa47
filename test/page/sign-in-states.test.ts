import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signInRoutes } from '../../src/adapters/http/pages.ts';
import { listen } from '../../src/adapters/http/server.ts';
import type { PageAnswer, SignInFor } from '../../src/core/tell/page-words.ts';
import type { Counter } from '../../src/ports/desk.ts';
import { ANSWERED, SIGN_IN_VOTE, SIGNED_IN_AS } from '../support/sign-in-vote.ts';
import { barriers } from './axe.ts';
import { openBrowser } from './visit.ts';

/** The sign-in pages in every state that people meet them in. */

const LIST = { is: 'list', incident: SIGN_IN_VOTE.incident, digest: SIGN_IN_VOTE.digest } as const;
const CHANGED = { ...SIGN_IN_VOTE, about: null };
const LOOKS: Readonly<Record<string, SignInFor>> = {
  vote: SIGN_IN_VOTE,
  changed: CHANGED,
  link: { is: 'link', chat: 'Slack', account: 'lena' },
};
const BACKS: Readonly<Record<string, PageAnswer>> = {
  confirm: { code: 'confirm', as: SIGNED_IN_AS, vote: SIGN_IN_VOTE, ticket: 't' },
  late: { code: 'confirm', as: SIGNED_IN_AS, vote: CHANGED, ticket: 't' },
  code: { code: 'type-code', as: SIGNED_IN_AS, chat: 'Slack', account: 'lena', typed: 'K7QM-2XWD' },
  refused: { code: 'not-counted', why: 'entra-refused', said: 'access_denied' },
  other: { code: 'not-counted', why: 'somebody-else', said: '' },
  answered: ANSWERED,
  list: { code: 'take-list', as: SIGNED_IN_AS, list: LIST, sendsTo: 'Slack', ticket: 't' },
  sent: { code: 'list-sent', chat: 'Slack', file: 'CB-7F3K2M-mailboxes.csv' },
  unsent: { code: 'list-not-sent', chat: 'Slack', why: 'files off', list: LIST, ticket: 't' },
  recipient: { code: 'answered', answer: { code: 'recipient' }, vote: SIGN_IN_VOTE },
};
const STATES = [
  ...Object.keys(LOOKS).map((ticket) => `/auth?tenant=contoso&ticket=${ticket}`),
  ...Object.keys(BACKS).map((state) => `/auth/callback?code=c&state=${state}`),
  '/auth?tenant=contoso&ticket=unknown',
  '/auth/callback?code=c',
  '/auth/callback?code=c&state=broken',
];

const counter: Counter = {
  look: (secret) => Promise.resolve(LOOKS[secret] ?? null),
  begin: () => Promise.resolve(null),
  back: (state) => Promise.resolve(BACKS[state] ?? Promise.reject(new Error('the database is away'))),
  confirm: () => Promise.resolve(ANSWERED),
  take: () => Promise.resolve({ page: { code: 'gone' } }),
};

let browser: Browser;
let server: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  const counters = new Map([['contoso', counter]]);
  const pages = { counters, publicUrl: 'http://127.0.0.1:3978', authorities: ['https://login.example'] };
  const told = { refused: () => undefined, failed: () => undefined, answered: () => undefined };
  const routes = signInRoutes({ ...pages, random: (bytes) => Buffer.alloc(bytes, 7) });
  server = await listen(routes, { host: '127.0.0.1', port: 0 }, told);
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test.each([1280, 390])('at %i pixels nothing keeps people out, and each says what to do', async (width) => {
  const context = await browser.newContext({ viewport: { width, height: 844 } });
  const cookie = `${Buffer.alloc(32, 7).toString('base64url')}.contoso`;
  await context.addCookies([{ name: 'clawback_browser', value: cookie, url: `${server.url}/auth` }]);
  const page = await context.newPage();
  for (const state of STATES) {
    await page.goto(server.url + state);
    expect([state, await barriers(page)]).toEqual([state, []]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const leads = /button|card|code|close this page|try again/i;
    expect([state, await page.locator('main').textContent()]).toEqual([state, expect.stringMatching(leads)]);
  }
  await context.close();
});
