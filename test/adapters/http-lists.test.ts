import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { signInRoutes } from '../../src/adapters/http/pages.ts';
import { listen } from '../../src/adapters/http/server.ts';
import type { Counter } from '../../src/ports/desk.ts';

/** The page on which a mailbox list is taken along. Who may have it is the counter's to say. */

const OURS = 'https://clawback.contoso.example';
const DIGEST = 'a1b2c3d4'.repeat(8);
const AS = { name: 'Dana', address: 'dana@contoso.example' };
const BROWSER = Buffer.alloc(32, 7).toString('base64url');
const COOKIE = { cookie: `__Host-clawback_browser=${BROWSER}.contoso` };

let calls: string[] = [];
beforeEach(() => {
  calls = [];
});

async function site(answers: Partial<Counter> = {}) {
  const nobody = () => Promise.resolve(null);
  const counter: Counter = {
    look: nobody,
    begin: nobody,
    back: () => Promise.resolve({ code: 'gone' }),
    confirm: () => Promise.resolve({ code: 'gone' }),
    take: (ticket, browser, format, to) => {
      calls.push(`take ${ticket} ${browser} ${format} ${to}`);
      const file = { name: `CB-1-mailboxes.${format}`, type: 'text/csv; charset=utf-8', text: '"a"\r\n', rows: 1 };
      return Promise.resolve({ file });
    },
    ...answers,
  };
  const counters = new Map([['contoso', counter]]);
  const routes = signInRoutes({ counters, publicUrl: OURS, authorities: [], random: (n) => Buffer.alloc(n, 7) });
  const events = { refused: () => undefined, failed: () => undefined, answered: () => undefined };
  const server = await listen(routes, { host: '127.0.0.1', port: 0 }, events);
  onTestFinished(() => server.close());
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, server.url), { redirect: 'manual', ...init });
  const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    ask(path, { method: 'POST', body: new URLSearchParams(fields), headers });
  return { ask, post };
}

describe('a list to take along', () => {
  const LIST = { is: 'list', incident: 'CB-7F3K2M', digest: DIGEST } as const;
  const take = (format: string) => ({ ticket: 'ticket-1', format });

  test('is offered in both formats to who signed in', async () => {
    const { ask } = await site({
      back: () => Promise.resolve({ code: 'take-list', as: AS, list: LIST, sendsTo: null, ticket: 'ticket-1' }),
    });
    const html = await (await ask('/auth/callback?state=state-1&code=code-1', { headers: COOKIE })).text();
    expect(html.match(/<form method="post" action="\/auth\/list">/g)).toHaveLength(2);
    expect(html).toContain('name="format" value="csv"');
    expect(html).toContain('name="format" value="json"');
    expect(html).not.toContain('name="to"');
  });

  test('can be sent to the chat, where that takes it, and a form says so', async () => {
    const { ask, post } = await site({
      back: () => Promise.resolve({ code: 'take-list', as: AS, list: LIST, sendsTo: 'Slack', ticket: 'ticket-1' }),
    });
    const html = await (await ask('/auth/callback?state=state-1&code=code-1', { headers: COOKIE })).text();
    expect([...html.matchAll(/<button>([^<]+)</g)].map(([, label]) => label)).toEqual([
      'Send it to me in Slack as CSV',
      'Send it to me in Slack as JSON',
      'Take it as CSV',
      'Take it as JSON',
    ]);
    await post('/auth/list', { ...take('csv'), to: 'chat' }, COOKIE);
    expect(calls).toEqual([`take ticket-1 ${BROWSER} csv chat`]);
  });

  test('is offered on the page where the chat did not take it', async () => {
    const page = { code: 'list-not-sent', chat: 'Slack', why: 'not allowed', list: LIST, ticket: 'ticket-1' } as const;
    const { post } = await site({ take: () => Promise.resolve({ page }) });
    const html = await (await post('/auth/list', { ...take('csv'), to: 'chat' }, COOKIE)).text();
    expect(html).toContain('Slack does not let Clawback send files to people');
    expect(html.match(/<form method="post" action="\/auth\/list">/g)).toHaveLength(2);
    expect(html).not.toContain('name="to"');
  });

  test('comes as a file that is kept, not shown, and by nobody in between', async () => {
    const { post } = await site();
    const response = await post('/auth/list', take('csv'), COOKIE);
    expect([response.status, await response.text()]).toEqual([200, '"a"\r\n']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="CB-1-mailboxes.csv"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(calls).toEqual([`take ticket-1 ${BROWSER} csv here`]);
  });

  test.each([
    ['another site', take('csv'), { ...COOKIE, origin: 'https://evil.example' }, 403],
    ['another browser', take('csv'), {}, 403],
    ['another format', take('xlsx'), COOKIE, 404],
    ['no ticket', { format: 'csv' }, COOKIE, 404],
  ])('is not given for a form of %s', async (_what, fields, headers, status) => {
    const { post } = await site();
    expect((await post('/auth/list', fields, headers as Record<string, string>)).status).toBe(status);
    expect(calls).toEqual([]);
  });

  test.each(['GET', 'HEAD'])('is not there for %s', async (method) => {
    const { ask } = await site();
    expect((await ask('/auth/list?ticket=ticket-1&format=csv', { method, headers: COOKIE })).status).not.toBe(200);
    expect(calls).toEqual([]);
  });

  test('is told in words where there is none', async () => {
    const { post } = await site({ take: () => Promise.resolve({ page: { code: 'gone' } }) });
    expect(await (await post('/auth/list', take('json'), COOKIE)).text()).toContain('does not work any more');
  });
});
