import type { TokenFacts } from '../adapters/entra/probe.ts';
import type { Asked, GraphFacts } from '../adapters/graph/probe.ts';
import type { Tenant } from '../config/schema.ts';
import { orderOf } from '../core/action/engine.ts';
import type { Policy } from '../core/ask/policy.ts';
import { type Finding, fail, ok, skip, warn } from './finding.ts';
import { usedBy } from './in-use.ts';
import { judgeDirectory, said } from './judge-directory.ts';
import { judgeIntelligence } from './judge-intelligence.ts';
import { judgeMeasures } from './judge-measures.ts';
import {
  BY_IDENTITIES,
  graphPermissions,
  IDENTITY_PERMISSIONS,
  leastPermissions,
  ofMeasuresAlone,
  permissionOf,
  usefulPermissions,
} from './permissions.ts';

const CHECKS = [
  'graph reachable',
  'user lookup',
  'hunting',
  'people',
  'mailbox read',
  'approvers in Entra',
  'policy groups',
  'people at risk',
];

export function judgeGraph(
  tenant: Tenant,
  policy: Policy,
  token: TokenFacts | null,
  facts: GraphFacts | null,
): Finding[] {
  if (token?.outcome !== 'given' || !facts)
    return [
      ...['graph roles', ...CHECKS].map((check) => skip(check, 'there is no token for Graph')),
      ...judgeMeasures(tenant, null),
    ];
  const roles = judgeRoles(tenant, policy, token.roles, facts.mailbox);
  const down = notAnswering(facts.lookup);
  if (down !== null) {
    return [
      roles,
      fail(
        'graph reachable',
        `${tenant.graph.url} ${down}`,
        'look at graph.url, the proxy, the firewall, and Microsoft’s service health',
      ),
      ...CHECKS.slice(1).map((check) => skip(check, 'Graph does not answer')),
    ];
  }
  return [
    roles,
    ok('graph reachable', tenant.graph.url),
    judgeLookup(token.roles, facts.lookup),
    judgeHunting(tenant, token.roles, facts.hunting),
    judgeIntelligence(tenant, token.roles, facts.tables ?? null),
    ...judgeDefender(token.roles, facts.defender),
    judgeMailbox(tenant, token.roles, facts.mailbox),
    ...judgeDirectory(tenant, policy, token.roles, facts),
    ...judgeMeasures(tenant, token.roles),
  ];
}

/** A role missing in the token is not missing when Exchange grants it: Exchange's own roles are not in the token. */
function judgeRoles(tenant: Tenant, policy: Policy, roles: readonly string[], mailbox: GraphFacts['mailbox']): Finding {
  const check = 'graph roles';
  const mail = permissionOf('purge').permission;
  const has = (permission: string) =>
    roles.includes(permission) || (permission === mail && mailbox?.status === 200 && !roles.includes(mail));
  const used = usedBy(tenant, policy);
  const useful = usefulPermissions(used);
  // What only a measure takes is said of that measure.
  const missing = leastPermissions(used).filter((one) => !ofMeasuresAlone(one) && !has(one.permission));
  if (missing.length > 0) {
    const names = missing.map(({ permission }) => permission).join(', ');
    const what = missing.map(({ does }) => does).join('; ');
    return fail(
      check,
      `missing: ${names} (${what})`,
      `grant ${names} to app ${tenant.graph.clientId} and consent as an administrator`,
    );
  }
  const byIdentities = used.measures?.some((kind) => BY_IDENTITIES.has(kind)) ? IDENTITY_PERMISSIONS : [];
  const surplus = roles.filter(
    (role) => !useful.some(({ permission }) => permission === role) && !byIdentities.includes(role),
  );
  if (surplus.length > 0) {
    const { dangerous } = graphPermissions();
    const worst = surplus.filter((role) => dangerous.includes(role));
    const words = worst.length > 0 ? `, of which dangerous: ${worst.join(', ')}` : '';
    return warn(
      check,
      `more than any feature uses: ${surplus.join(', ')}${words}`,
      'take these away from the app: whoever steals its credential has them too',
    );
  }
  const granted = roles.join(', ') || 'none in the token';
  const { permission: groups } = permissionOf('groups');
  return ok(
    check,
    has(groups) ? granted : `${granted}; mail to lists is not followed to their members without ${groups}`,
  );
}

