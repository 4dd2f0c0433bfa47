import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createSignIn } from '../../src/adapters/entra/sign-in.ts';
import { callbackAddress, signInRoutes, ticketAddress } from '../../src/adapters/http/pages.ts';
import { type Handler, listen } from '../../src/adapters/http/server.ts';
import type { Counter } from '../../src/ports/desk.ts';
import { startEntra } from '../../src/sandbox/entra/start.ts';
import { SIGN_IN_VOTE } from '../support/sign-in-vote.ts';

test('the whole dance, from the ticket over Entra to the last press, in one browser', async () => {
  const dana = { entraId: '33333333-1111-4111-8111-111111111111', name: 'Dana Ruiz', upn: 'dana@contoso.example' };
  const app = { clientId: '22222222-1111-4111-8111-111111111111', secret: 'a-secret', roles: [] };
  const tenantId = '11111111-1111-4111-8111-111111111111';
  const entra = await startEntra({ tenantId, apps: [app], people: () => [dana], clock: Date.now });
  onTestFinished(() => entra.close());
  const routes = new Map<string, Handler>();
  const failures: unknown[] = [];
  const events = {
    refused: () => undefined,
    failed: (_: string, e: unknown) => void failures.push(e),
    answered: () => undefined,
  };
  const server = await listen(routes, { host: '127.0.0.1', port: 0 }, events);
  onTestFinished(() => server.close());
  const { url } = server;
  const redirectUri = callbackAddress(url);
  entra.setRedirectUris(app.clientId, [redirectUri]);
  const order = { nonce: 'nonce-1', verifier: 'v'.repeat(43), context: 'c1' };
  const credential = { kind: 'secret', secret: app.secret } as const;
  const { clientId } = app;
  const signIn = createSignIn({ authority: entra.url, tenantId, clientId, credential, redirectUri, clock: Date.now });
  const browsers: string[] = [];
  const counter: Counter = {
    look: async () => SIGN_IN_VOTE,
    async begin(_, browser) {
      browsers.push(browser);
      return signIn.begin({ ...order, state: 'state-1' });
    },
    async back(_, browser, answer) {
      browsers.push(browser);
      const who = 'code' in answer ? await signIn.finish({ ...answer, ...order }) : null;
      const as = { name: who?.name ?? '', address: `${who?.person} ${who?.proof?.context}` };
      return { code: 'confirm', as, vote: SIGN_IN_VOTE, ticket: 'ticket-1' };
    },
    async take() {
      throw new Error('nobody takes a list here');
    },
    async confirm(_, browser) {
      browsers.push(browser);
      return {
        code: 'answered',
        answer: { code: 'containment-confirmed', incident: SIGN_IN_VOTE.incident },
        vote: SIGN_IN_VOTE,
      };
    },
  };
  const counters = new Map([['contoso', counter]]);
  const pages = signInRoutes({ counters, publicUrl: url, authorities: [entra.url], random: randomBytes });
  for (const [route, handler] of pages) routes.set(route, handler);

  const ask = (address: string, headers = {}) => fetch(address, { redirect: 'manual', headers });
  const post = (path: string, fields: Record<string, string>, headers = {}) =>
    fetch(url + path, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(fields) });
  expect((await ask(ticketAddress(url, 'contoso', 'ticket-1'))).status).toBe(200);
  const begun = await post('/auth', { tenant: 'contoso', ticket: 'ticket-1' }, { origin: url });
  const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
  const back = await entra.signIn(begun.headers.get('location') ?? '', { as: dana.entraId });
  expect(await (await ask(back, { cookie })).text()).toContain(
    `<p>You are signed in as Dana Ruiz (${dana.entraId} c1).</p>`,
  );
  const last = await post('/auth/confirm', { ticket: 'ticket-1' }, { origin: url, cookie });
  expect(await last.text()).toContain('The copies of CB-7F3K2M stay removed.');
  expect([browsers.length, new Set(browsers).size, failures]).toEqual([3, 1, []]);
});
