import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeliveredCopy } from '../../src/sandbox/tenant/types.ts';
import { filterOf, IMMUTABLE, odata, openSandbox, PHISH, type Sandbox } from './graph-stand-in.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox({ users: ['alice', 'bob', 'x_y#EXT#', 'carol'] });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

function deliver(order: { to?: string; subject?: string; internetMessageId?: string; folder?: string } = {}) {
  const { to = 'alice@contoso.com', ...rest } = order;
  const [copy] = sandbox.tenant.deliver({ ...PHISH, to: [to], ...rest }).copies;
  return copy as DeliveredCopy;
}

const pathOf = ({ userId, messageId }: DeliveredCopy) => `/users/${userId}/messages/${messageId}`;
const get = (path: string) => sandbox.call('GET', path, undefined, IMMUTABLE);
const post = (path: string, body?: unknown) => sandbox.call('POST', path, body, IMMUTABLE);
const patch = (path: string, body: unknown, headers = {}) =>
  sandbox.call('PATCH', path, body, { ...IMMUTABLE, ...headers });
const find = (user: string, expression: string, more = '') =>
  get(`/users/${user}/messages?${filterOf(expression)}${more}`);

describe('looking for mail', () => {
  test('finds a Message-ID full of signs that mean something in addresses', async () => {
    const copy = deliver();
    const { body } = await find(copy.userId, `internetMessageId eq ${odata(PHISH.internetMessageId)}`);
    expect(body.value.map((one: { id: string }) => one.id)).toContain(copy.messageId);
  });

  test('finds exactly the mail that any Message-ID names', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), async (text) => {
        const copy = deliver({ to: 'carol@contoso.com', internetMessageId: `<${text}>` });
        const { body } = await find(copy.userId, `internetMessageId eq ${odata(`<${text}>`)}`, '&$top=1000');
        const found = body.value.map((one: { id: string; internetMessageId: string }) => one);
        expect(found.map((one: { internetMessageId: string }) => one.internetMessageId)).toContain(`<${text}>`);
        expect(new Set(found.map((one: { internetMessageId: string }) => one.internetMessageId)).size).toBe(1);
      }),
      { numRuns: 40 },
    );
  });

  test('reads a plus sign that nobody encoded as a blank, and so finds nothing', async () => {
    const { userId } = deliver({ internetMessageId: '<a+b@fabrikam.example>' });
    const raw = "/messages?$filter=internetMessageId%20eq%20'<a+b@fabrikam.example>'";
    expect((await get(`/users/${userId}${raw}`)).body.value).toEqual([]);
  });

  test('refuses a percent sign that begins nothing', async () => {
    expect((await get('/users/alice%zz')).status).toBe(400);
  });

  test('takes a guest name with number signs as one segment when they are encoded', async () => {
    const copy = deliver({ to: 'x_y#EXT#@contoso.com' });
    const { status } = await get(`/users/x_y%23EXT%23%40contoso.com/messages/${copy.messageId}`);
    expect(status).toBe(200);
  });

  test('understands dates, sender, flags and parentheses together', async () => {
    const { userId, messageId } = deliver({ subject: "It's urgent" });
    const expression =
      "receivedDateTime ge 2026-11-01T00:00:00Z and receivedDateTime lt 2026-12-01T00:00:00Z and (isRead eq false or not (importance eq 'low')) and from/emailAddress/address eq 'BILLING@fabrikam.example' and startswith(subject,'It''s') and contains(subject,'urgent')";
    const { body } = await find(userId, expression);
    expect(body.value.map((one: { id: string }) => one.id)).toEqual([messageId]);
  });

  test.each([
    'internetMessageId',
    "internetMessageId eq 'open",
    "internetMessageId like 'x'",
    "(subject eq 'a'",
    "subject eq 'a' 'b'",
    "colour eq 'red'",
  ])('refuses the filter %s', async (expression) => {
    expect((await find('alice@contoso.com', expression)).status).toBe(400);
  });

  test('refuses to sort by what the filter does not begin with', async () => {
    const { body } = await find('alice@contoso.com', "subject eq 'a'", '&$orderby=receivedDateTime%20desc');
    expect(body.error.code).toBe('InefficientFilter');
  });

  test('shows pages that together hold everything once', async () => {
    await using own = await openSandbox({ users: ['dora'] });
    const to = ['dora@contoso.com'];
    const sent = Array.from(
      { length: 25 },
      (_, n) => own.tenant.deliver({ ...PHISH, to, subject: `n ${n}` }).copies[0],
    );
    const seen: string[] = [];
    let next: string | undefined = '/users/dora@contoso.com/messages?$select=id';
    for (let page = 0; next !== undefined && page < 5; page += 1) {
      const { body } = await own.call('GET', next, undefined, IMMUTABLE);
      seen.push(...body.value.map((one: { id: string }) => one.id));
      next = body['@odata.nextLink']?.slice(`${own.graph.url}/v1.0`.length);
    }
    expect(seen.toSorted()).toEqual(sent.map((copy) => copy?.messageId).toSorted());
  });

  test('leaves Recoverable Items out of the mailbox, but finds what is there by its id', async () => {
    const copy = deliver({ subject: 'purged' });
    await post(`${pathOf(copy)}/move`, { destinationId: 'recoverableitemsdeletions' });
    expect((await find(copy.userId, "subject eq 'purged'")).body.value).toEqual([]);
    expect((await get(pathOf(copy))).body).toMatchObject({ id: copy.messageId, subject: 'purged' });
    const inside = `/users/${copy.userId}/mailFolders/recoverableitemsdeletions/messages`;
    const { body } = await get(`${inside}?${filterOf("subject eq 'purged'")}`);
    expect(body.value).toHaveLength(1);
  });

  test('gives the network message id only to who asks for headers', async () => {
    const copy = deliver();
    const { body } = await get(`${pathOf(copy)}?$select=internetMessageHeaders`);
    expect(body.internetMessageHeaders).toContainEqual({
      name: 'X-MS-Exchange-Organization-Network-Message-Id',
      value: PHISH.networkMessageId,
    });
    expect((await get(pathOf(copy))).body.internetMessageHeaders).toBeUndefined();
  });
});

