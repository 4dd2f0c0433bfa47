import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { APP, filterOf, IMMUTABLE, openSandbox, type Sandbox, send } from './graph-stand-in.ts';

/** What the stand-in refuses, hides and shows late where something is done to rules, consents and calendars. */

let sandbox: Sandbox;
let ana: string;
beforeEach(async () => {
  sandbox = await openSandbox({ users: ['ana', 'bob'] });
  ana = sandbox.tenant.userByKey('ana@contoso.com')?.id ?? '';
});
afterEach(() => sandbox[Symbol.asyncDispose]());

async function as(
  roles: readonly string[],
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const token = await sandbox.entra.issue({ clientId: APP, roles });
  const answer = await send(`${sandbox.graph.url}/v1.0${path}`, method, token, body, headers);
  return { ...answer, code: answer.body?.error?.code };
}

describe('an inbox rule', () => {
  const ROLES = ['MailboxSettings.ReadWrite'];
  const rule = { displayName: '.', isEnabled: true, conditions: {}, actions: { delete: true } };
  const path = (id = '') => `/users/${ana}/mailFolders/inbox/messageRules/${id}`;

  test('that is hidden is not there', async () => {
    const { id } = sandbox.tenant.addRule('ana', { ...rule, hidden: true });
    expect((await as(ROLES, 'GET', path().slice(0, -1))).body.value).toEqual([]);
    expect((await as(ROLES, 'GET', path(id))).code).toBe('ErrorItemNotFound');
    expect((await as(ROLES, 'PATCH', path(id), { isEnabled: false })).code).toBe('ErrorItemNotFound');
  });

  test('that is read-only stays as it is', async () => {
    const { id } = sandbox.tenant.addRule('ana', { ...rule, isReadOnly: true });
    expect((await as(ROLES, 'PATCH', path(id), { isEnabled: false })).status).toBe(400);
    expect((await as(ROLES, 'GET', path(id))).body).toMatchObject({ isEnabled: true, isReadOnly: true });
  });

  test('keeps its place and everything else when it is switched off', async () => {
    sandbox.tenant.addRule('ana', rule);
    const { id } = sandbox.tenant.addRule('ana', rule);
    const before = (await as(ROLES, 'GET', path(id))).body;
    await as(ROLES, 'PATCH', path(id), { isEnabled: false });
    expect((await as(ROLES, 'GET', path(id))).body).toEqual({ ...before, isEnabled: false });
    expect(before.sequence).toBe(2);
  });

  test.each([{ isEnabled: 'no' }, { id: 'x' }, { hasError: false }])('is not written with %j', async (body) => {
    const { id } = sandbox.tenant.addRule('ana', rule);
    expect((await as(ROLES, 'PATCH', path(id), body)).code).toBe('RequestBodyRead');
  });

  test('is not switched by whoever may only read', async () => {
    const { id } = sandbox.tenant.addRule('ana', rule);
    const answer = await as(['MailboxSettings.Read'], 'PATCH', path(id), { isEnabled: false });
    expect(answer.code).toBe('ErrorAccessDenied');
  });
});

describe('a consent', () => {
  const ROLES = ['DelegatedPermissionGrant.ReadWrite.All'];
  const order = () => ({
    clientId: '5a1b6c1e-0b1f-4c55-9a10-000000000a01',
    resourceId: '5a1b6c1e-0b1f-4c55-9a10-000000000a02',
    consentType: 'Principal' as const,
    principalId: ana,
    scope: 'Mail.Read',
  });
  const listed = async (more = '') => {
    const path = `/oauth2PermissionGrants?${filterOf(`${more}principalId eq '${ana}'`)}`;
    return (await as(ROLES, 'GET', path)).body.value;
  };

  test('that was just given shows at once in the list of its app alone', async () => {
    sandbox.tenant.addGrant(order());
    expect(await listed()).toEqual([]);
    expect(await listed(`clientId eq '${order().clientId}' and `)).toHaveLength(1);
    sandbox.pass(120_000);
    expect(await listed()).toHaveLength(1);
  });

  test('is there once', async () => {
    sandbox.tenant.addGrant(order());
    expect(await as(ROLES, 'POST', '/oauth2PermissionGrants', order())).toMatchObject({
      status: 409,
      code: 'Request_MultipleObjectsWithSameKeyValue',
    });
  });

  test('that is given again has another id', async () => {
    const grant = sandbox.tenant.addGrant(order());
    expect((await as(ROLES, 'DELETE', `/oauth2PermissionGrants/${grant?.id}`)).status).toBe(204);
    const { status, body } = await as(ROLES, 'POST', '/oauth2PermissionGrants', order());
    expect([status, body.id === grant?.id, body.scope]).toEqual([201, false, 'Mail.Read']);
  });

  test.each([
    ['for a person who is not named', { principalId: null }, 400],
    ['with an id of our own', { id: 'x' }, 400],
    ['for nobody', { principalId: '00000000-0000-4000-8000-0000000000ff' }, 404],
  ])('is not given %s', async (_name, change, status) => {
    const answer = await as(ROLES, 'POST', '/oauth2PermissionGrants', { ...order(), ...change });
    expect(answer.status).toBe(status);
  });

  test('is read by id, and not taken back by whoever may only read', async () => {
    const grant = sandbox.tenant.addGrant(order());
    const path = `/oauth2PermissionGrants/${grant?.id}`;
    expect((await as(['Directory.Read.All'], 'GET', path)).body).toEqual({ ...order(), id: grant?.id });
    expect((await as(['Directory.Read.All'], 'DELETE', path)).code).toBe('Authorization_RequestDenied');
  });
});

