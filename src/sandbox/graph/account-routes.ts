import type { DirectoryRole } from '../tenant/accounts.ts';
import { isGroup } from '../tenant/identity.ts';
import { pageOf, positionIn, sizeOf, skipToken } from './page.ts';
import { badRequest, fail, type Json, ok, type Reply } from './reply.ts';
import { picked } from './shape.ts';
import type { Route, Service, Task } from './types.ts';

/** What is done to an account itself, and what rights it has. */

const DENIED = 'Insufficient privileges to complete the operation.';

export const ACCOUNT_ROUTES: readonly Route[] = [
  {
    operation: 'patchUser',
    method: 'PATCH',
    pattern: ['users', ':user'],
    outlook: false,
    roles: ['User.EnableDisableAccount.All', 'User.ReadWrite.All'],
    handle: patchUser,
  },
  {
    operation: 'revokeSignInSessions',
    method: 'POST',
    pattern: ['users', ':user', 'revokesigninsessions'],
    outlook: false,
    roles: ['User.RevokeSessions.All', 'User.ReadWrite.All'],
    handle: revokeSignInSessions,
  },
  {
    operation: 'listMemberships',
    method: 'GET',
    pattern: ['users', ':user', 'transitivememberof'],
    outlook: false,
    roles: ['User.Read.All', 'GroupMember.Read.All', 'Directory.Read.All'],
    handle: listMemberships,
  },
  {
    operation: 'listUserRoles',
    method: 'GET',
    pattern: ['users', ':user', 'transitivememberof', 'microsoft.graph.directoryrole'],
    outlook: false,
    roles: ['User.Read.All', 'GroupMember.Read.All', 'Directory.Read.All'],
    handle: listUserRoles,
  },
];

/** learn.microsoft.com, user-update: an app switches accounts with two permissions together, and changes nothing else by them. */
function patchUser(task: Task): Reply {
  const { call, service, user, json } = task;
  const { accountEnabled, ...more } = json();
  const mayWriteAll = call.roles.has('User.ReadWrite.All');
  if (!mayWriteAll && (!call.roles.has('User.Read.All') || Object.keys(more).length > 0))
    fail(403, 'Authorization_RequestDenied', DENIED);
  if (Object.keys(more).length > 0) badRequest('Only accountEnabled is simulated.');
  if (typeof accountEnabled !== 'boolean')
    return fail(400, 'Request_BadRequest', "Invalid value specified for property 'accountEnabled' of resource 'User'.");
  if (service.beliefs().rolesAreSafe && rolesOf(service, user.id).length > 0)
    fail(403, 'Authorization_RequestDenied', DENIED);
  service.tenant.switchAccount(user.id, accountEnabled, service.limits().syncReads);
  task.wrote({ effect: 'switchAccount', message: null, from: null, to: accountEnabled ? 'enabled' : 'disabled' });
  return { status: 204 };
}

/** learn.microsoft.com, user-revokesigninsessions. */
function revokeSignInSessions(task: Task): Reply {
  const { service, user } = task;
  service.tenant.updateUser(user.id, { sessionsValidFrom: service.clock() });
  task.wrote({ effect: 'endSessions', message: null, from: null, to: null });
  return ok({ '@odata.context': `${service.origin()}/v1.0/$metadata#Edm.Boolean`, value: true });
}

/** In force now, through whatever groups. */
export function rolesOf({ tenant }: Service, userId: string): readonly DirectoryRole[] {
  const holds = (id: string): boolean =>
    id === userId || tenant.transitiveMembers(id).some((member) => !isGroup(member) && member.id === userId);
  return tenant.roles().filter(({ members }) => members.some(holds));
}

const SELECTABLE = ['id', 'displayName', 'roleTemplateId', 'description'];

/** Of a role that may not be read everything is null but its ids, as it is met (codelibs/fess-docs#499). */
function roleJson({ id, displayName, templateId }: DirectoryRole, { call, query }: Task): Json {
  const seesNames = call.roles.has('RoleManagement.Read.Directory');
  const all = { id, displayName: seesNames ? displayName : null, roleTemplateId: templateId, description: null };
  return picked(all, query.select ?? SELECTABLE, 'microsoft.graph.directoryRole');
}

/** Groups and roles alike, each with its type; whoever may not read groups gets their ids. */
function listMemberships(task: Task): Reply {
  const { call, query, service, user } = task;
  if (query.filter !== null || query.orderBy.length > 0 || query.skip > 0 || query.count)
    fail(400, 'Request_UnsupportedQuery', 'Only $select and $top are simulated for memberships.');
  const groups = service.tenant.groups().filter(({ id }) => service.tenant.transitiveMembers(id).includes(user));
  const seesGroups = call.roles.has('GroupMember.Read.All');
  const all: readonly Json[] = [
    ...groups.map(({ id, displayName }) => {
      const group = { id, displayName: seesGroups ? displayName : null, description: null };
      const names = (query.select ?? SELECTABLE).filter((name) => name !== 'roleTemplateId');
      return { '@odata.type': '#microsoft.graph.group', ...picked(group, names, 'microsoft.graph.group') };
    }),
    ...rolesOf(service, user.id).map((role) => ({
      '@odata.type': '#microsoft.graph.directoryRole',
      ...roleJson(role, task),
    })),
  ];
  return ok(
    pageOf(all, query, {
      origin: service.origin(),
      path: call.path,
      rawQuery: call.rawQuery,
      context: 'directoryObjects',
      start: positionIn(query.skipToken),
      size: sizeOf(query),
      next: skipToken,
      json: (one) => one,
    }),
  );
}

/** learn.microsoft.com, user-list-transitivememberof: a cast is an advanced query, of an index that may be behind. */
function listUserRoles(task: Task): Reply {
  const { call, query, service, user } = task;
  if (call.headers['consistencylevel']?.toLowerCase() !== 'eventual' || !query.count) {
    const message = 'Request with $count and OData cast needs the header ConsistencyLevel: eventual and $count=true.';
    fail(400, 'Request_UnsupportedQuery', message);
  }
  if (query.filter !== null || query.orderBy.length > 0 || query.skip > 0)
    fail(400, 'Request_UnsupportedQuery', 'Only $count, $select and $top are simulated for roles.');
  return ok(
    pageOf(rolesOf(service, user.id), query, {
      origin: service.origin(),
      path: call.path,
      rawQuery: call.rawQuery,
      context: 'directoryRoles',
      start: positionIn(query.skipToken),
      size: sizeOf(query),
      next: skipToken,
      json: (role) => roleJson(role, task),
    }),
  );
}