describe('ids', () => {
  test('change with a move when nobody asked for immutable ones', async () => {
    const { userId, messageId } = deliver();
    const found = await sandbox.call('GET', `/users/${userId}/messages?$top=1&$orderby=receivedDateTime%20desc`);
    const old = found.body.value[0].id;
    const moved = await sandbox.call('POST', `/users/${userId}/messages/${old}/move`, { destinationId: 'archive' });
    expect(moved.status).toBe(201);
    expect(moved.body.id).not.toBe(old);
    expect((await sandbox.call('GET', `/users/${userId}/messages/${old}`)).body.error.code).toBe('ErrorItemNotFound');
    expect((await sandbox.call('GET', `/users/${userId}/messages/${messageId}`)).status).toBe(404);
  });

  test('stay the same with a move when immutable ones were asked for', async () => {
    const copy = deliver();
    const moved = await post(`${pathOf(copy)}/move`, { destinationId: 'archive' });
    expect(moved.body.id).toBe(copy.messageId);
  });

  test('are told apart by upper and lower case', async () => {
    const copy = deliver();
    const { status } = await get(`/users/${copy.userId}/messages/${copy.messageId.toLowerCase()}`);
    expect(status).toBe(404);
  });
});

describe('changing mail', () => {
  test('sets marks and replaces the categories that were there', async () => {
    const copy = deliver();
    await patch(pathOf(copy), { categories: ['a', 'b'], flag: { flagStatus: 'flagged' } });
    const { status, body } = await patch(pathOf(copy), { categories: ['c'], isRead: true, importance: 'high' });
    expect(status).toBe(200);
    const flag = { flagStatus: 'flagged' };
    expect(body).toMatchObject({ categories: ['c'], isRead: true, importance: 'high', flag });
  });

  test.each([
    [{ subject: 'SUSPICIOUS' }, 403],
    [{ body: { content: '' } }, 403],
    [{ parentFolderId: 'x' }, 400],
    [{ isRead: 'yes' }, 400],
    [{ flag: { flagStatus: 'red' } }, 400],
  ])('refuses %j on delivered mail and changes nothing', async (body, status) => {
    const copy = deliver();
    const before = (await get(pathOf(copy))).body;
    expect((await patch(pathOf(copy), { ...body, categories: ['x'] })).status).toBe(status);
    expect((await get(pathOf(copy))).body).toEqual(before);
  });

  test('refuses a change made from an old state', async () => {
    const copy = deliver();
    const old = (await get(pathOf(copy))).body['@odata.etag'];
    sandbox.tenant.userMarks(copy.userId, copy.messageId, { isRead: true });
    expect((await patch(pathOf(copy), { importance: 'low' }, { 'If-Match': old })).status).toBe(412);
  });

  test('moves back to a folder by its id, and not to one that is gone', async () => {
    const own = sandbox.tenant.addFolder('alice@contoso.com', 'Invoices');
    const copy = deliver({ folder: 'Invoices' });
    await post(`${pathOf(copy)}/move`, { destinationId: 'recoverableitemsdeletions' });
    const back = await post(`${pathOf(copy)}/move`, { destinationId: own.id });
    expect(back.body.parentFolderId).toBe(own.id);
    sandbox.tenant.destroyFolder('alice@contoso.com', 'Invoices');
    const gone = await post(`${pathOf(copy)}/move`, { destinationId: own.id });
    expect([gone.status, gone.body.error.code]).toEqual([404, 'ErrorFolderNotFound']);
  });

  test('deletes to Deleted Items, then to Recoverable Items, and no further', async () => {
    const copy = deliver();
    const statuses: number[] = [];
    for (let n = 0; n < 3; n += 1)
      statuses.push((await sandbox.call('DELETE', pathOf(copy), undefined, IMMUTABLE)).status);
    expect(statuses).toEqual([204, 204, 400]);
  });

  test('writes down every change with its message, and no reading', async () => {
    const copy = deliver();
    sandbox.graph.log.clear();
    await get(pathOf(copy));
    await patch(pathOf(copy), { categories: ['x'] });
    await post(`${pathOf(copy)}/move`, { destinationId: 'recoverableitemsdeletions' });
    await post(`${pathOf(copy)}/move`, { destinationId: 'gone' });
    const { userId: mailbox, messageId: message } = copy;
    const common = { mailbox, message, lost: false };
    expect(sandbox.graph.log.writes()).toMatchObject([
      { effect: 'patch', ...common, status: 200 },
      { effect: 'move', ...common, status: 201, from: 'inbox', to: 'recoverableitemsdeletions' },
    ]);
    expect(sandbox.graph.log.writes()).toHaveLength(2);
  });

  test('tells whoever watches the tenant', async () => {
    const copy = deliver();
    const changes: unknown[] = [];
    const stop = sandbox.tenant.onChange((change) => changes.push(change));
    await post(`${pathOf(copy)}/move`, { destinationId: 'archive' });
    stop();
    const { userId, messageId } = copy;
    expect(changes).toEqual([
      expect.objectContaining({ kind: 'moved', userId, messageId, from: 'Inbox', to: 'Archive' }),
    ]);
  });
});
