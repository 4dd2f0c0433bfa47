import type { RiskOrder, RiskState } from '../tenant/types.ts';
import { badRequest, fail, ok, type Reply } from './reply.ts';
import type { Route, Task } from './types.ts';

export const RISK_ROUTES: readonly Route[] = [
  {
    operation: 'getRiskyUser',
    method: 'GET',
    pattern: ['identityprotection', 'riskyusers', ':user'],
    outlook: false,
    roles: ['IdentityRiskyUser.Read.All'],
    handle: getRiskyUser,
  },
  judging('confirmCompromised', { riskState: 'confirmedCompromised', riskLevel: 'high' }),
  judging('dismiss', { riskState: 'dismissed', riskLevel: 'none' }),
];

/** How the state came about, as Graph would tell it. */
const DETAILS: Readonly<Record<RiskState, string>> = {
  none: 'none',
  atRisk: 'none',
  confirmedCompromised: 'adminConfirmedUserCompromised',
  remediated: 'userPerformedSecuredPasswordReset',
  dismissed: 'adminDismissedAllRiskForUser',
  confirmedSafe: 'adminConfirmedAccountSafe',
};

/** learn.microsoft.com, riskyuser-confirmcompromised and riskyuser-dismiss. */
const MOST_AT_ONCE = 60;

function licensed({ service }: Task): void {
  if (!service.identityProtection()) fail(403, 'Forbidden', 'Your tenant is not licensed for this feature.');
}

/** learn.microsoft.com, riskyuser-get: needs Entra ID P2 and takes no query options. */
function getRiskyUser(task: Task): Reply {
  const { user, params, service } = task;
  licensed(task);
  const risk = service.tenant.riskOf(user.id);
  // A risky user is called by its object id only, never by its name.
  if (risk === null || params['user']?.toLowerCase() !== user.id) {
    return fail(404, 'Request_ResourceNotFound', `Resource '${params['user']}' does not exist.`);
  }
  return ok({
    '@odata.context': `${service.origin()}/v1.0/$metadata#identityProtection/riskyUsers/$entity`,
    id: user.id,
    isDeleted: false,
    isProcessing: false,
    riskLevel: risk.riskLevel,
    riskState: risk.riskState,
    riskDetail: DETAILS[risk.riskState],
    riskLastUpdatedDateTime: new Date(risk.updatedAt).toISOString(),
    userDisplayName: user.displayName,
    userPrincipalName: user.userPrincipalName,
  });
}

/** 204 at once, and the state shows later. */
function judging(operation: string, risk: RiskOrder): Route {
  return {
    operation,
    method: 'POST',
    pattern: ['identityprotection', 'riskyusers', operation.toLowerCase()],
    outlook: false,
    roles: ['IdentityRiskyUser.ReadWrite.All'],
    handle(task) {
      licensed(task);
      const { service, json, wrote } = task;
      const { tenant } = service;
      const { userIds, ...more } = json();
      if (!Array.isArray(userIds) || userIds.length === 0 || Object.keys(more).length > 0)
        return badRequest("The parameter 'userIds' is missing, empty, or not alone.");
      if (userIds.length > MOST_AT_ONCE) badRequest(`At most ${MOST_AT_ONCE} users at once.`);
      const users = userIds.map((id) => tenant.users().find((user) => user.id === String(id).toLowerCase()));
      if (users.includes(undefined)) fail(404, 'Request_ResourceNotFound', 'Resource does not exist.');
      const [from, to] = service.limits().riskMs;
      for (const user of users) {
        const at = service.clock() + from + service.random() * (to - from);
        tenant.later(at, () => user && tenant.userByKey(user.id) && tenant.setRisk(user.id, risk));
        wrote({ effect: 'risk', message: null, from: null, to: risk.riskState });
      }
      return { status: 204 };
    },
  };
}
