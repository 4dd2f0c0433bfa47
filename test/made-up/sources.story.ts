import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/adapters/http/health.ts';
import type { Listening } from '../../src/adapters/http/server.ts';
import { slackCards } from '../../src/adapters/slack/card.ts';
import { incidentCard } from '../../src/adapters/teams/card.ts';
import { loadConfig } from '../../src/config/load.ts';
import { allSources } from '../../src/config/sources.ts';
import { Policy } from '../../src/core/ask/policy.ts';
import { ofType } from '../../src/core/record/ledger.ts';
import { findersOf } from '../../src/finders.ts';
import { createLog } from '../../src/log.ts';
import { pulledSources } from '../../src/pulled.ts';
import { openWeb } from '../../src/web.ts';
import { configText, ENVIRONMENT, refusal } from '../support/configuration.ts';
import { ATTACK, type Night, startNight } from '../support/desk-of-the-night.ts';
import { RECOVERABLE, SUBJECT } from '../support/fake-mail.ts';
import type { ShownCard } from '../support/offers.ts';

/** From the alert to the verified undo with two sources, and somebody who keeps track of deliveries, that nobody of us wrote. */

const SECRETS = {
  CLAWBACK_CONTOSO_SOURCE_FRONTDESK_SECRETS: 'bell-0123456789abcdefghij',
  CLAWBACK_CONTOSO_SOURCE_LOOKOUT_SECRETS: 'key-of-the-watchtower',
};
const policy = Policy.parse({
  version: 1,
  rules: [
    { name: 'the desk', when: { action: ['purge'], source: ['frontdesk'] }, approve: [{ role: 'approver', count: 1 }] },
    { name: 'others', when: { action: ['purge', 'undo'] }, approve: [{ role: 'approver', count: 2 }] },
  ],
});

let night: Night;
let web: Listening;
let folder: string;
/** The watchtower, and the desk where papers are kept. */
let outside: http.Server;
let sightings: object[] = [];
let carried: object[] = [];
const asked: (string | undefined)[] = [];

