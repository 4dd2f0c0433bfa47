import type { DirectoryRole } from '../tenant/accounts.ts';
import { isGroup } from '../tenant/identity.ts';
import { pageOf, positionIn, sizeOf, skipToken } from './page.ts';
import { badRequest, fail, ok, type Reply } from './reply.ts';
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

/** learn.microsoft.com, user-list-transitivememberof: a cast is an advanced query; what may not be read is null but for its id. */
function listUserRoles({ call, query, service, user }: Task): Reply {
  if (call.headers['consistencylevel']?.toLowerCase() !== 'eventual' || !query.count) {
    const message = 'Request with $count and OData cast needs the header ConsistencyLevel: eventual and $count=true.';
    fail(400, 'Request_UnsupportedQuery', message);
  }
  if (query.filter !== null || query.orderBy.length > 0 || query.skip > 0)
    fail(400, 'Request_UnsupportedQuery', 'Only $count, $select and $top are simulated for roles.');
  const seesNames = call.roles.has('RoleManagement.Read.Directory');
  const roles = rolesOf(service, user.id).filter(() => !service.hidden(user.id));
  return ok(
    pageOf(roles, query, {
      origin: service.origin(),
      path: call.path,
      rawQuery: call.rawQuery,
      context: 'directoryRoles',
      start: positionIn(query.skipToken),
      size: sizeOf(query),
      next: skipToken,
      json: ({ id, displayName }) => {
        const all = { id, displayName: seesNames ? displayName : null, description: null, roleTemplateId: null };
        return picked(all, query.select ?? Object.keys(all), 'microsoft.graph.directoryRole');
      },
    }),
  );
}