function judgeLookup(roles: readonly string[], asked: Asked): Finding {
  const check = 'user lookup';
  if (!roles.includes(permissionOf('people').permission)) return skip(check, 'the role is missing');
  if (asked.status === 200) return ok(check, 'by main address and alias');
  return fail(
    check,
    `Graph answered ${said(asked)}`,
    'look at the sign-in log of the app for a Conditional Access policy',
  );
}

function judgeHunting(tenant: Tenant, roles: readonly string[], asked: Asked | null): Finding {
  const check = 'hunting';
  if (!asked) return ok(check, 'switched off: only addresses named in alerts are looked into');
  if (asked.status === 200) return ok(check, 'a harmless query was answered');
  if (!roles.includes(permissionOf('hunting').permission)) return skip(check, 'the role is missing');
  if (asked.status === 429)
    return warn(check, 'the tenant’s quota of hunting queries is used up', 'ask again in a minute');
  const off = [400, 403, 404, 501].includes(asked.status);
  return fail(
    check,
    `${tenant.graph.hunting && off ? 'this tenant has no advanced hunting' : 'no answer to a harmless query'}: ${said(asked)}`,
    off
      ? 'license Defender XDR with mail data, or set graph.hunting: false'
      : 'ask again, then look at Microsoft’s service health',
  );
}

/** Nothing is said of it where it is not in use. */
function judgeDefender(roles: readonly string[], asked: Asked | null): readonly Finding[] {
  const check = 'defender';
  if (!asked) return [];
  if (asked.status === 200)
    return [ok(check, 'it answers about a mail that does not exist; whether it takes orders is not tried')];
  const { permission } = permissionOf('defender');
  if (!roles.includes(permission)) return [skip(check, 'the role is missing')];
  if (asked.status === 429) return [warn(check, 'it is asked too much at this moment', 'ask again in a minute')];
  const mend = 'license Defender for Office 365 Plan 2 (public cloud only), or leave graph.engine out';
  return [fail(check, `no answer about a mail that does not exist: ${said(asked)}`, mend)];
}

function judgeMailbox(tenant: Tenant, roles: readonly string[], mailbox: GraphFacts['mailbox']): Finding {
  const check = 'mailbox read';
  if (!orderOf(tenant.graph.engine).includes('mailbox'))
    return ok(check, 'no mailbox is asked: Defender tells of copies and does what is approved (graph.engine)');
  if (!mailbox) return ok(check, 'no approver has an address here, so no mailbox was tried');
  const entra = roles.includes(permissionOf('purge').permission);
  const { status, address } = mailbox;
  if (status === 200) {
    return entra
      ? ok(
          check,
          `the inbox of ${address} can be opened; the permission reaches every mailbox (see manifest/graph-permissions.json for Exchange scopes)`,
        )
      : ok(check, `the inbox of ${address} can be opened through an Exchange role; its write part is not tried`);
  }
  if (!entra) return skip(check, 'the role is missing');
  if (status === 403)
    return fail(
      check,
      `no access to the mailbox ${address}: ${said(mailbox)}`,
      'look at application access policies and Exchange scopes: Test-ServicePrincipalAuthorization, Test-ApplicationAccessPolicy',
    );
  if (status === 404)
    return fail(
      check,
      `${address} has no mailbox in Exchange Online: ${said(mailbox)}`,
      'correct the approver’s address',
    );
  return warn(check, `the mailbox ${address} answered ${said(mailbox)}`, 'ask again in a minute');
}

function notAnswering({ status, code }: Asked): string | null {
  if (status === 0) return `does not answer: ${code}`;
  return status >= 500 ? `answers ${status}` : null;
}
