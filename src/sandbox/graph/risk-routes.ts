import type { RiskState } from '../tenant/types.ts';
import { fail, ok, type Reply } from './reply.ts';
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

/** learn.microsoft.com, riskyuser-get: needs Entra ID P2 and takes no query options. */
function getRiskyUser({ user, params, service }: Task): Reply {
  if (!service.identityProtection()) fail(403, 'Forbidden', 'Your tenant is not licensed for this feature.');
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
