import type { Tenant } from '../tenant/tenant.ts';
import type { TenantUser } from '../tenant/types.ts';
import { type Fields, fieldsIn, type Value } from './filter.ts';
import { parseFilter } from './filter-parser.ts';
import { type Collection, chosen, pageOf } from './page.ts';
import { badRequest, fail, ok, type Reply } from './reply.ts';
import { userJson } from './shape.ts';
import type { Route, Task } from './types.ts';

const DEFAULT_PAGE = 100;
const MAX_PAGE = 999;
const READERS = new Map<string, (user: TenantUser) => Value>([
  ['id', (user) => user.id],
  ['userPrincipalName', (user) => user.userPrincipalName],
  ['mail', (user) => user.mail],
  ['displayName', (user) => user.displayName],
  ['accountEnabled', (user) => user.accountEnabled],
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
  const size = query.top ?? DEFAULT_PAGE;
  if (size < 1 || size > MAX_PAGE) badRequest(`The value of $top must be between 1 and ${MAX_PAGE}.`);
  const users = chosen(query, collectionOf(service.tenant)).filter((user) => !service.hidden(user.id));
  return ok(
    pageOf(users, query, {
      origin: service.origin(),
      path: call.path,
      rawQuery: call.rawQuery,
      context: 'users',
      start: positionIn(query.skipToken),
      size,
      next: (position) => ({ $skiptoken: Buffer.from(`at ${position}`).toString('base64url') }),
      json: (user) => userJson(user, query.select, call.roles),
    }),
  );
}

function positionIn(skipToken: string | null): number {
  if (skipToken === null) return 0;
  const found = /^at (\d+)$/.exec(Buffer.from(skipToken, 'base64url').toString());
  return found ? Number(found[1]) : badRequest('The skip token is not valid.');
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
  const context = `${service.origin()}/v1.0/$metadata#users/$entity`;
  return ok({ '@odata.context': context, ...userJson(user, query.select, call.roles) });
}

function deleteUser(task: Task): Reply {
  task.service.tenant.removeUser(task.user.id);
  task.wrote({ effect: 'deleteUser', message: null, from: null, to: null });
  return { status: 204 };
}
