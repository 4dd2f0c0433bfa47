import { createHmac } from 'node:crypto';
import { Agent, type IncomingMessage, request } from 'node:http';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operatorSocket } from '../../src/adapters/http/operator.ts';
import { askOperator } from '../../src/cli/operator.ts';
import { sendAlert } from '../../src/cli/submit.ts';
import { loadConfig } from '../../src/config/load.ts';
import { ofType, type Recorded, type SealedEntry } from '../../src/core/record/ledger.ts';
import { phishingWave } from '../../src/sandbox/attacks.ts';
import { alertOf } from '../../src/sandbox/cli/report-attack.ts';
import { readBack } from '../support/entries.ts';
import { signed } from '../support/signed-alerts.ts';
import { type Story, startStory } from '../support/story.ts';

/**
 * A flood from the one address that everybody shares behind a proxy which nobody told us of (`trustProxy: 0`): the
 * detectors, Slack, Teams and the browsers of the tenant come from there as well.
 */

const FOREIGN = `whsec_${Buffer.alloc(24, 3).toString('base64')}`;
let story: Story;
let incident = '';
const agent = new Agent({ keepAlive: true, maxSockets: 20 });

beforeAll(async () => {
  story = await startStory({ employees: 20, seed: 80 });
  ({ incident } = await story.attacked(phishingWave(story.sandbox, 3)));
});
afterAll(async () => {
  agent.destroy();
  await story.close();
});

interface Junk {
  readonly path: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

function send({ path, body, headers }: Junk, method = 'POST'): Promise<number> {
  return new Promise((done, failed) => {
    const sent = request(new URL(path, story.url), { method, agent, headers }, (response: IncomingMessage) => {
      response.resume().on('end', () => done(response.statusCode ?? 0));
    });
    sent.on('error', failed);
    sent.end(body);
  });
}

/** `total` of them, each with another client in the header that nobody believes. */
async function flood(total: number, junk: (n: number) => Junk): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  for (let sent = 0; sent < total; sent += 50) {
    const answers = Array.from({ length: 50 }, (_none, n) => {
      const one = junk(sent + n);
      const from = { 'x-forwarded-for': `203.0.113.${(sent + n) % 250}` };
      return send({ ...one, headers: { ...one.headers, ...from } });
    });
    for (const status of await Promise.all(answers)) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  return statuses;
}

const JUNK: readonly (readonly [string, (n: number) => Junk, number])[] = [
  ['alerts that nobody signed', () => ({ path: '/intake/alerts', body: '{}', headers: {} }), 401],
  [
    'alerts that a stranger signed',
    (n) => ({ path: '/intake/alerts', body: '{}', headers: signed('{}', { id: `junk-${n}`, secret: FOREIGN }) }),
    401,
  ],
  [
    'stops that a stranger signed',
    (n) => ({ path: '/intake/stop', body: '{}', headers: signed('{}', { id: `stop-${n}`, secret: FOREIGN }) }),
    401,
  ],
  [
    'presses that Slack did not sign',
    (n) => {
      const at = String(Math.floor(Date.now() / 1_000));
      const mac = createHmac('sha256', 'junk').update(`v0:${at}:x=${n}`).digest('hex');
      return {
        path: '/slack/events',
        body: `x=${n}`,
        headers: { 'x-slack-request-timestamp': at, 'x-slack-signature': `v0=${mac}` },
      };
    },
    401,
  ],
  ['presses without a token of Teams', () => ({ path: '/api/messages', body: '{}', headers: {} }), 401],
  ['requests for addresses that are not there', (n) => ({ path: `/wp-${n}/login.php`, body: '', headers: {} }), 404],
];

const EACH = 850; // more than five thousand in all

describe('a flood of junk', () => {
  it.each(JUNK)('of %s is turned away, and counts no more after its limit', async (_what, junk, first) => {
    const statuses = await flood(EACH, junk);
    expect([...statuses.keys()].sort()).toEqual(statuses.has(first) ? [first, 429] : [429]);
    expect([statuses.get(429) ?? 0, EACH]).toSatisfy(([over = 0, all = 0]) => over >= all - 130);
  });

  it('never hides that we live and are ready', async () => {
    const answers = await Promise.all(
      ['/healthz', '/readyz'].map(async (path) => (await fetch(`${story.url}${path}`)).status),
    );
    expect(answers).toEqual([200, 200]);
  });

  it('keeps out no press in Slack and none in Teams', async () => {
    expect(await story.slack('dana', incident, 'purge')).toContain('1 of 2');
    expect(await story.teams('omar', incident, 'purge')).toContain('Purging 3 copies');
    await story.bothSay(incident, 'Purged: 3 removed');
  });

  it('keeps out no alert that is signed', async () => {
    const { attack } = story.land(phishingWave(story.sandbox, 2));
    expect(await story.report(attack)).toMatch(/^CB-/);
  });

  it('keeps nobody from the sign-in pages', async () => {
    expect((await fetch(`${story.url}/auth?tenant=sandbox&ticket=made-up`)).status).toBe(404);
  });

  it('leaves one label in the numbers, however many addresses were made up', async () => {
    const { metricsToken } = loadConfig(story.configFile, {}).secrets;
    const headers = { authorization: `Bearer ${metricsToken}` };
    const text = await (await fetch(`${story.url}/metrics`, { headers })).text();
    expect([text.length < 100_000, text.includes('wp-'), text.includes('route="other"')]).toEqual([true, false, true]);
  });

  it('is a few lines in the record, which say how many there were of each kind', async () => {
    const entries = await refusals();
    const kinds = entries.flatMap(({ detail }) => detail.kinds);
    const count = (kind: string) => kinds.reduce((sum, one) => sum + (one.kind === kind ? one.count : 0), 0);
    expect(entries.length).toBeLessThan(20);
    expect(count('other, no such address')).toBeGreaterThanOrEqual(120);
    expect(count('POST /slack/events, signature')).toBeGreaterThanOrEqual(120);
    expect(count('POST /api/messages, no bearer token')).toBeGreaterThanOrEqual(120);
    expect(count('POST /intake/alerts, unsigned')).toBeGreaterThanOrEqual(120);
  });

  it('keeps no signed stop from stopping', async () => {
    const { secrets } = loadConfig(story.configFile, {});
    const secret = secrets.tenants[story.sandbox.tenantId]?.intake[0] ?? '';
    const body = JSON.stringify({ reason: 'a flood' });
    expect(await send({ path: '/intake/stop', body, headers: signed(body, { id: 'genuine', secret }) })).toBe(200);
  });
});

it('the source is who signed, whatever the alert calls itself: the record shows both', async () => {
  const { secrets } = loadConfig(story.configFile, {});
  const secret = secrets.tenants[story.sandbox.tenantId]?.intake[0] ?? '';
  const posing = { ...alertOf(phishingWave(story.sandbox, 1)), source: 'sandbox' };
  const answer = await sendAlert(story.url, secret, posing);
  const received = (await recorded()).filter(({ incident: of }) => of === answer.incident);
  expect(received[0]).toMatchObject({ type: 'alert.received', detail: { source: 'intake', says: 'sandbox' } });
});

async function recorded(): Promise<Recorded[]> {
  const socket = operatorSocket(resolve(loadConfig(story.configFile, {}).config.data));
  const [first] = await askOperator<{ rows: SealedEntry[] }[]>(socket, '/audit/entries?after=0');
  return (first?.rows ?? []).map(readBack);
}

async function refusals(): Promise<Recorded<'request.refused'>[]> {
  return (await recorded()).filter(ofType('request.refused'));
}
