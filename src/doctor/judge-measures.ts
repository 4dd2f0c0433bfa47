import { cloudOf } from '../adapters/microsoft/clouds.ts';
import type { Tenant } from '../config/schema.ts';
import { MEASURES } from '../core/measure/kinds.ts';
import type { MeasureKind } from '../core/measure/measure.ts';
import { type Finding, fail, ok, skip, warn } from './finding.ts';
import { BY_IDENTITIES, IDENTITY_PERMISSIONS, permissionOf, permissionOfMeasure } from './permissions.ts';

/** Measures that are switched on: whether what each of them takes is there. None of them is tried. */

export function judgeMeasures(tenant: Pick<Tenant, 'graph' | 'measures'>, roles: readonly string[] | null): Finding[] {
  return tenant.measures.map((kind) =>
    roles === null ? skip(checkOf(kind), 'there is no token for Graph') : judge(kind, tenant, roles),
  );
}

const checkOf = (kind: MeasureKind) => `measure ${kind}`;

function judge(kind: MeasureKind, { graph }: Pick<Tenant, 'graph'>, roles: readonly string[]): Finding {
  const check = checkOf(kind);
  const { permission, exchangeRbac } = permissionOfMeasure(kind);
  const missing = [permission, ...(kind === 'disable-account' ? [permissionOf('people').permission] : [])].filter(
    (one) => !roles.includes(one),
  );
  const { permission: allRoles } = permissionOf('roles');
  const unseen =
    MEASURES[kind].ofAccount && !roles.includes(allRoles)
      ? `; without ${allRoles} roles that somebody may switch on are not seen before it is done`
      : '';
  if (missing.length === 0) return ok(check, `${permission} is granted; whether it works is not tried${unseen}`);
  if (exchangeRbac !== null)
    return warn(
      check,
      `${permission} is not in the token: it works only in mailboxes where Exchange gives the role “${exchangeRbac}”`,
      'look with Test-ServicePrincipalAuthorization, or grant it in Entra, where it reaches every mailbox',
    );
  if (hasIdentities(kind, graph.url, roles))
    return warn(
      check,
      `without ${missing.join(' and ')} it works only for accounts that Defender for Identity watches and acts on`,
      `grant ${missing.join(' and ')} too: of accounts of Entra it may refuse everything`,
    );
  return fail(
    check,
    `missing: ${missing.join(' and ')}`,
    `grant ${missing.join(' and ')} to app ${graph.clientId} and consent as an administrator, or take ${kind} out of measures`,
  );
}

/** learn.microsoft.com/graph/api/security-identityaccounts-invokeaction: in the public cloud alone. */
function hasIdentities(kind: MeasureKind, graphUrl: string, roles: readonly string[]): boolean {
  const cloud = cloudOf(graphUrl);
  const offered = cloud === 'global' || cloud === 'another';
  return offered && BY_IDENTITIES.has(kind) && IDENTITY_PERMISSIONS.every((one) => roles.includes(one));
}
