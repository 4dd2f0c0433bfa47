import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeliveredCopy } from '../../src/sandbox/tenant/types.ts';
import { asMicrosoftTakesIt } from '../support/microsoft-batch.ts';
import { IMMUTABLE, openSandbox, PHISH, type Sandbox } from './graph-stand-in.ts';

interface Inner {
  readonly id: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: answers are what these tests take apart
  readonly body: any;
}

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox({ users: ['alice', ...Array.from({ length: 20 }, (_, n) => `user${n}`)] });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

async function batch(requests: readonly object[], own = sandbox): Promise<readonly Inner[]> {
  const { status, body } = await own.call('POST', '/$batch', { requests });
  expect(status).toBe(200);
  return body.responses;
}

function deliver(user = 'alice', own = sandbox): DeliveredCopy {
  return own.tenant.deliver({ ...PHISH, to: [`${user}@contoso.com`] }).copies[0] as DeliveredCopy;
}

const step = (id: string, method: string, url: string, more: object = {}) => ({ id, method, url, ...more });
const json = { ...IMMUTABLE, 'Content-Type': 'application/json' };
const byId = (responses: readonly Inner[]) => new Map(responses.map((one) => [one.id, one]));
const message = ({ userId, messageId }: DeliveredCopy) => `/users/${userId}/messages/${messageId}`;

describe('a batch', () => {
  test('answers twenty requests in an order of its own, each with status, ids and body', async () => {
    const requests = Array.from({ length: 20 }, (_, n) =>
      step(`r${n}`, 'GET', `/users/user${n}@contoso.com`, { headers: { 'client-request-id': `mine-${n}` } }),
    );
    const responses = await batch(requests);
    const order = responses.map((one) => one.id);
    expect(order).not.toEqual(requests.map((one) => one.id));
    expect(order.toSorted()).toEqual(requests.map((one) => one.id).toSorted());
    const seventh = byId(responses).get('r7');
    expect(seventh).toMatchObject({
      status: 200,
      headers: { 'client-request-id': 'mine-7', 'request-id': expect.any(String) },
      body: { userPrincipalName: 'user7@contoso.com' },
    });
  });

  test('is 200 even when everything inside is refused', async () => {
    const [answer] = await batch([step('1', 'GET', '/users/stranger@contoso.com')]);
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'Request_ResourceNotFound' } } });
  });

  test('gives no body with an empty answer and needs none for an action without one', async () => {
    const [answer] = await batch([step('1', 'POST', `${message(deliver())}/permanentDelete`, { headers: IMMUTABLE })]);
    expect(answer?.status).toBe(204);
    expect(answer).not.toHaveProperty('body');
  });

  test('keeps to the order that requests ask for, and does nothing after a failure', async () => {
    const copy = deliver();
    const body = { destinationId: 'archive' };
    const responses = await batch([
      step('1', 'GET', message(copy), { headers: IMMUTABLE }),
      step('2', 'POST', `/users/${copy.userId}/messages/gone/move`, { headers: json, body, dependsOn: ['1'] }),
      step('3', 'PATCH', message(copy), { headers: json, body: { isRead: true }, dependsOn: ['2'] }),
    ]);
    const answers = byId(responses);
    expect([answers.get('1')?.status, answers.get('2')?.status, answers.get('3')?.status]).toEqual([200, 404, 424]);
    expect(sandbox.tenant.look('alice').messages.find((one) => one.immutableId === copy.messageId)?.isRead).toBe(false);
  });

  const twenty1 = Array.from({ length: 21 }, (_, n) => step(`r${n}`, 'GET', '/users'));
  test.each([
    ['more than 20 requests', twenty1],
    ['no request', []],
    ['the same id in another case', [step('a', 'GET', '/users'), step('A', 'GET', '/users')]],
    ['an absolute address', [step('a', 'GET', 'https://graph.microsoft.com/v1.0/users')]],
    ['a body without a content type', [step('a', 'PATCH', '/users/x/messages/y', { body: {} })]],
    ['a request that waits for a stranger', [step('a', 'GET', '/users', { dependsOn: ['b'] })]],
    [
      'requests that wait for each other',
      [step('a', 'GET', '/users', { dependsOn: ['b'] }), step('b', 'GET', '/users', { dependsOn: ['a'] })],
    ],
  ])('is refused whole with %s', async (_, requests) => {
    expect((await sandbox.call('POST', '/$batch', { requests })).status).toBe(400);
  });

  const get = (id: string, dependsOn?: readonly string[]) => step(id, 'GET', '/users', dependsOn && { dependsOn });
  test.each([
    ['two pairs', [get('a'), get('b', ['a']), get('c'), get('d', ['c'])]],
    ['a pair and one that waits for nobody', [get('a'), get('b', ['a']), get('c')]],
    ['one that waits for two', [get('a'), get('b', ['a']), get('c', ['a', 'b'])]],
    ['a sequence told backwards', [get('c', ['b']), get('b', ['a']), get('a')]],
    ['a sequence with a branch', [get('a'), get('b', ['a']), get('c', ['b']), get('d', ['b'])]],
  ])('is refused whole with a mixture of dependencies: %s', async (_, requests) => {
    const { status, body } = await sandbox.call('POST', '/$batch', { requests });
    expect([status, body.error.message]).toEqual([400, 'Batch should be either fully sequential or fully parallel.']);
    await expect(asMicrosoftTakesIt({ requests })).rejects.toThrow(/dependenc/i);
  });

  test.each([
    ['nobody waits', [get('a'), get('b'), get('c')]],
    ['each waits for the one before', [get('a'), get('b', ['a']), get('c', ['b'])]],
    ['all wait for the same one', [get('a'), get('b', ['a']), get('c', ['a'])]],
    ['all wait for the same one, which is told last', [get('b', ['a']), get('c', ['a']), get('a')]],
  ])('is taken where %s', async (_, requests) => {
    await asMicrosoftTakesIt({ requests });
    expect((await sandbox.call('POST', '/$batch', { requests })).status).toBe(200);
  });

  test('knows no version inside', async () => {
    expect((await batch([step('1', 'GET', '/v1.0/users')]))[0]?.status).toBe(400);
  });
});

