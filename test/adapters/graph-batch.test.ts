import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createBatcher } from '../../src/adapters/graph/batch.ts';
import { TransportError } from '../../src/adapters/microsoft/transport-error.ts';
import { graph, graphError, guid, json, loopbackGraph, mailOn } from './graph-loopback.ts';

const target = (n: number, message = `m-${n}`) => ({ mailbox: guid(n), message });
const targets = (count: number) => Array.from({ length: count }, (_, n) => target(n));

describe('a batch that never left', () => {
  const replyTo = (error: unknown) =>
    createBatcher({ client: { post: () => Promise.reject(error) } as never, clock: () => 0, ids: () => 'r' }).send(
      'lane',
      { operation: 'read', method: 'GET', path: '/users/one' },
    );

  test('asks for a wait of ours, of which Graph has told nobody', async () => {
    expect(await replyTo(new TransportError(false, 'no connection'))).toMatchObject({ kind: 'throttled', told: false });
  });

  test('is told from one that may have been carried out', async () => {
    const lost = { kind: 'lost', detail: 'timeout' };
    expect(await replyTo(new TransportError(true, 'timeout'))).toMatchObject(lost);
    expect(await replyTo(new Error('timeout'))).toMatchObject(lost);
    expect(await replyTo('nobody knows')).toMatchObject({ kind: 'lost', detail: 'no answer' });
  });
});

describe('batches', () => {
  test('carry 25 targets in two requests', async () => {
    const server = await graph({});
    const effects = await mailOn(server).mail.softDelete(targets(25));
    expect(server.seen.map(({ requests }) => requests.length)).toEqual([20, 5]);
    expect(effects.map(({ status }) => status)).toEqual(Array(25).fill('done'));
  });

  test('give each target its own answer although Graph answers in another order', async () => {
    const server = await graph({
      inner: ({ url }) => (url.includes('m-7') ? graphError(403, 'ErrorAccessDenied') : { status: 201 }),
    });
    const effects = await mailOn(server).mail.softDelete(targets(20));
    expect(effects.filter(({ status }) => status !== 'done').map(({ target }) => target.message)).toEqual(['m-7']);
  });

  test('name each inner request and ask for immutable ids in it', async () => {
    const server = await graph({});
    await mailOn(server).mail.read(targets(3));
    const headers = server.inner().map((inner) => inner.headers);
    expect(new Set(headers.map((each) => each['client-request-id'])).size).toBe(6);
    expect(headers.map((each) => each['Prefer'])).toEqual(Array(6).fill('IdType="ImmutableId"'));
  });

  test('say of what kind a body is, where there is one', async () => {
    const server = await graph({});
    const { mail } = mailOn(server);
    await mail.softDelete([target(1)]);
    await mail.read([target(1)]);
    const kinds = server.inner().map(({ method, headers }) => [method, headers['Content-Type']]);
    expect(kinds).toEqual([
      ['POST', 'application/json'],
      ['GET', undefined],
      ['GET', undefined],
    ]);
  });

  test('hand back Graph’s own request id', async () => {
    const server = await graph({ inner: () => ({ status: 201, headers: { 'request-id': 'from-graph' } }) });
    expect((await mailOn(server).mail.softDelete([target(1)]))[0]?.requestId).toBe('from-graph');
  });

  test('hand back our request id when Graph names none', async () => {
    const server = await graph({ inner: () => ({ status: 201, headers: {} }) });
    expect((await mailOn(server).mail.softDelete([target(1)]))[0]?.requestId).toMatch(/^client-/);
  });

  test('never hold more than four requests of one mailbox, nor do two batches together', async () => {
    let now = 0;
    let most = 0;
    const server = await graph({
      outer: async ({ requests }) => {
        now += requests.length;
        most = Math.max(most, now);
        await pause(5);
        now -= requests.length;
        return false;
      },
    });
    await mailOn(server).mail.softDelete(Array.from({ length: 10 }, (_, n) => target(1, `m-${n}`)));
    expect(server.seen.map(({ requests }) => requests.length)).toEqual([4, 4, 2]);
    expect(most).toBe(4);
  });

  test('count what a mailbox has in another one: as many leave as have come back', async () => {
    const next = Promise.withResolvers<void>();
    const server = await graph({
      outer: async ({ requests }) => {
        const urls = requests.map(({ url }) => url).join(' ');
        if (urls.includes('e-')) next.resolve();
        // The second batch is answered when the third has come.
        if (urls.includes('c-')) await next.promise;
        return false;
      },
    });
    const ofOne = (...names: string[]) => names.map((name) => target(1, `${name}-`));
    const others = Array.from({ length: 18 }, (_, n) => target(n + 2));
    await mailOn(server).mail.softDelete([...ofOne('a', 'b'), ...others, ...ofOne('c', 'd', 'e', 'f', 'g', 'h')]);
    expect(server.seen.map(({ requests }) => requests.length)).toEqual([20, 2, 2, 2]);
  });
});

