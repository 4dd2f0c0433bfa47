import { beforeEach, describe, expect, test } from 'vitest';
import type { DeliveredCopy } from '../../src/sandbox/tenant/types.ts';
import { type Answer, filterOf, IMMUTABLE, odata, openSandbox, PHISH, type Sandbox } from './graph-stand-in.ts';

/** Where mailboxes are harder than one would like; what nobody documents can be set both ways. */

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
  return () => sandbox[Symbol.asyncDispose]();
});

function deliver(change: object = {}): DeliveredCopy {
  return sandbox.tenant.deliver({ ...PHISH, to: ['alice@contoso.com'], ...change }).copies[0] as DeliveredCopy;
}

const pathOf = ({ userId, messageId }: DeliveredCopy) => `/users/${userId}/messages/${messageId}`;
const get = (copy: DeliveredCopy) => sandbox.call('GET', pathOf(copy), undefined, IMMUTABLE);
const post = (path: string, body: unknown = {}) => sandbox.call('POST', path, body, IMMUTABLE);
const patch = (copy: DeliveredCopy, body: unknown) => sandbox.call('PATCH', pathOf(copy), body, IMMUTABLE);
const toBin = (copy: DeliveredCopy) => post(`${pathOf(copy)}/move`, { destinationId: 'recoverableitemsdeletions' });
const codeOf = ({ status, body }: Answer) => [status, body?.error?.code];
const folderId = async ({ userId }: DeliveredCopy, name: string): Promise<string> =>
  (await sandbox.call('GET', `/users/${userId}/mailFolders/${name}`)).body.id;
const search = async ({ userId }: DeliveredCopy) =>
  (
    await sandbox.call(
      'GET',
      `/users/${userId}/messages?${filterOf(`internetMessageId eq ${odata(PHISH.internetMessageId)}`)}`,
      undefined,
      IMMUTABLE,
    )
  ).body.value;

describe('an owner', () => {
  test.each([false, true])('takes mail back out of Recoverable Items (under a new id: %s)', async (newId) => {
    const copy = deliver();
    await toBin(copy);
    expect(await search(copy)).toEqual([]);
    sandbox.tenant.userRecovers(copy.userId, copy.messageId, { newId });
    const found = await search(copy);
    expect(found).toHaveLength(1);
    expect(found[0].id === copy.messageId).toBe(!newId);
    expect((await get(copy)).status).toBe(newId ? 404 : 200);
  });

  test('recovers nothing that was deleted for good, nor what was never away', async () => {
    const copy = deliver();
    expect(() => sandbox.tenant.userRecovers(copy.userId, copy.messageId)).toThrow('nothing to recover');
    await post(`${pathOf(copy)}/permanentDelete`);
    expect(() => sandbox.tenant.userRecovers(copy.userId, copy.messageId)).toThrow('nothing to recover');
  });

  test('sees an archive that Graph does not', async () => {
    const copy = deliver();
    sandbox.tenant.userArchives(copy.userId, copy.messageId);
    expect(codeOf(await get(copy))).toEqual([404, 'ErrorItemNotFound']);
    expect(await search(copy)).toEqual([]);
    expect(sandbox.tenant.archived(copy.userId)).toMatchObject([{ internetMessageId: PHISH.internetMessageId }]);
  });

  test('deletes a folder: it lies below Deleted Items under its id, and mail can be moved there', async () => {
    const own = sandbox.tenant.addFolder('alice', 'Invoices');
    const copy = deliver();
    sandbox.tenant.removeFolder('alice', 'Invoices');
    const moved = await post(`${pathOf(copy)}/move`, { destinationId: own.id });
    expect([moved.status, moved.body.parentFolderId]).toEqual([201, own.id]);
    const folder = await sandbox.call('GET', `/users/${copy.userId}/mailFolders/${own.id}`);
    expect(folder.body.parentFolderId).toBe(await folderId(copy, 'deleteditems'));
  });
});

describe('what is deleted for good', () => {
  test.each([
    [true, 200],
    [false, 404],
  ])('lies in Purges; its id can be read (%s) or not, and nothing is done to it', async (purgesReadable, status) => {
    sandbox.graph.setBeliefs({ purgesReadable });
    const copy = deliver();
    await post(`${pathOf(copy)}/permanentDelete`);
    const read = await get(copy);
    expect(read.status).toBe(status);
    if (purgesReadable) expect(read.body.parentFolderId).toBe(await folderId(copy, 'recoverableitemspurges'));
    expect(await search(copy)).toEqual([]);
    expect(codeOf(await post(`${pathOf(copy)}/move`, { destinationId: 'inbox' }))).toEqual([404, 'ErrorItemNotFound']);
    expect(codeOf(await patch(copy, { isRead: true }))).toEqual([404, 'ErrorItemNotFound']);
  });

  test.each([
    [false, [204, undefined]],
    [true, [403, 'ErrorCannotDeleteObject']],
  ])('may be out of reach once it is in Recoverable Items (%s)', async (deletionsLocked, expected) => {
    sandbox.graph.setBeliefs({ deletionsLocked });
    const copy = deliver();
    await toBin(copy);
    expect(codeOf(await post(`${pathOf(copy)}/permanentDelete`))).toEqual(expected);
  });
});

describe('a flag', () => {
  const day = (date: string) => ({ dateTime: `${date}T00:00:00.0000000`, timeZone: 'UTC' });
  const flagged = { flag: 'flagged', flagDates: { start: '2026-11-20', due: '2026-11-30' } };
  const both = { startDateTime: day('2026-11-20'), dueDateTime: day('2026-11-30') };

  test('tells its dates, and takes them', async () => {
    const copy = deliver(flagged);
    expect((await get(copy)).body.flag).toEqual({ flagStatus: 'flagged', ...both });
    const later = { flagStatus: 'flagged', startDateTime: day('2026-12-01'), dueDateTime: day('2026-12-02') };
    expect((await patch(copy, { flag: later })).body.flag).toEqual(later);
  });

  test.each([
    [true, { flagStatus: 'flagged' }],
    [false, { flagStatus: 'flagged', ...both }],
  ])('written by its status alone may forget them (%s)', async (flagForgetsDates, expected) => {
    sandbox.graph.setBeliefs({ flagForgetsDates });
    const copy = deliver(flagged);
    expect((await patch(copy, { flag: { flagStatus: 'flagged' } })).body.flag).toEqual(expected);
  });

  test('takes no due date without a start', async () => {
    const answer = await patch(deliver(), { flag: { flagStatus: 'flagged', dueDateTime: day('2026-12-02') } });
    expect(answer.status).toBe(400);
  });

  test('is complete on the day that it is called so, and has no dates when there is none', async () => {
    const copy = deliver(flagged);
    const complete = await patch(copy, { flag: { flagStatus: 'complete' } });
    expect(complete.body.flag.completedDateTime).toEqual(day('2026-11-23'));
    expect((await patch(copy, { flag: { flagStatus: 'notFlagged' } })).body.flag).toEqual({ flagStatus: 'notFlagged' });
  });
});
