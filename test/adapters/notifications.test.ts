import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOTIFIED_AT, notificationRoute } from '../../src/adapters/http/notifications.ts';
import { type Listening, listen } from '../../src/adapters/http/server.ts';
import { graphReading } from '../../src/adapters/microsoft/reading.ts';
import { type Notifications, notificationsFor } from '../../src/notifications.ts';
import type { PulledSource } from '../../src/ports/source.ts';
import { tellLifecycle } from '../../src/sandbox/graph/subscription-routes.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { APP, openSandbox, type Sandbox } from '../sandbox/graph-stand-in.ts';
import { SOURCE } from '../support/source.ts';

/** Exchange tells of a new report at once; whatever comes of that, each minute somebody looks as well. */

const MAILBOX = 'reports@contoso.com';
const HOUR = 60;
let sandbox: Sandbox;
let world: World;
let web: Listening;
let notifications: Notifications;
let kept: Map<string, unknown>;
let refused: string[];
let heard: number;
let asked: number;
let states: number;

const mailbox: PulledSource = {
  source: { ...SOURCE, name: 'mailbox', kind: 'report' },
  vendor: 'report-mailbox',
  everyMs: 60_000,
  ask() {
    asked += 1;
    return Promise.resolve({ kind: 'page', items: [], cursor: 'x', more: false });
  },
};

beforeEach(async () => {
  [kept, refused, heard, asked, states] = [new Map(), [], 0, 0, 0];
  sandbox = await openSandbox({ roles: ['Mail.Read'], users: ['reports', 'alice'] });
  world = createWorld();
  // Both begin at their own time: subscriptions last by the clock of Graph.
  const skew = Date.parse('2026-11-23T09:00:00Z') - Date.parse(world.flow.clock.now());
  const clock = { ...world.flow.clock, now: () => new Date(Date.parse(world.flow.clock.now()) + skew).toISOString() };
  Object.assign(world.flow, { pulled: [mailbox], observe: () => undefined });
  await world.govern(POLICIES[0] as (typeof POLICIES)[number]);
  const route = notificationRoute((one) => {
    heard += 1;
    return notifications.hear(one);
  });
  const events = { refused: (_route: string, why: string) => refused.push(why), failed() {}, answered() {} };
  web = await listen(new Map([[`POST ${NOTIFIED_AT}`, route]]), { host: '127.0.0.1', port: 0 }, events);
  notifications = told(web.url, { ...world.flow, clock });
});
afterEach(() => Promise.all([web.close(), sandbox[Symbol.asyncDispose]()]));

function told(publicUrl: string, flow: Parameters<typeof notificationsFor>[1]['flow']): Notifications {
  const graph = graphReading({
    baseUrl: sandbox.graph.url,
    token: () => sandbox.entra.issue({ clientId: APP, lifetimeSeconds: 3_600 }),
    ids: () => crypto.randomUUID(),
    clock: Date.now,
  });
  const held = {
    source: mailbox.source,
    vendor: 'report-mailbox',
    url: null,
    secrets: [],
    mailbox: MAILBOX,
    notify: true,
  } as const;
  const made = notificationsFor([held], {
    flow,
    graph,
    kept: {
      get: (name) => Promise.resolve(kept.get(name)),
      set: (name, value) => Promise.resolve(void kept.set(name, value)),
      delete: (name) => Promise.resolve(kept.delete(name)),
    },
    publicUrl,
    secret() {
      states += 1;
      return `state-${states}`;
    },
  });
  return made ?? expect.fail('nobody is told');
}

const pass = (minutes: number) => {
  world.pass(minutes);
  sandbox.pass(minutes * 60_000);
};
async function look(): Promise<number> {
  await world.sweep();
  await world.settle();
  return asked;
}
const arrives = (to = MAILBOX) =>
  sandbox.tenant.deliver({ to: [to], internetMessageId: '<r@x>', sender: 'emma@contoso.com', subject: 'Phishing' });
const subscriptions = () => [...sandbox.graph.subscriptions.values()];
const isHeard = async (times = 1) => expect.poll(() => heard).toBe(times);
const post = (value: object) =>
  fetch(`${web.url}${NOTIFIED_AT}`, { method: 'POST', body: JSON.stringify({ value: [value] }) });
const remark = () => notifications.checks['notifications mailbox contoso']?.();