describe('a calendar entry', () => {
  const ROLES = ['Calendars.ReadWrite', 'Mail.ReadWrite'];
  let event: string;
  let invitation: string;
  beforeEach(() => {
    const mail = {
      to: ['ana'],
      internetMessageId: '<m@fabrikam.example>',
      sender: 'hr@fabrikam.example',
      subject: 'Call',
    };
    const [copy] = sandbox.tenant.deliver(mail).copies;
    invitation = copy?.messageId ?? '';
    event = sandbox.tenant.mailbox('ana').calendar.add({
      subject: 'Call',
      organizer: { name: 'HR', address: 'hr@fabrikam.example' },
      start: '2026-11-30T09:00:00.000Z',
      end: '2026-11-30T09:30:00.000Z',
      invitation: { message: invitation, folderId: copy?.folderId ?? '' },
    }).id;
  });
  const led = () => `/users/${ana}/messages/${invitation}/microsoft.graph.eventMessage/event`;
  const { calendar } = { calendar: () => sandbox.tenant.mailbox('ana').calendar };

  test('is reached from its invitation, until that is moved', async () => {
    expect((await as(ROLES, 'GET', led(), undefined, IMMUTABLE)).body).toMatchObject({ id: event });
    sandbox.tenant.userMoves('ana', invitation, 'deleteditems');
    expect((await as(ROLES, 'GET', led(), undefined, IMMUTABLE)).code).toBe('ErrorItemNotFound');
  });

  test('takes both permissions to be reached from there', async () => {
    for (const roles of [['Calendars.Read'], ['Mail.Read']])
      expect((await as(roles, 'GET', led(), undefined, IMMUTABLE)).code).toBe('ErrorAccessDenied');
  });

  test('that is deleted is in no list any more, and can still be read', async () => {
    const path = `/users/${ana}/events`;
    expect((await as(ROLES, 'DELETE', `${path}/${event}`)).status).toBe(204);
    expect((await as(ROLES, 'GET', path)).body.value).toEqual([]);
    expect((await as(ROLES, 'GET', `${path}/${event}`)).status).toBe(200);
    expect((await as(ROLES, 'DELETE', `${path}/${event}`)).code).toBe('ErrorItemNotFound');
  });

  test('that is declined without a word tells nobody, else its organizer', async () => {
    const path = `/users/${ana}/events/${event}/decline`;
    expect((await as(ROLES, 'POST', path, { sendResponse: false })).status).toBe(202);
    expect(calendar().sent).toEqual([]);
    calendar().add({ subject: 'Other', organizer: { name: '', address: '' }, start: '', end: '' });
    const other = calendar().all()[1]?.id ?? '';
    await as(ROLES, 'POST', `/users/${ana}/events/${other}/decline`, {});
    expect(calendar().sent).toEqual([{ event: other, what: 'response' }]);
  });

  test('of one’s own is declined by nobody, and deleting it tells everybody', async () => {
    calendar().change(event, { isOrganizer: true });
    const path = `/users/${ana}/events/${event}`;
    expect((await as(ROLES, 'POST', `${path}/decline`, { sendResponse: false })).status).toBe(400);
    await as(ROLES, 'DELETE', path);
    expect(calendar().sent).toEqual([{ event, what: 'cancellation' }]);
  });

  test('is named by its invitation to whoever asks for that one property, and for nothing else', async () => {
    const property =
      "singleValueExtendedProperties($filter=id eq 'Binary {6ED8DA90-450B-101B-98DA-00AA003F1305} Id 0x23')";
    const path = (expand: string) =>
      `/users/${ana}/messages/${invitation}?$select=id&$expand=${encodeURIComponent(expand)}`;
    const { body } = await as(ROLES, 'GET', path(property), undefined, IMMUTABLE);
    expect(body.singleValueExtendedProperties).toHaveLength(1);
    expect((await as(ROLES, 'GET', path('attachments'), undefined, IMMUTABLE)).status).toBe(400);
  });
});
