import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createMailboxes, type MailboxOptions } from '../../src/adapters/graph/mailboxes.ts';
import type { RequestLog } from '../../src/ports/requests.ts';
import { graph, graphError, type InnerAnswer, type Script } from './graph-loopback.ts';

/** What a mail was sent as, as Graph answers it; whatever it answers, nothing is thrown and nothing is kept half. */

const TARGET = { mailbox: '11111111-0000-4000-8000-000000000001', message: 'AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A' };
const PATH = `/users/${TARGET.mailbox}/messages/${TARGET.message}`;

async function on(script: Script, more: Partial<MailboxOptions> = {}) {
  const server = await graph(script);
  const { evidence } = createMailboxes({
    baseUrl: server.baseUrl,
    token: async () => 'a-token',
    clock: Date.now,
    ids: randomUUID,
    sleep: async () => undefined,
    ...more,
  });
  return { evidence, server };
}
const answered = (answer: InnerAnswer): Script => ({ inner: () => answer });

describe('the headers of a mail', () => {
  test('are asked for by the id that stays, alone, and nothing else is asked for', async () => {
    const { evidence, server } = await on(
      answered({ status: 200, body: { internetMessageHeaders: [{ name: 'Received', value: 'from a' }] } }),
    );
    expect(await evidence.headers(TARGET)).toEqual({
      status: 'ok',
      value: [{ name: 'Received', value: 'from a' }],
      requestId: 'graph-0',
    });
    expect(server.inner()).toMatchObject([
      {
        method: 'GET',
        url: `${PATH}?$select=internetMessageHeaders`,
        headers: { Prefer: 'IdType="ImmutableId"' },
      },
    ]);
  });

  test.each([
    ['null', { internetMessageHeaders: null }, []],
    ['left out', { id: 'x' }, []],
    [
      'without a value',
      { internetMessageHeaders: [{ name: 'X-Empty', value: null }] },
      [{ name: 'X-Empty', value: '' }],
    ],
  ])('that are %s are read as that', async (_what, body, value) => {
    const { evidence } = await on(answered({ status: 200, body }));
    expect(await evidence.headers(TARGET)).toMatchObject({ status: 'ok', value });
  });

  test.each<[string, InnerAnswer, object]>([
    ['403', graphError(403, 'ErrorAccessDenied'), { status: 'denied', detail: '403 ErrorAccessDenied' }],
    ['404 of the message', graphError(404, 'ErrorItemNotFound'), { status: 'absent' }],
    ['404 of the owner', graphError(404, 'ErrorInvalidUser'), { status: 'absent' }],
    [
      '404 of a mailbox elsewhere',
      graphError(404, 'MailboxNotEnabledForRESTAPI'),
      { status: 'no answer', waitMs: null },
    ],
    ['404 of a proxy', { status: 404, body: 'no' }, { status: 'no answer' }],
    [
      '429',
      { ...graphError(429, 'ApplicationThrottled'), headers: { 'Retry-After': '7' } },
      { status: 'no answer', waitMs: 7_000 },
    ],
    ['500', graphError(500, 'ErrorInternalServerError'), { status: 'no answer' }],
    ['an unknown shape', { status: 200, body: { internetMessageHeaders: [{ value: 1 }] } }, { status: 'no answer' }],
  ])('that are answered with %s are told as that', async (_what, answer, told) => {
    const { evidence } = await on(answered(answer));
    expect(await evidence.headers(TARGET)).toMatchObject(told);
  });

  test('and the message are not asked for where that is no message', async () => {
    const { evidence, server } = await on({});
    const nowhere = { mailbox: TARGET.mailbox, message: '..' };
    const got = [await evidence.headers(nowhere), await evidence.mime(nowhere, 10)];
    expect([got.map(({ status }) => status), server.seen]).toEqual([['no answer', 'no answer'], []]);
  });
});

