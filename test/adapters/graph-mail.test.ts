import { describe, expect, test } from 'vitest';
import { asking, graph, graphError, guid, mailOn, message, tenant, wordOf } from './graph-loopback.ts';

const target = { mailbox: guid(1), message: 'AAkA=/+x#1' };
describe('reading messages', () => {
  const found = (parentFolderId: string) =>
    tenant([], ({ url }) =>
      url.includes('/messages/') ? { status: 200, body: message({ parentFolderId }) } : undefined,
    );

  test('says whether the user still sees the message', async () => {
    const inBin = await mailOn(await graph(found('f-bin'))).mail.read([target]);
    const inInbox = await mailOn(await graph(found('f-inbox'))).mail.read([target]);
    expect(inBin).toMatchObject([{ status: 'ok', target, state: { folderId: 'f-bin', inRecoverableItems: true } }]);
    expect(inInbox).toMatchObject([{ status: 'ok', state: { folderId: 'f-inbox', inRecoverableItems: false } }]);
  });

  test('asks for a mailbox’s Recoverable Items once', async () => {
    const server = await graph(found('f-bin'));
    const { mail } = mailOn(server);
    await mail.read([target, { ...target, message: 'm-2' }]);
    await mail.read([target]);
    expect(asking(server, 'recoverableitemsdeletions')).toHaveLength(1);
  });

  test.each([
    [404, 'ErrorItemNotFound', 'absent'],
    [404, 'MailboxNotEnabledForRESTAPI', 'unreachable'],
    [404, 'ResourceNotFound', 'unreachable'],
    [404, 'Request_ResourceNotFound', 'missing'],
    [404, 'UnknownError', 'failed'],
    [403, 'ErrorAccessDenied', 'denied'],
    [500, 'UnknownError', 'failed'],
  ])('takes %i %s as %s', async (status, code, expected) => {
    const server = await graph(
      tenant([], ({ url }) => (url.includes('/messages/') ? graphError(status, code) : undefined)),
    );
    expect(await mailOn(server).mail.read([target])).toMatchObject([{ status: expected, detail: `${status} ${code}` }]);
  });

  test('does not guess when Recoverable Items cannot be read', async () => {
    const server = await graph({
      inner: ({ url }) =>
        url.includes('mailFolders') ? graphError(500, 'UnknownError') : { status: 200, body: message() },
    });
    expect(await mailOn(server).mail.read([target])).toMatchObject([
      { status: 'failed', detail: 'Recoverable Items: 500 UnknownError' },
    ]);
  });
});

describe('changing messages', () => {
  test('a soft delete moves to Recoverable Items, by an encoded id', async () => {
    const server = await graph({});
    await mailOn(server).mail.softDelete([target]);
    expect(server.inner()).toMatchObject([
      {
        method: 'POST',
        url: `/users/${guid(1)}/messages/AAkA%3D%2F%2Bx%231/move`,
        body: { destinationId: 'recoverableitemsdeletions' },
        headers: { 'Content-Type': 'application/json' },
      },
    ]);
  });

  test.each([
    { mailbox: 'ana@contoso.com', message: 'm-1' },
    { mailbox: '../groups', message: 'm-1' },
    { mailbox: guid(1), message: '' },
    { mailbox: guid(1), message: '..' },
    { mailbox: guid(1), message: 'm\n1' },
  ])('never sends the target $mailbox $message', async (bad) => {
    const server = await graph({});
    const { mail } = mailOn(server);
    const order = { ...bad, categories: [], flag: 'flagged', folderId: 'f-inbox', isRead: true, moved: false };
    const calls = [mail.softDelete([bad]), mail.mark([order]), mail.putBack([order])];
    const effects = (await Promise.all(calls)).flat();
    expect(effects.map(wordOf)).toEqual(['failed', 'failed', 'failed']);
    expect(await mail.read([bad])).toMatchObject([{ status: 'failed' }]);
    expect(server.seen).toHaveLength(0);
  });

  test('a mark sets categories and flag, nothing else', async () => {
    const server = await graph({});
    const { mail } = mailOn(server);
    await mail.mark([{ ...target, categories: ['Red', 'Phish'], flag: 'flagged' }]);
    await mail.mark([{ ...target, categories: [], flag: null }]);
    expect(server.inner().map(({ method, body }) => [method, body])).toEqual([
      ['PATCH', { categories: ['Red', 'Phish'], flag: { flagStatus: 'flagged' } }],
      ['PATCH', { categories: [] }],
    ]);
  });

  test.each([
    [404, 'ErrorItemNotFound', 'absent'],
    [404, 'MailboxNotEnabledForRESTAPI', 'unreachable'],
    [403, 'ErrorAccessDenied', 'denied'],
    [400, 'ErrorInvalidIdMalformed', 'failed'],
  ])('takes %i %s as %s', async (status, code, expected) => {
    const server = await graph({ inner: () => graphError(status, code) });
    const effects = await mailOn(server).mail.softDelete([target]);
    expect(effects.map((effect) => [wordOf(effect), effect.target])).toEqual([[expected, target]]);
  });
});
