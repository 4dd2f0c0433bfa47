import type { RiskOrder } from '../tenant/types.ts';
import { badRequest, fail } from './reply.ts';
import type { Route } from './types.ts';

/** What people say of a risk (learn.microsoft.com, riskyuser-confirmcompromised and riskyuser-dismiss). */

const MOST_AT_ONCE = 60;

/** 204 at once, and the state shows later. */
function judging(operation: string, risk: RiskOrder): Route {
  return {
    operation,
    method: 'POST',
    pattern: ['identityprotection', 'riskyusers', operation.toLowerCase()],
    outlook: false,
    roles: ['IdentityRiskyUser.ReadWrite.All'],
    handle(task) {
      const { service, json, wrote } = task;
      if (!service.identityProtection()) fail(403, 'Forbidden', 'Your tenant is not licensed for this feature.');
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

export const RISK_JUDGING: readonly Route[] = [
  judging('confirmCompromised', { riskState: 'confirmedCompromised', riskLevel: 'high' }),
  judging('dismiss', { riskState: 'dismissed', riskLevel: 'none' }),
];
