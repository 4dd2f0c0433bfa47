import type { Grant } from '../tenant/accounts.ts';
import { type Fields, fieldsIn, type Value } from './filter.ts';
import { parseFilter } from './filter-parser.ts';
import { chosen, pageOf, positionIn, sizeOf, skipToken } from './page.ts';
import { fail, type Json, ok, type Reply } from './reply.ts';
import { picked } from './shape.ts';
import type { Route, Task } from './types.ts';

/** Delegated permissions that were consented to (learn.microsoft.com/graph/api/resources/oauth2permissiongrant). */

const READ = ['Directory.Read.All', 'DelegatedPermissionGrant.Read.All', 'DelegatedPermissionGrant.ReadWrite.All'];
const WRITE = ['DelegatedPermissionGrant.ReadWrite.All'];
const GRANTS = ['oauth2permissiongrants'];

export const GRANT_ROUTES: readonly Route[] = [
  { operation: 'listGrants', method: 'GET', pattern: GRANTS, outlook: false, roles: READ, handle: listGrants },
  {
    operation: 'getGrant',
    method: 'GET',
    pattern: [...GRANTS, ':grant'],
    outlook: false,
    roles: READ,
    handle: (task) => ok(grantJson(grantOr404(task))),
  },
  { operation: 'createGrant', method: 'POST', pattern: GRANTS, outlook: false, roles: WRITE, handle: createGrant },
  {
    operation: 'deleteGrant',
    method: 'DELETE',
    pattern: [...GRANTS, ':grant'],
    outlook: false,
    roles: WRITE,
    handle: deleteGrant,
  },
];

const FIELDS: Fields<Grant> = {
  readers: new Map<string, (grant: Grant) => Value>([
    ['clientId', (grant) => grant.clientId],
    ['resourceId', (grant) => grant.resourceId],
    ['principalId', (grant) => grant.principalId],
    ['consentType', (grant) => grant.consentType],
  ]),
  caseless: new Set(['clientId', 'resourceId', 'principalId']),
};

/** What was given or taken back a moment ago shows late, unless the app is named [learn: oauth2permissiongrant-list]. */
function listGrants({ query, call, service }: Task): Reply {
  if (query.skip > 0) fail(400, 'Request_UnsupportedQuery', "'$skip' is not supported by the service.");
  const named = query.filter === null ? [] : fieldsIn(parseFilter(query.filter));
  const at = service.clock() - (named.includes('clientId') ? 0 : service.limits().grantLagMs);
  const all = () => service.tenant.grants(at);
  return ok(
    pageOf(chosen(query, { fields: FIELDS, indexed: new Set(), lookUp: all, all }), query, {
      origin: service.origin(),
      path: call.path,
      rawQuery: call.rawQuery,
      context: 'oauth2PermissionGrants',
      start: positionIn(query.skipToken),
      size: sizeOf(query),
      next: skipToken,
      json: (grant) => (query.select === null ? grantJson(grant) : picked(grantJson(grant), query.select, TYPE)),
    }),
  );
}

const TYPE = 'microsoft.graph.oAuth2PermissionGrant';

function grantOr404({ params, service }: Task): Grant {
  const id = params['grant'] ?? '';
  const found = service.tenant.grants(service.clock()).find((grant) => grant.id === id);
  const rest = 'does not exist or one of its queried reference-property objects are not present.';
  return found ?? fail(404, 'Request_ResourceNotFound', `Resource '${id}' ${rest}`);
}

function deleteGrant(task: Task): Reply {
  const { id, scope } = grantOr404(task);
  task.service.tenant.removeGrant(id);
  task.wrote({ effect: 'grant', message: null, from: scope, to: null });
  return { status: 204 };
}

const GIVEN = new Set(['clientId', 'consentType', 'principalId', 'resourceId', 'scope']);
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** learn.microsoft.com, oauth2permissiongrant-post; the 409 is as it is met (hashicorp/terraform-provider-azuread#690). */
function createGrant(task: Task): Reply {
  const { service, json, wrote } = task;
  const { clientId, consentType, principalId = null, resourceId, scope, ...more } = json();
  const stray = Object.keys(more).find((name) => !GIVEN.has(name));
  if (stray !== undefined) fail(400, 'Request_BadRequest', `A value is not allowed for the property '${stray}'.`);
  const isGuid = (value: unknown): value is string => typeof value === 'string' && GUID.test(value);
  const isForAll = consentType === 'AllPrincipals' && principalId === null;
  const isForOne = consentType === 'Principal' && isGuid(principalId);
  if (!isGuid(clientId) || !isGuid(resourceId) || typeof scope !== 'string' || !(isForAll || isForOne))
    return fail(400, 'Request_BadRequest', 'One or more property values specified are invalid.');
  if (isForOne && !service.tenant.userByKey(principalId))
    fail(404, 'Request_ResourceNotFound', `Resource '${principalId}' does not exist.`);
  const order = { clientId, resourceId, scope, consentType, principalId: isForOne ? principalId : null } as const;
  const grant = service.tenant.addGrant(order, service.beliefs().newGrantId);
  if (!grant) return fail(409, 'Request_MultipleObjectsWithSameKeyValue', 'Permission entry already exists.');
  wrote({ effect: 'grant', message: null, from: null, to: scope });
  return ok(
    { '@odata.context': `${service.origin()}/v1.0/$metadata#oauth2PermissionGrants/$entity`, ...grantJson(grant) },
    201,
  );
}

function grantJson({ id, clientId, consentType, principalId, resourceId, scope }: Grant): Json {
  return { id, clientId, consentType, principalId, resourceId, scope };
}
