import type { Tenant } from '../tenant/tenant.ts';
import type { TenantUser } from '../tenant/types.ts';
import { type Fields, fieldsIn, type Value } from './filter.ts';
import { parseFilter } from './filter-parser.ts';
import { type Collection, chosen, pageOf, positionIn, sizeOf, skipToken } from './page.ts';
import { fail, ok, type Reply } from './reply.ts';
import { nicknameOf, userJson } from './shape.ts';
import type { Route, Task } from './types.ts';

const READERS = new Map<string, (user: TenantUser) => Value>([
  ['id', (user) => user.id],
  ['userPrincipalName', (user) => user.userPrincipalName],
  ['mail', (user) => user.mail],
  ['mailNickname', nicknameOf],
  ['displayName', (user) => user.displayName],
  ['accountEnabled', (user) => user.accountEnabled],
  ['userType', (user) => user.userType],
  ['proxyAddresses', (user) => user.proxyAddresses],
]);
const FIELDS: Fields<TenantUser> = { readers: READERS, caseless: new Set(READERS.keys()) };
const INDEXED = new Set(['id', 'userPrincipalName', 'mail', 'proxyAddresses']);

export const USER_ROUTES: readonly Route[] = [
  {
    operation: 'listUsers',
    method: 'GET',
    pattern: ['users'],
    outlook: false,
    roles: ['User.ReadBasic.All'],
    handle: listUsers,
  },
  {
    operation: 'countUsers',
    method: 'GET',
    pattern: ['users', '$count'],
    outlook: false,
    roles: ['User.ReadBasic.All'],
    handle: countUsers,
  },
  {
    operation: 'getUser',
    method: 'GET',
    pattern: ['users', ':user'],
    outlook: false,
    roles: ['User.ReadBasic.All'],
    handle: getUser,
  },
  // The path that is left of a message's when somebody forgets to encode a `#` in a user principal name.
  {
    operation: 'deleteUser',
    method: 'DELETE',
    pattern: ['users', ':user'],
    outlook: false,
    roles: ['User.ReadWrite.All'],
    handle: deleteUser,
  },
];

function listUsers(task: Task): Reply {
  const { query, call, service } = task;
  if (query.skip > 0) fail(400, 'Request_UnsupportedQuery', "'$skip' is not supported by the service.");
  const asked = query.filter === null ? [] : fieldsIn(parseFilter(query.filter));
  if (asked.includes('proxyAddresses') && !call.roles.has('User.Read.All')) {
    fail(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  }
  const users = chosen(query, collectionOf(service.tenant)).filter((user) => !service.hidden(user.id));
  return ok(
    pageOf(users, query, {
      origin: service.origin(),
      path: call.path,
      rawQuery: call.rawQuery,
      context: 'users',
      start: positionIn(query.skipToken),
      size: sizeOf(query),
      next: skipToken,
      json: (user) => userJson(user, query.select, call.roles),
    }),
  );
}

/** Without this header the directory does not count. */
function countUsers({ service, call }: Task): Reply {
  if (call.headers['consistencylevel']?.toLowerCase() !== 'eventual') {
    fail(400, 'Request_BadRequest', '$count is not currently supported.');
  }
  if (call.rawQuery !== '') fail(400, 'Request_UnsupportedQuery', 'Only the count of everybody is simulated.');
  const users = service.tenant.users().filter((user) => !service.hidden(user.id));
  return { status: 200, text: String(users.length) };
}

/** Addresses are unique, so one index serves every way to ask for one; the filter itself is checked afterwards. */
function collectionOf(tenant: Tenant): Collection<TenantUser> {
  return {
    fields: FIELDS,
    indexed: INDEXED,
    lookUp: (values) =>
      values
        .map((value) => value.replace(/^smtp:/i, ''))
        .flatMap((value) => [tenant.userByAddress(value), tenant.userByKey(value)])
        .filter((user) => user !== null),
    all: () => tenant.users(),
  };
}

function getUser({ user, query, call, service }: Task): Reply {
  service.tenant.accountWasRead(user.id);
  const now = service.tenant.userByKey(user.id) ?? user;
  const context = `${service.origin()}/v1.0/$metadata#users/$entity`;
  return ok({ '@odata.context': context, ...userJson(now, query.select, call.roles) });
}

function deleteUser(task: Task): Reply {
  task.service.tenant.removeUser(task.user.id);
  task.wrote({ effect: 'deleteUser', message: null, from: null, to: null });
  return { status: 204 };
}
