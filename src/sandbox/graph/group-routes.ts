import { isGroup } from '../tenant/identity.ts';
import type { TenantGroup, TenantUser } from '../tenant/types.ts';
import type { Fields, Value } from './filter.ts';
import { chosen, pageOf, positionIn, sizeOf, skipToken } from './page.ts';
import { badRequest, fail, type Json, ok, type Reply } from './reply.ts';
import { picked, userJson } from './shape.ts';
import type { Route, Task } from './types.ts';

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ROLES = ['GroupMember.Read.All'];

const READERS = new Map<string, (group: TenantGroup) => Value>([
  ['id', (group) => group.id],
  ['displayName', (group) => group.displayName],
  ['mail', (group) => group.mail],
  ['proxyAddresses', (group) => group.proxyAddresses],
  ['mailEnabled', (group) => group.mail !== null],
  ['securityEnabled', (group) => isSecurity(group)],
]);
const FIELDS: Fields<TenantGroup> = { readers: READERS, caseless: new Set(READERS.keys()) };

export const GROUP_ROUTES: readonly Route[] = [
  {
    operation: 'listGroups',
    method: 'GET',
    pattern: ['groups'],
    outlook: false,
    roles: ROLES,
    handle: listGroups,
  },
  {
    operation: 'getGroup',
    method: 'GET',
    pattern: ['groups', ':group'],
    outlook: false,
    roles: ROLES,
    handle: getGroup,
  },
  {
    operation: 'listGroupMembers',
    method: 'GET',
    pattern: ['groups', ':group', 'transitivemembers'],
    outlook: false,
    roles: ROLES,
    handle: (task) => listMembers(task, membersOf(task), 'directoryObjects', memberJson),
  },
  {
    operation: 'listGroupUsers',
    method: 'GET',
    pattern: ['groups', ':group', 'transitivemembers', 'microsoft.graph.user'],
    outlook: false,
    roles: ROLES,
    handle: (task) =>
      listMembers(
        task,
        membersOf(task).filter((member): member is TenantUser => !isGroup(member)),
        'users',
        userMemberJson,
      ),
  },
];

function listGroups({ query, call, service }: Task): Reply {
  if (query.skip > 0) fail(400, 'Request_UnsupportedQuery', "'$skip' is not supported by the service.");
  const all = () => service.tenant.groups();
  const groups = chosen(query, { fields: FIELDS, indexed: new Set(), lookUp: all, all });
  return ok(
    pageOf(groups, query, {
      origin: service.origin(),
      path: call.path,
      rawQuery: call.rawQuery,
      context: 'groups',
      start: positionIn(query.skipToken),
      size: sizeOf(query),
      next: skipToken,
      json: (group) => groupJson(group, query.select ?? GROUP_FIELDS),
    }),
  );
}

function getGroup(task: Task): Reply {
  return ok(groupJson(groupOf(task), task.query.select ?? GROUP_FIELDS));
}

function groupOf({ params, service }: Task): TenantGroup {
  const id = params['group'] ?? '';
  if (!GUID.test(id)) fail(400, 'Request_BadRequest', `Invalid object identifier '${id}'.`);
  const rest = 'does not exist or one of its queried reference-property objects are not present.';
  return service.tenant.group(id) ?? fail(404, 'Request_ResourceNotFound', `Resource '${id}' ${rest}`);
}

/** Members of a hidden group are left out without an error (learn.microsoft.com, group-list-transitivemembers). */
function membersOf(task: Task): readonly (TenantUser | TenantGroup)[] {
  const { service, call } = task;
  const what = call.roles.has('Member.Read.Hidden') ? 'all' : 'public';
  const { id } = groupOf(task);
  return service.tenant.transitiveMembers(id, what).filter((member) => !service.hidden(member.id));
}

function listMembers<T>(
  { query, call, service }: Task,
  members: readonly T[],
  context: string,
  json: (member: T, select: readonly string[] | null, roles: ReadonlySet<string>) => Json,
): Reply {
  if (query.skip > 0) fail(400, 'Request_UnsupportedQuery', "'$skip' is not supported by the service.");
  if (query.filter !== null || query.orderBy.length > 0 || query.count) {
    fail(400, 'Request_UnsupportedQuery', 'Only $select and $top are simulated for the members of a group.');
  }
  return ok(
    pageOf(members, query, {
      origin: service.origin(),
      path: call.path,
      rawQuery: call.rawQuery,
      context,
      start: positionIn(query.skipToken),
      size: sizeOf(query),
      next: skipToken,
      json: (member) => json(member, query.select, call.roles),
    }),
  );
}

/** Who may not read users gets their ids, and null for the rest (learn.microsoft.com, group-list-transitivemembers). */
function userMemberJson(user: TenantUser, select: readonly string[] | null, roles: ReadonlySet<string>): Json {
  const readable = roles.has('User.ReadBasic.All');
  const shown = userJson(user, select, readable ? roles : new Set(['User.Read.All']));
  if (readable) return shown;
  return Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, name === 'id' ? value : null]));
}

const GROUP_ONLY = ['securityEnabled', 'mailEnabled', 'groupTypes', 'visibility'];
const GROUP_FIELDS = ['id', 'displayName', 'mail', 'proxyAddresses', ...GROUP_ONLY];
const USER_ONLY = ['userPrincipalName', 'accountEnabled', 'userType', 'proxyAddresses', 'givenName', 'surname'];

/** Without the cast a property may belong to one kind of member only; the other kind leaves it out. */
function memberJson(
  member: TenantUser | TenantGroup,
  select: readonly string[] | null,
  roles: ReadonlySet<string>,
): Json {
  const unknown = select?.find((name) => ![...GROUP_FIELDS, ...USER_ONLY].includes(name));
  if (unknown !== undefined) badRequest(`Could not find a property named '${unknown}' on type 'directoryObject'.`);
  if (isGroup(member)) {
    const names = (select ?? GROUP_FIELDS).filter((name) => GROUP_FIELDS.includes(name));
    return { '@odata.type': '#microsoft.graph.group', ...groupJson(member, names) };
  }
  const names = select?.filter((name) => !GROUP_ONLY.includes(name)) ?? null;
  return { '@odata.type': '#microsoft.graph.user', ...userMemberJson(member, names, roles) };
}

function isSecurity({ kind }: TenantGroup): boolean {
  return kind === 'security' || kind === 'mail security';
}

function groupJson(group: TenantGroup, names: readonly string[]): Json {
  const { id, displayName, mail, proxyAddresses, kind, hidden } = group;
  const all: Json = {
    id,
    displayName,
    mail,
    proxyAddresses,
    securityEnabled: isSecurity(group),
    mailEnabled: mail !== null,
    groupTypes: kind === 'unified' ? ['Unified'] : [],
    visibility: hidden ? 'HiddenMembership' : null,
  };
  return picked(all, names, 'microsoft.graph.group');
}