describe('a throttled answer', () => {
  test.each([
    ['2.0004', 2_001],
    ['315', 315_000],
    ['86400', 600_000],
    ['Mon, 23 Nov 2026 12:00:07 GMT', 7_000],
    ['Monday, 23-Nov-26 12:00:07 GMT', 7_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 100],
    ['Mon, 23 Nov 2096 12:00:00 GMT', 600_000],
    ['0', 100],
    ['soon', 10_000],
    ['-5', 10_000],
    ['1e3', 10_000],
    ['2030', 600_000],
    ['2030-01-01', 10_000],
    ['', 10_000],
    ['99999999999999999999', 600_000],
  ])('with Retry-After %s rests the mailbox', async (header, waitMs) => {
    const server = await graph({ inner: () => ({ status: 429, headers: { 'Retry-After': header } }) });
    expect(await mailOn(server).mail.softDelete([target(1)])).toMatchObject([{ status: 'throttled', waitMs }]);
    expect(server.inner()).toHaveLength(1);
  });

  test('without Retry-After rests the mailbox for ten seconds', async () => {
    const server = await graph({ inner: () => ({ status: 503 }) });
    expect(await mailOn(server).mail.softDelete([target(1)])).toMatchObject([{ status: 'throttled', waitMs: 10_000 }]);
  });

  test('is given to all that still waits for the same mailbox, without sending it', async () => {
    const server = await graph({ inner: () => ({ status: 429, headers: { 'Retry-After': '3' } }) });
    const effects = await mailOn(server).mail.softDelete(Array.from({ length: 10 }, (_, n) => target(1, `m-${n}`)));
    expect(effects).toMatchObject(Array(10).fill({ status: 'throttled', waitMs: 3_000 }));
    expect(server.inner()).toHaveLength(4);
  });

  test('means for ever: what was answered as not sent is not sent later, when the mailbox is used again', async () => {
    let busy = true;
    const server = await graph({
      inner: () => (busy ? { status: 429, headers: { 'Retry-After': '3' } } : { status: 201 }),
    });
    const { mail } = mailOn(server);
    await mail.softDelete(Array.from({ length: 10 }, (_, n) => target(1, `m-${n}`)));
    busy = false;
    // A stop may have come in between: only what is asked for now may leave.
    await mail.softDelete([target(1, 'later')]);
    await mail.softDelete([target(2, 'elsewhere')]);
    const sent = server.inner().map(({ url }) => /messages\/([\w-]+)/.exec(url)?.[1]);
    expect(sent).toEqual(['m-0', 'm-1', 'm-2', 'm-3', 'later', 'elsewhere']);
  });

  test('rests that mailbox only: what waits for others is sent', async () => {
    const server = await graph({
      inner: ({ url }) => (url.includes(guid(1)) ? { status: 429, headers: { 'Retry-After': '3' } } : { status: 201 }),
    });
    const both = [1, 2].flatMap((box) => Array.from({ length: 10 }, (_, n) => target(box, `m-${n}`)));
    const effects = await mailOn(server).mail.softDelete(both);
    expect(effects.map(({ status }) => status)).toEqual([...Array(10).fill('throttled'), ...Array(10).fill('done')]);
    const urls = server.inner().map(({ url }) => url);
    expect(urls.filter((url) => url.includes(guid(2)))).toHaveLength(10);
  });

  test('that names a date means the clock of whoever wrote it', async () => {
    const server = await graph({
      outer: (_, response) =>
        json(
          response,
          429,
          {},
          { 'retry-after': 'Mon, 23 Nov 2026 13:00:09 GMT', date: 'Mon, 23 Nov 2026 13:00:00 GMT' },
        ),
    });
    expect(await mailOn(server).mail.softDelete([target(1)])).toMatchObject([{ status: 'throttled', waitMs: 9_000 }]);
  });

  test('to the whole batch rests everything for that time: nothing else is sent', async () => {
    let now = Date.parse('2026-11-23T12:00:00Z');
    let answers = 0;
    const server = await graph({
      outer: (_, response) => {
        answers += 1;
        return answers === 1 && json(response, 429, {}, { 'retry-after': '3' });
      },
    });
    const { mail } = mailOn(server, { clock: () => now });
    await mail.softDelete([target(1)]);
    now += 1_000;
    expect(await mail.softDelete([target(2)])).toMatchObject([{ status: 'throttled', waitMs: 2_000 }]);
    expect(server.seen).toHaveLength(1);
    now += 2_000;
    expect(await mail.softDelete([target(2)])).toMatchObject([{ status: 'done' }]);
  });

  test.each([
    ['503', { 'retry-after': '3' }, 503],
    ['429 that names no time', {}, 429],
  ])('to the whole batch rests nobody else where it is a %s', async (_what, headers, status) => {
    let answers = 0;
    const server = await graph({
      outer: (_, response) => {
        answers += 1;
        return answers === 1 && json(response, status, {}, headers);
      },
    });
    const { mail } = mailOn(server);
    await mail.softDelete([target(1)]);
    expect(await mail.softDelete([target(2)])).toMatchObject([{ status: 'done' }]);
  });

  test('to the whole batch is over at once where the clock was set back', async () => {
    let now = Date.parse('2026-11-23T12:00:00Z');
    let answers = 0;
    const server = await graph({
      outer: (_, response) => {
        answers += 1;
        return answers === 1 && json(response, 429, {}, { 'retry-after': '3' });
      },
    });
    const { mail } = mailOn(server, { clock: () => now });
    await mail.softDelete([target(1)]);
    now -= 3_600_000;
    expect(await mail.softDelete([target(2)])).toMatchObject([{ status: 'done' }]);
  });

  test.each([429, 503])('to the whole batch (%i) rests every mailbox in it', async (status) => {
    const server = await graph({ outer: (_, response) => json(response, status, {}, { 'retry-after': '3' }) });
    const effects = await mailOn(server).mail.softDelete(targets(2));
    expect(effects).toMatchObject(Array(2).fill({ status: 'throttled', waitMs: 3_000 }));
    expect(server.seen).toHaveLength(1);
  });

  test('is what a mailbox gets when the request never left', async () => {
    const server = await loopbackGraph();
    await server.close();
    expect(await mailOn(server).mail.softDelete([target(1)])).toMatchObject([{ status: 'throttled', waitMs: 30_000 }]);
  });
});