describe('a whole message', () => {
  const raw = (answer: (response: ServerResponse) => void): Script => ({
    outer: (_outer, response) => {
      answer(response);
      return true;
    },
  });
  const message = 'From: <a@mailer.example>\r\n\r\nGr\xf6\xdfe\r\n';
  const bytes = Buffer.from(message, 'latin1');
  const says =
    (status: number, body: string | Buffer = '', headers: Record<string, string> = {}) =>
    (response: ServerResponse) =>
      void response.writeHead(status, { 'request-id': 'graph-raw', ...headers }).end(body);

  test('comes byte by byte as it was sent, asked for by the id that stays', async () => {
    const { evidence, server } = await on(raw(says(200, bytes, { 'content-type': 'text/plain' })));
    const got = await evidence.mime(TARGET, bytes.length);
    expect(got.status === 'ok' && Buffer.from(got.value).equals(bytes)).toBe(true);
    expect(got.requestId).toBe('graph-raw');
    expect(server.seen).toMatchObject([
      {
        path: `/v1.0${PATH}/$value`,
        headers: {
          authorization: 'Bearer a-token',
          prefer: 'IdType="ImmutableId"',
          'client-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      },
    ]);
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['that says so', says(200, bytes)],
    ['that does not say so', (response) => void response.writeHead(200).write(bytes, () => response.end())],
    ['that came compressed', says(200, gzipSync('x'.repeat(10_000)), { 'content-encoding': 'gzip' })],
    ['that never ends', (response) => void response.writeHead(200).write(Buffer.alloc(1_000))],
  ])('that is too large, %s, is not kept', async (_what, answer) => {
    const { evidence } = await on(raw(answer));
    expect(await evidence.mime(TARGET, bytes.length - 1)).toMatchObject({ status: 'too large' });
  });

  test.each<[string, (response: ServerResponse) => void, object]>([
    ['403', says(403, '{"error":{"code":"ErrorAccessDenied"}}'), { status: 'denied', detail: '403 ErrorAccessDenied' }],
    ['404', says(404, '{"error":{"code":"ErrorItemNotFound"}}'), { status: 'absent' }],
    ['404 of a proxy', says(404, '<html>'), { status: 'no answer' }],
    ['429', says(429, '', { 'retry-after': '7' }), { status: 'no answer', waitMs: 7_000 }],
    ['503 without a wait', says(503), { status: 'no answer', waitMs: 10_000 }],
    ['202', says(202, 'later'), { status: 'no answer' }],
    ['a way elsewhere', says(302, '', { location: 'http://127.0.0.1:1/' }), { status: 'no answer', waitMs: null }],
    ['a cut connection', (response) => void response.destroy(), { status: 'no answer', waitMs: null }],
  ])('that is answered with %s is told as that', async (_what, answer, told) => {
    const { evidence } = await on(raw(answer));
    expect(await evidence.mime(TARGET, 1_000)).toMatchObject(told);
  });

  test('is written down before it leaves, and then what it was answered', async () => {
    const book: unknown[] = [];
    const requests: RequestLog = {
      before: async ({ id, operation, changes }) => void book.push({ id, operation, changes }),
      after: (id, status) => void book.push({ id, status }),
    };
    const { evidence, server } = await on(raw(says(200, bytes)), { requests });
    await evidence.mime(TARGET, bytes.length);
    const id = server.seen[0]?.headers['client-request-id'];
    expect(book).toEqual([
      { id, operation: 'evidence mime', changes: false },
      { id, status: 200 },
    ]);
  });

  test('of which only a part came is not kept', async () => {
    const half = (response: ServerResponse) =>
      void response.writeHead(200, { 'content-length': '1000' }).write(bytes, () => response.destroy());
    const { evidence } = await on(raw(half));
    expect(await evidence.mime(TARGET, 10_000)).toMatchObject({ status: 'no answer' });
  });

  test('is not asked for without a token, or once the work was given away', async () => {
    const noToken = await on({}, { token: () => Promise.reject(new Error('no secret')) });
    expect(await noToken.evidence.mime(TARGET, 10)).toMatchObject({ status: 'no answer', detail: 'no secret' });
    const away = await on({}, { givenAway: AbortSignal.abort() });
    expect(await away.evidence.mime(TARGET, 10)).toMatchObject({ status: 'no answer' });
    expect([noToken.server.seen, away.server.seen]).toEqual([[], []]);
  });
});
