import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IMMUTABLE, openSandbox, PHISH, type Sandbox } from './graph-stand-in.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const call = (method: string, path: string, body?: unknown) =>
  sandbox.call(method, `/users/alice@contoso.com${path}`, body, IMMUTABLE);
const flags = (value: string) => ({ singleValueExtendedProperties: [{ id: 'Integer 0x0E07', value }] });
const put = (body: object) => call('POST', '/mailFolders/inbox/messages', { subject: 'Hello', ...body });

describe('a mail that an app puts into a folder', () => {
  test.each([
    ['a draft without message flags', {}, true, true],
    ['a draft with the flag for unsent', flags('8'), true, false],
    ['an unread mail with none', flags('0'), false, false],
    ['a read mail with the flag for read', flags('1'), false, true],
  ])('is %s', async (_, more, isDraft, isRead) => {
    const { status, body } = await put(more);
    expect([status, body.isDraft, body.isRead, body.subject]).toEqual([201, isDraft, isRead, 'Hello']);
    expect((await call('GET', `/messages/${body.id}`)).body).toMatchObject({ id: body.id, isDraft });
  });

  test('keeps the Message-ID that it is given, or gets one of the service’s own', async () => {
    const internetMessageId = '<mine@fabrikam.example>';
    const kept = await put({ internetMessageId });
    sandbox.graph.setBeliefs({ newMessageId: true });
    const replaced = await put({ internetMessageId });
    expect([kept.body.internetMessageId, replaced.body.internetMessageId]).toEqual([
      internetMessageId,
      expect.stringMatching(/^<[0-9a-f-]{36}@contoso\.com>$/),
    ]);
  });

  test('was never delivered: hunting does not know it', async () => {
    await put(flags('0'));
    expect(sandbox.tenant.emailEvents()).toEqual([]);
  });

  test.each([
    ['a property that it does not have', { colour: 'red' }],
    ['another extended property', { singleValueExtendedProperties: [{ id: 'String 0x001A', value: 'x' }] }],
  ])('is refused with %s', async (_, more) => {
    expect((await put(more)).status).toBe(400);
  });

  test.each([
    ['scheduled', 404],
    ['AAMkAGFsYm9sZGVyLWdvbmU', 404],
    ['gone', 400],
  ])('is refused in a folder that is not there: %s', async (folder, status) => {
    expect((await call('POST', `/mailFolders/${folder}/messages`, { subject: 'x' })).status).toBe(status);
  });
});

describe('a folder that an app makes', () => {
  async function withMail() {
    const { body: folder } = await call('POST', '/mailFolders', { displayName: 'Mine' });
    const [copy] = sandbox.tenant.deliver({ ...PHISH, to: ['alice@contoso.com'], folder: folder.id }).copies;
    const mail = async () => (await call('GET', `/messages/${copy?.messageId}`)).body.parentFolderId;
    const idOf = async (name: string) => (await call('GET', `/mailFolders/${name}`)).body.id;
    return { folder: folder.id as string, mail, idOf };
  }

  test('lies below the root, and its name is there once', async () => {
    const { status, body } = await call('POST', '/mailFolders', { displayName: 'Mine' });
    const root = await call('GET', '/mailFolders/msgfolderroot');
    const again = await call('POST', '/mailFolders', { displayName: 'mine' });
    expect([status, body.parentFolderId, again.status, again.body.error.code]).toEqual([
      201,
      root.body.id,
      409,
      'ErrorFolderExists',
    ]);
  });

  test('lies below Deleted Items under its id, with what is in it, when it is deleted', async () => {
    const { folder, mail, idOf } = await withMail();
    expect((await call('DELETE', `/mailFolders/${folder}`)).status).toBe(204);
    const { body } = await call('GET', `/mailFolders/${folder}`);
    expect([body.parentFolderId, await mail()]).toEqual([await idOf('deleteditems'), folder]);
  });

  test('or is gone, and what was in it lies in Deleted Items', async () => {
    sandbox.graph.setBeliefs({ deletedFolderKept: false });
    const { folder, mail, idOf } = await withMail();
    await call('DELETE', `/mailFolders/${folder}`);
    expect([(await call('GET', `/mailFolders/${folder}`)).status, await mail()]).toEqual([
      404,
      await idOf('deleteditems'),
    ]);
  });

  test('is gone when it is deleted out of Deleted Items', async () => {
    const { folder, mail, idOf } = await withMail();
    await call('DELETE', `/mailFolders/${folder}`);
    await call('DELETE', `/mailFolders/${folder}`);
    const found = await call('GET', `/mailFolders/${folder}`);
    expect([found.status, await mail()]).toEqual([404, await idOf('recoverableitemsdeletions')]);
  });

  test('is removed for good by a permanent delete, and what was in it goes to Purges', async () => {
    const { folder, mail, idOf } = await withMail();
    expect((await call('POST', `/mailFolders/${folder}/permanentDelete`, {})).status).toBe(204);
    const found = await call('GET', `/mailFolders/${folder}`);
    expect([found.status, await mail()]).toEqual([404, await idOf('recoverableitemspurges')]);
  });

  test.each(['DELETE', 'POST'])('is never one of the mailbox’s own: %s', async (method) => {
    const { status, body } = await call(
      method,
      `/mailFolders/inbox${method === 'POST' ? '/permanentDelete' : ''}`,
      method === 'POST' ? {} : undefined,
    );
    expect([status, body.error.code]).toEqual([400, 'ErrorDeleteDistinguishedFolder']);
  });
});