describe('a mailbox of reports', () => {
  it('tells once it is asked to, and is asked once', async () => {
    await notifications.keep();
    await notifications.keep();
    expect(subscriptions()).toMatchObject([{ resource: `users/${MAILBOX}/messages`, changeType: 'created' }]);
    expect(await remark()).toBeNull();
  });

  it('of which what it is known by is kept as a digest alone', async () => {
    await notifications.keep();
    expect(JSON.stringify([...kept])).not.toContain('state-1');
  });

  it('with a new report is looked into at once, and not before its time without one', async () => {
    await notifications.keep();
    expect([await look(), await look()]).toEqual([1, 1]);
    arrives();
    await isHeard();
    expect(await look()).toBe(2);
    arrives('alice@contoso.com');
    expect([await look(), heard]).toEqual([2, 1]);
  });

  it('is renewed a day before it ends, and keeps its name', async () => {
    await notifications.keep();
    const [{ id, expirationDateTime } = {}] = subscriptions().map((one) => ({ ...one }));
    pass(25 * HOUR);
    await notifications.keep();
    expect(subscriptions()).toMatchObject([{ id }]);
    expect(subscriptions()[0]?.['expirationDateTime']).not.toBe(expirationDateTime);
  });

  it('whose subscription ended while nobody was here is asked anew', async () => {
    await notifications.keep();
    pass(72 * HOUR);
    await notifications.keep();
    arrives();
    await isHeard();
    expect(await look()).toBe(1);
  });

  it('that tells of many reports at once is looked into once', async () => {
    await notifications.keep();
    const [{ id: subscriptionId, clientState } = {}] = subscriptions();
    const value = Array.from({ length: 50 }, () => ({ subscriptionId, clientState }));
    const answer = await fetch(`${web.url}${NOTIFIED_AT}`, { method: 'POST', body: JSON.stringify({ value }) });
    expect([answer.status, heard, await look()]).toEqual([202, 1, 1]);
  });

  it('that says that it tells no more is asked anew', async () => {
    await notifications.keep();
    const [first = {}] = subscriptions();
    sandbox.graph.subscriptions.clear();
    await tellLifecycle(first, 'subscriptionRemoved');
    await notifications.keep();
    expect(subscriptions().map(({ id }) => id)).not.toEqual([first['id']]);
  });

  it('that wants to be told that it is still meant is', async () => {
    await notifications.keep();
    const [first = {}] = subscriptions();
    pass(1);
    const { expirationDateTime } = { ...first };
    await tellLifecycle(first, 'reauthorizationRequired');
    await notifications.keep();
    expect(subscriptions()[0]?.['expirationDateTime']).not.toBe(expirationDateTime);
  });

  it('that says that it could not tell of something is looked into', async () => {
    await notifications.keep();
    await look();
    await tellLifecycle(subscriptions()[0] ?? {}, 'missed');
    expect(await look()).toBe(2);
  });

  it('that cannot reach us is told of in health, and looked into all the same', async () => {
    notifications = told('http://127.0.0.1:9', world.flow);
    await notifications.keep();
    expect([subscriptions(), await remark()]).toEqual([
      [],
      { remark: expect.stringContaining('looked for each minute') },
    ]);
  });
});

describe('what nobody has agreed on', () => {
  it.each([
    ['another subscription', { subscriptionId: 'unknown', clientState: 'state-1' }],
    ['another state', { clientState: 'state-2' }],
    ['no state', { clientState: null }],
  ])('is heard like anything else and has no effect: %s', async (_name, change) => {
    await notifications.keep();
    await look();
    const [own = {}] = subscriptions();
    const { id: subscriptionId, clientState } = own;
    const answer = await post({ ...{ subscriptionId, clientState }, ...change });
    expect([answer.status, refused, await look()]).toEqual([202, ['unknown-subscription'], 1]);
  });

  it('costs no more looks than there are mailboxes, however much is guessed at once', async () => {
    await notifications.keep();
    const value = Array.from({ length: 1_000 }, (_none, n) => ({ subscriptionId: `s${n}`, clientState: 'x' }));
    const answer = await fetch(`${web.url}${NOTIFIED_AT}`, { method: 'POST', body: JSON.stringify({ value }) });
    expect([answer.status, heard]).toEqual([202, 20]);
  });

  it('takes no subscription away either', async () => {
    await notifications.keep();
    await post({ subscriptionId: subscriptions()[0]?.['id'], clientState: 'x', lifecycleEvent: 'subscriptionRemoved' });
    expect(kept.size).toBe(1);
  });

  it.each(['no JSON', '{"value":{}}', '{"value":[{"clientState":"x"}]}'])(
    'is refused where it is no notification: %s',
    async (body) => {
      const answer = await fetch(`${web.url}${NOTIFIED_AT}`, { method: 'POST', body });
      expect([answer.status, refused]).toEqual([400, ['invalid-notification']]);
    },
  );

  it('as a question whether we want to be told gets itself back, as text and nothing else', async () => {
    const token = '<script>alert(1)</script>';
    const answer = await fetch(`${web.url}${NOTIFIED_AT}?validationToken=${encodeURIComponent(token)}`, {
      method: 'POST',
    });
    const headers = ['content-type', 'x-content-type-options'].map((name) => answer.headers.get(name));
    expect([answer.status, await answer.text(), headers]).toEqual([
      200,
      token,
      ['text/plain; charset=utf-8', 'nosniff'],
    ]);
  });
});