describe('limits of a mailbox', () => {
  const reads = (copy: DeliveredCopy, count: number) =>
    Array.from({ length: count }, (_, n) => step(`${n}`, 'GET', message(copy), { headers: IMMUTABLE }));

  test('are not broken by the size of a batch, which works on four at a time', async () => {
    await using own = await openSandbox({ graph: { limits: { serviceMs: [5, 6] } } });
    const responses = await batch(reads(deliver('alice', own), 20), own);
    expect(responses.map((one) => one.status)).toEqual(Array(20).fill(200));
    expect(own.graph.stats()).toMatchObject({ maxPerMailbox: 4, throttled: 0 });
  });

  test('are broken by two batches for one mailbox at the same time', async () => {
    await using own = await openSandbox({ graph: { limits: { serviceMs: [100, 101] } } });
    const copy = deliver('alice', own);
    const responses = (await Promise.all([batch(reads(copy, 4), own), batch(reads(copy, 4), own)])).flat();
    const refused = responses.filter((one) => one.status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.headers['Retry-After']).toMatch(/^\d+\.\d{3}$/);
    expect(refused[0]?.body.error).toMatchObject({
      code: 'ApplicationThrottled',
      message: 'Application is over its MailboxConcurrency limit.',
    });
    expect(own.graph.stats().maxPerMailbox).toBe(4);
  });

  test('hold for each mailbox by itself', async () => {
    await using own = await openSandbox({ graph: { limits: { serviceMs: [20, 21] } } });
    const [alice, bob] = [deliver('alice', own), deliver('bob', own)];
    const responses = (await Promise.all([batch(reads(alice, 4), own), batch(reads(bob, 4), own)])).flat();
    expect(responses.map((one) => one.status)).toEqual(Array(8).fill(200));
  });

  test('let no more than so many requests through in ten minutes', async () => {
    await using own = await openSandbox({ graph: { limits: { perTenMinutes: 3 } } });
    const copy = deliver('alice', own);
    const ask = () => own.call('GET', message(copy), undefined, IMMUTABLE);
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await ask()).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    own.pass(600_000);
    expect((await ask()).status).toBe(200);
  });
});
