import type { RoleHeld } from '../tenant/accounts.ts';
import type { Fields, Value } from './filter.ts';
import { chosen, pageOf, positionIn, skipToken } from './page.ts';
import { fail, type Json, ok, type Reply } from './reply.ts';
import { picked } from './shape.ts';
import type { Route, Task } from './types.ts';

/**
 * Roles as privileged identity management has them: learn.microsoft.com/graph/api/rbacapplication-list-roleassignments and
 * -list-roleeligibilityscheduleinstances. Both take `$filter`, `$select` and `$expand`, and no size of a page.
 */

const PATTERN = ['rolemanagement', 'directory'];
const READ = 'RoleManagement.Read.Directory';

export const ROLE_ROUTES: readonly Route[] = [
  {
    operation: 'listRoleAssignments',
    method: 'GET',
    pattern: [...PATTERN, 'roleassignments'],
    outlook: false,
    roles: [READ],
    handle: (task) => listHeld(task, 'roleAssignments', [...assigned(task), ...heldBy(task, 'assigned')]),
  },
  {
    operation: 'listRoleEligibilities',
    method: 'GET',
    pattern: [...PATTERN, 'roleeligibilityscheduleinstances'],
    outlook: false,
    roles: ['RoleEligibilitySchedule.Read.Directory', READ],
    handle: listEligible,
  },
];

/** Whoever may switch a role on needs Entra ID P2, or the tenant has no such list. */
function listEligible(task: Task): Reply {
  if (!task.service.identityProtection())
    fail(
      400,
      'AadPremiumLicenseRequired',
      'The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.',
    );
  return listHeld(task, 'roleEligibilityScheduleInstances', heldBy(task, 'eligible'));
}

const heldBy = ({ service }: Task, is: RoleHeld['is']) => service.tenant.rolesHeld().filter((one) => one.is === is);

/** What is in force over all of the tenant. */
function assigned({ service }: Task): readonly RoleHeld[] {
  return service.tenant.roles().flatMap(({ id, templateId, members }) =>
    members.map((principalId) => ({
      id: `${id}-${principalId}`,
      is: 'assigned',
      principalId,
      templateId,
      scope: '/',
    })),
  );
}

const FIELDS: Fields<RoleHeld> = {
  readers: new Map<string, (one: RoleHeld) => Value>([
    ['principalId', (one) => one.principalId],
    ['roleDefinitionId', (one) => one.templateId],
    ['directoryScopeId', (one) => one.scope],
  ]),
  caseless: new Set(['principalId', 'roleDefinitionId']),
};

/** No figure is documented. */
const PAGE = 100;

function listHeld({ query, call, service }: Task, name: string, held: readonly RoleHeld[]): Reply {
  if (query.top !== null || query.skip > 0 || query.count || query.orderBy.length > 0)
    fail(400, 'Request_UnsupportedQuery', 'Only $filter, $select and $expand are supported for roles.');
  const all = () => held;
  return ok(
    pageOf(chosen(query, { fields: FIELDS, indexed: new Set(), lookUp: all, all }), query, {
      origin: service.origin(),
      path: call.path,
      rawQuery: call.rawQuery,
      context: `roleManagement/directory/${name}`,
      start: positionIn(query.skipToken),
      size: PAGE,
      next: skipToken,
      json: (one) => heldJson(one, query.select),
    }),
  );
}

function heldJson({ id, principalId, templateId, scope }: RoleHeld, select: readonly string[] | null): Json {
  const all = { id, principalId, roleDefinitionId: templateId, directoryScopeId: scope, appScopeId: null };
  return select === null ? all : picked(all, select, 'microsoft.graph.unifiedRoleScheduleInstanceBase');
}
