import type { RiskTrace } from '../tenant/traces.ts';
import type { RiskState } from '../tenant/types.ts';
import { type Fields, predicate, type Value } from './filter.ts';
import { parseFilter } from './filter-parser.ts';
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
  {
    operation: 'listRiskDetections',
    method: 'GET',
    pattern: ['identityprotection', 'riskdetections'],
    outlook: false,
    roles: ['IdentityRiskEvent.Read.All'],
    handle: listRiskDetections,
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

const DETECTIONS: Fields<RiskTrace> = {
  readers: new Map<string, (risk: RiskTrace) => Value>([
    ['userId', (risk) => risk.userId],
    ['detectedDateTime', (risk) => risk.at],
    ['riskLevel', (risk) => risk.level],
  ]),
  caseless: new Set(['userId']),
};

/** No figure is documented: beyond this a condition is refused, so that nobody leans on more. */
const MOST_CONDITIONS = 16;

/** learn.microsoft.com, riskdetection-list: Entra ID P2; takes `$filter` and `$select`. */
function listRiskDetections({ query, service }: Task): Reply {
  if (!service.identityProtection()) fail(403, 'Forbidden', 'Your tenant is not licensed for this feature.');
  const { filter } = query;
  if (filter !== null && filter.split(' eq ').length - 1 > MOST_CONDITIONS) badRequest('The filter is too complex.');
  const fits = filter === null ? () => true : predicate(parseFilter(filter), DETECTIONS);
  const value = service.tenant
    .riskDetections()
    .filter(fits)
    .map((risk, n) => ({
      id: `detection-${n}`,
      userId: risk.userId,
      riskEventType: risk.type,
      riskLevel: risk.level,
      riskState: risk.state,
      detectedDateTime: new Date(risk.at).toISOString(),
      ipAddress: risk.ip,
    }));
  return ok({ '@odata.context': `${service.origin()}/v1.0/$metadata#identityProtection/riskDetections`, value });
}