beforeAll(async () => {
  outside = http.createServer((req, res) => {
    asked.push(req.url);
    const isKnown = req.headers.authorization === `Key ${SECRETS.CLAWBACK_CONTOSO_SOURCE_LOOKOUT_SECRETS}`;
    const after = Number(new URL(req.url ?? '', 'http://x').searchParams.get('after'));
    if (req.url?.startsWith('/carried')) res.end(JSON.stringify({ carried }));
    else if (isKnown) res.end(JSON.stringify({ sightings: sightings.slice(after), more: false }));
    else res.writeHead(401).end();
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  const there = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'clawback-made-up-sources-'));
  writeFileSync(join(folder, 'clawback.yaml'), fileWith(there));
  const loaded = loadConfig(join(folder, 'clawback.yaml'), { ...ENVIRONMENT, ...SECRETS });
  const [tenant] = loaded.config.tenants;
  const held = tenant && loaded.secrets.tenants[tenant.id];
  if (!tenant || !held) throw new Error('no tenant was read');
  night = await startNight({ policy });
  const sources = allSources(held);
  const toGraph = { baseUrl: there, token: async () => '', ids: () => '', clock: Date.now, sleep: async () => {} };
  Object.assign(night.flow, {
    pulled: pulledSources(sources, { now: night.flow.clock.now, givenAway: new AbortController().signal }),
    finders: findersOf({ tenant, toGraph }),
  });
  const parts = {
    flow: night.flow,
    desk: { ...night.desk, idle: () => Promise.resolve() },
    counter: null,
    govern: () => Promise.resolve(),
    slack: null,
    teams: null,
    botAppId: null,
    sources,
    refusals: { count: () => undefined, tell: () => Promise.resolve() },
    notifications: null,
    requests: { seal: async () => {}, takeOver: async () => {}, forget: async () => {} },
    checks: {},
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  web = await openWeb(loaded, [parts], { checks: {}, metrics: createMetrics(), log: createLog('silent') });
});
afterAll(async () => {
  await web.close();
  await night.close();
  outside.close();
  rmSync(folder, { recursive: true, force: true });
});

const fileWith = (url: string | undefined) =>
  configText((tenant, config) => {
    const lookout = { name: 'lookout', vendor: 'watchtower', ...(url === undefined ? {} : { url }) };
    Object.assign(tenant, { sources: [{ name: 'frontdesk', vendor: 'bell' }, lookout] });
    Object.assign(config, { listen: { port: 0 } });
  });

function ring(lines: string, { ring = 'one', ago = 0 } = {}) {
  const at = String(Math.floor(Date.now() / 1_000) - ago);
  const proof = createHmac('sha256', SECRETS.CLAWBACK_CONTOSO_SOURCE_FRONTDESK_SECRETS)
    .update(`${ring} ${at} ${lines}`)
    .digest('hex');
  const headers = { 'x-bell-ring': ring, 'x-bell-at': at, 'x-bell-proof': proof };
  return fetch(new URL('/intake/alerts/bell', web.url), { method: 'POST', body: lines, headers });
}
const heard = async (answer: Response) => [answer.status, await answer.text()];
const viewOf = (id: string) => night.slack.cards.findLast(({ view }) => view.incident === id)?.view as ShownCard;
const ABOUT = `from ${ATTACK.sender}\nabout ${SUBJECT}\nid ${ATTACK.internetMessageId}\nto ann@contoso.example`;

it('is set up in the configuration, which names the field that is wrong', () => {
  writeFileSync(join(folder, 'wrong.yaml'), fileWith(undefined));
  const said = refusal(() => loadConfig(join(folder, 'wrong.yaml'), { ...ENVIRONMENT, ...SECRETS }));
  expect(said).toContain('tenants.0.sources.1.url: watchtower is asked for its alerts: say where');
  const weak = { CLAWBACK_CONTOSO_SOURCE_FRONTDESK_SECRETS: 'whsec_AAAA' };
  expect(refusal(() => loadConfig(join(folder, 'clawback.yaml'), { ...ENVIRONMENT, ...SECRETS, ...weak }))).toContain(
    'CLAWBACK_CONTOSO_SOURCE_FRONTDESK_SECRETS does not look right: signs the alerts of this source: bell-…',
  );
});

describe('a source that sends', () => {
  it('proves itself in its own way, is answered in its own way, and goes all the way to the undo', async () => {
    const [ann, bob] = ['ann@contoso.example', 'bob@contoso.example'].map((address) => night.mail.put(address, ATTACK));
    carried = [{ to: 'bob@contoso.example', from: ATTACK.sender, about: SUBJECT }];
    const first = await heard(await ring(ABOUT));
    const id = String(first[1]).replace('heard: ', '');
    expect(first).toEqual([201, expect.stringMatching(/^heard: CB-/)]);
    expect(await heard(await ring(ABOUT))).toEqual([201, `heard: ${id}`]);

    await night.asks(id);
    const { posted } = viewOf(id);
    const slack = JSON.stringify(slackCards().incident(posted).blocks);
    const teams = JSON.stringify(incidentCard(posted));
    for (const drawn of [slack, teams])
      for (const words of ['frontdesk', 'paper and recipients; paper named 1 delivery', 'the desk'])
        expect(drawn).toContain(words);
    const plan = await night.flow.store.transact(async (tx) =>
      tx.incidents.plan((await tx.incidents.get(id))?.planDigest ?? ''),
    );
    expect(plan?.finders).toContainEqual(expect.objectContaining({ name: 'paper', status: 'answered', found: 1 }));
    expect(plan?.copies.map(({ address }) => address).toSorted()).toEqual([ann?.address, bob?.address]);

    await night.press('dana', 'slack', 'purge');
    await night.until('it is done', () => viewOf(id).canUndo);
    expect([ann?.folderId, bob?.folderId]).toEqual([RECOVERABLE, RECOVERABLE]);
    await night.press('dana', 'slack', 'undo');
    await night.press('omar', 'teams', 'undo');
    await night.until('it is undone', () => viewOf(id).status.startsWith('Undone'));
    expect([ann?.folderId, bob?.folderId]).toEqual(['inbox', 'inbox']);
    const [received] = (await night.entries(id)).filter(ofType('alert.received'));
    expect([received?.actor.name, received?.detail.says, received?.detail.delivery]).toEqual([
      'frontdesk',
      'a bell',
      'one',
    ]);
    expect((await night.audit()).ok).toBe(true);
  });

  it.each([
    ['six minutes ago', { ring: 'old', ago: 360 }, ABOUT, 'bad-signature'],
    ['under a name that it gave to something else', { ring: 'one' }, `${ABOUT}.`, 'reused'],
    ['of which nothing can be used', { ring: 'empty' }, 'hello', 'invalid-alert'],
  ])('is told in its own words that it was not heard: %s', async (_what, how, lines, why) => {
    expect(await heard(await ring(lines, how))).toEqual([400, `not heard: ${why}`]);
  });

  it('is no source for our own form, and nobody is a source without a proof', async () => {
    const answer = await fetch(new URL('/intake/alerts/bell', web.url), { method: 'POST', body: ABOUT });
    expect(await heard(answer)).toEqual([400, 'not heard: unsigned']);
    expect((await fetch(new URL('/intake/alerts/watchtower', web.url), { method: 'POST' })).status).toBe(404);
  });
});

it('a source that is asked has what it sighted taken in, and is asked on from there', async () => {
  const mail = { internetMessageId: '<seen-1@mailer.example>', sender: ATTACK.sender, subject: SUBJECT };
  sightings = [{ nr: 1, mail, to: ['ann@contoso.example'] }];
  carried = [];
  await night.run({ queue: 'pull', source: 'lookout' });
  const received = (await night.entries()).filter(ofType('alert.received')).at(-1);
  expect([received?.actor.name, received?.detail.delivery]).toEqual(['lookout', 'sighting-1']);
  await night.until('its card asks for two', () => viewOf(received?.incident ?? '')?.facts.length > 0);
  const state = await night.flow.store.transact((tx) => tx.cursors.state({ source: 'lookout', vendor: 'watchtower' }));
  expect([state?.failures, asked.filter((url) => url?.startsWith('/sightings'))]).toEqual([0, ['/sightings?after=0']]);
});