describe('an answer that did not come', () => {
  test('is lost for writes, and the write is sent once', async () => {
    const server = await graph({ outer: (_, response) => Boolean(response.destroy()) });
    expect(await mailOn(server).mail.softDelete([target(1)])).toMatchObject([{ status: 'unknown' }]);
    expect(server.seen).toHaveLength(1);
  });

  test('is failed for reads', async () => {
    const server = await graph({ outer: (_, response) => Boolean(response.destroy()) });
    expect(await mailOn(server).mail.read([target(1)])).toMatchObject([{ status: 'failed' }]);
  });

  test('is lost when it is missing in the batch, for that target only', async () => {
    const server = await graph({ inner: ({ url }) => (url.includes('m-1') ? undefined : { status: 201 }) });
    const effects = await mailOn(server).mail.softDelete(targets(3));
    expect(effects.map(({ status }) => status)).toEqual(['done', 'unknown', 'done']);
  });

  test.each([500, 502, 504])('is lost when the whole batch ends in %i', async (status) => {
    const server = await graph({ outer: (_, response) => json(response, status, {}) });
    expect(await mailOn(server).mail.softDelete([target(1)])).toMatchObject([{ status: 'unknown' }]);
  });

  test('is lost when the batch answer is not JSON', async () => {
    const server = await graph({ outer: (_, response) => Boolean(response.writeHead(200).end('<html>')) });
    expect(await mailOn(server).mail.softDelete([target(1)])).toMatchObject([{ status: 'unknown' }]);
  });

  test('is lost when one inner answer is a gateway timeout', async () => {
    const server = await graph({ inner: () => graphError(504, 'UnknownError') });
    expect(await mailOn(server).mail.softDelete([target(1)])).toMatchObject([{ status: 'unknown' }]);
  });

  test('is failed, not lost, when Graph refuses the token', async () => {
    const server = await graph({ outer: (_, response) => json(response, 401, {}) });
    expect(await mailOn(server).mail.softDelete([target(1)])).toMatchObject([
      { status: 'refused', why: 'failed', detail: '401' },
    ]);
  });
});

test.each([
  [199, 'refused'],
  [200, 'done'],
  [299, 'done'],
  [300, 'refused'],
])('only what begins with a two was done: %i is %s', async (status, expected) => {
  const server = await graph({ inner: () => ({ status }) });
  expect(await mailOn(server).mail.softDelete([target(1)])).toMatchObject([{ status: expected }]);
});

test('every request is observed, with the batch it travelled in', async () => {
  const server = await graph({ inner: () => graphError(404, 'ErrorItemNotFound') });
  const events: unknown[] = [];
  await mailOn(server, { observe: (event) => events.push(event) }).mail.softDelete([target(1)]);
  expect(events).toEqual([
    { operation: 'batch', status: 200, ms: 0 },
    { operation: 'move', status: 404, ms: 0 },
  ]);
});

test('an observer that breaks is a bug that is seen, and the mailbox is free again', async () => {
  const server = await graph({});
  let broken = true;
  const observe = () => {
    if (broken) throw new Error('a bug');
  };
  const { mail } = mailOn(server, { observe });
  const four = Array.from({ length: 4 }, (_, n) => target(1, `m-${n}`));
  await expect(mail.softDelete(four)).rejects.toThrow('a bug');
  broken = false;
  expect((await mail.softDelete(four)).map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done']);
});
