import { describe, expect, test } from 'vitest';
import type { PutBackOrder } from '../../src/ports/effects.ts';
import { graph, graphError, guid, type Inner, type InnerAnswer, mailOn, message, wordOf } from './graph-loopback.ts';

const target = { mailbox: guid(1), message: 'm-1' };
const order: PutBackOrder = {
  ...target,
  folderId: 'f-inbox',
  isRead: true,
  flag: 'flagged',
  flagDates: null,
  categories: ['Red'],
  moved: false,
};
const ok = (inner: Inner, found: Record<string, unknown> = {}): InnerAnswer =>
  inner.method === 'POST' ? { status: 201, body: {} } : { status: 200, body: message(found) };
const patchOf = (requests: readonly Inner[]) => requests.find(({ method }) => method === 'PATCH')?.body;
const day = (date: string) => ({ dateTime: `${date}T00:00:00.0000000`, timeZone: 'UTC' });

describe('putting a message back', () => {
  test('moves it, looks, and writes no mark that is there already', async () => {
    const server = await graph({ inner: (inner) => ok(inner) });
    expect(await mailOn(server).mail.putBack([order])).toMatchObject([{ status: 'done', target }]);
    expect(server.inner().map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(server.inner()[0]?.body).toEqual({ destinationId: 'f-inbox' });
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['read state', { isRead: false }, { isRead: true }],
    ['categories', { categories: ['Blue'] }, { categories: ['Red'] }],
    [
      'flag',
      { flag: { flagStatus: 'notFlagged' } },
      { flag: { flagStatus: 'flagged', startDateTime: null, dueDateTime: null } },
    ],
  ])('sets the %s alone where nothing else differs', async (_, found, written) => {
    const server = await graph({ inner: (inner) => ok(inner, found) });
    expect(await mailOn(server).mail.putBack([order])).toMatchObject([{ status: 'done' }]);
    expect(patchOf(server.inner())).toEqual(written);
  });

  test('names the request that tells of it in Microsoft’s own record, also where it lay in its place already', async () => {
    const server = await graph({ inner: (inner) => ok(inner) });
    const { mail } = mailOn(server);
    for (const isThere of [false, true])
      expect(await mail.putBack([{ ...order, moved: isThere }])).toMatchObject([{ requestId: 'graph-0' }]);
    expect(server.inner().map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
  });

  test('believes no marks that come with a failure', async () => {
    const failed = { status: 502, body: message({}) };
    const server = await graph({ inner: (inner) => (inner.method === 'GET' ? failed : ok(inner)) });
    expect(await mailOn(server).mail.putBack([order])).toMatchObject([{ status: 'unknown' }]);
  });

  test('writes a flag with all its dates: its status alone may lose them', async () => {
    const server = await graph({ inner: (inner) => ok(inner) });
    const flagDates = { start: day('2026-11-20'), due: day('2026-11-30') };
    await mailOn(server).mail.putBack([{ ...order, flagDates }]);
    expect(patchOf(server.inner())).toEqual({
      flag: { flagStatus: 'flagged', startDateTime: day('2026-11-20'), dueDateTime: day('2026-11-30') },
    });
  });

  test.each<[string, object, object]>([
    [
      'a task that is done, with the day on which it was',
      {
        flag: 'complete',
        flagDates: { start: day('2026-11-20'), due: day('2026-11-30'), completed: day('2026-11-28') },
      },
      {
        flagStatus: 'complete',
        startDateTime: day('2026-11-20'),
        dueDateTime: day('2026-11-30'),
        completedDateTime: day('2026-11-28'),
      },
    ],
    [
      'a due date without a start, which Graph takes together only',
      { flagDates: { due: day('2026-11-30') } },
      { flagStatus: 'flagged', startDateTime: day('2026-11-30'), dueDateTime: day('2026-11-30') },
    ],
    ['no flag, and then no dates either', { flag: 'notFlagged' }, { flagStatus: 'notFlagged' }],
    ['a flag of which no dates are known', { flag: 'complete', flagDates: undefined }, { flagStatus: 'complete' }],
  ])('writes %s', async (_, change, written) => {
    const server = await graph({ inner: (inner) => ok(inner) });
    await mailOn(server).mail.putBack([{ ...order, ...change }]);
    expect(patchOf(server.inner())).toEqual({ flag: written });
  });

  test.each<[string, Partial<PutBackOrder>]>([
    ['a mailbox', { mailbox: 'ana@contoso.example' }],
    ['a message', { message: '..' }],
    ['a folder', { folderId: '..' }],
  ])('sends nothing for what is no id of %s', async (what, change) => {
    const server = await graph({ inner: (inner) => ok(inner) });
    const [effect] = await mailOn(server).mail.putBack([{ ...order, ...change }]);
    expect(effect).toMatchObject({ status: 'refused', why: 'failed', detail: `not a ${what.slice(2)} id` });
    expect(server.seen).toEqual([]);
  });

  test('asks nothing of dates in an image that knows none', async () => {
    const { flagDates: _none, ...old } = order;
    const found = { flag: { flagStatus: 'flagged', dueDateTime: day('2026-11-30') } };
    const server = await graph({ inner: (inner) => ok(inner, found) });
    await mailOn(server).mail.putBack([old]);
    expect(patchOf(server.inner())).toBeUndefined();
  });

  test('no batch holds a request that waits for another', async () => {
    const server = await graph({ inner: (inner) => ok(inner, { isRead: false }) });
    const orders = Array.from({ length: 30 }, (_, n) => ({ ...order, mailbox: guid(n % 5), message: `m-${n}` }));
    await mailOn(server).mail.putBack(orders);
    expect(server.inner()).toHaveLength(90);
    expect(server.inner().filter((inner) => 'dependsOn' in inner)).toEqual([]);
  });

  test('only sets the marks of what was moved by an earlier try: its owner may have put it elsewhere since', async () => {
    const server = await graph({ inner: (inner) => ok(inner, { isRead: false }) });
    expect(await mailOn(server).mail.putBack([{ ...order, moved: true }])).toMatchObject([{ status: 'done' }]);
    expect(server.inner().map(({ method }) => method)).toEqual(['GET', 'PATCH']);
  });

  test.each(['ErrorFolderNotFound', 'ErrorItemNotFound'])(
    'goes to the Inbox when the folder is gone (%s)',
    async (code) => {
      const server = await graph({
        inner: (inner) =>
          inner.method === 'POST' && inner.body?.['destinationId'] !== 'inbox' ? graphError(404, code) : ok(inner),
      });
      expect(await mailOn(server).mail.putBack([order])).toMatchObject([{ status: 'done' }]);
    },
  );

  test('is absent when the message is gone as well', async () => {
    const server = await graph({ inner: () => graphError(404, 'ErrorItemNotFound') });
    expect(await mailOn(server).mail.putBack([order])).toMatchObject([{ status: 'refused', why: 'absent' }]);
  });

  test('does not try the Inbox of a mailbox that is gone', async () => {
    const server = await graph({ inner: () => graphError(404, 'MailboxNotEnabledForRESTAPI') });
    expect(await mailOn(server).mail.putBack([order])).toMatchObject([{ status: 'refused', why: 'unreachable' }]);
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    [{ status: 429 }, 'unknown'],
    [undefined, 'unknown'],
    [graphError(404, 'ErrorItemNotFound'), 'unknown'],
    [graphError(400, 'ErrorInvalidRequest'), 'failed'],
    [graphError(403, 'ErrorAccessDenied'), 'failed'],
  ])('is not called untouched when it moved but the marks are open (%j)', async (patch, word) => {
    const server = await graph({
      inner: (inner) => (inner.method === 'PATCH' ? patch : ok(inner, { isRead: false })),
    });
    const effects = await mailOn(server).mail.putBack([order]);
    expect(effects).toMatchObject([{ detail: expect.stringContaining('moved back') }]);
    expect(effects.map(wordOf)).toEqual([word]);
  });

  test.each<[string, InnerAnswer | undefined, string, string]>([
    ['asks to wait', { status: 429 }, 'unknown', 'throttled'],
    ['has an unknown shape', { status: 200, body: { id: 7 } }, 'unknown', 'the answer has an unknown shape'],
    ['is refused', graphError(403, 'ErrorAccessDenied'), 'refused', '403 ErrorAccessDenied'],
    ['fails', graphError(400, 'ErrorInvalidRequest'), 'refused', '400 ErrorInvalidRequest'],
    ['does not come', undefined, 'unknown', 'the batch came back without this answer'],
  ])('says why the marks are open where the look %s', async (_, look, status, why) => {
    const server = await graph({ inner: (inner) => (inner.method === 'GET' ? look : ok(inner)) });
    const detail = `moved back, but read state and marks are not confirmed: ${why}`;
    expect(await mailOn(server).mail.putBack([order])).toMatchObject([{ status, detail }]);
  });

  test.each<[string, InnerAnswer | undefined, object]>([
    ['throttled', { status: 429, headers: { 'Retry-After': '3' } }, { status: 'throttled', waitMs: 3_000 }],
    ['refused', graphError(403, 'ErrorAccessDenied'), { status: 'refused', why: 'denied' }],
    ['not answered', undefined, { status: 'unknown' }],
  ])('ends with the move where that was %s: nothing else is tried', async (_, move, effect) => {
    const server = await graph({ inner: (inner) => (inner.method === 'POST' ? move : ok(inner, { isRead: false })) });
    expect(await mailOn(server).mail.putBack([order])).toMatchObject([effect]);
    expect(server.inner().map(({ method }) => method)).toEqual(['POST']);
  });

  test('is not called done when nobody could look at it afterwards', async () => {
    const server = await graph({
      inner: (inner) => (inner.method === 'GET' ? graphError(500, 'UnknownError') : ok(inner)),
    });
    expect(await mailOn(server).mail.putBack([order])).toMatchObject([
      { status: 'unknown', detail: expect.stringContaining('moved back') },
    ]);
    expect(patchOf(server.inner())).toBeUndefined();
  });
});
