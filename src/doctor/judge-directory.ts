import type { Asked, GraphFacts, PersonFacts } from '../adapters/graph/probe.ts';
import type { Tenant } from '../config/schema.ts';
import type { Policy } from '../core/ask/policy.ts';
import { type Finding, fail, ok, skip, warn } from './finding.ts';
import { entraGroupsIn, type NamedGroup, peopleIn } from './in-use.ts';
import { permissionOf } from './permissions.ts';

/** Who may decide, as Entra knows them: people, groups, risk. */

export function judgeDirectory(
  tenant: Tenant,
  policy: Policy,
  roles: readonly string[],
  facts: GraphFacts,
): readonly Finding[] {
  return [
    judgePeople(tenant, policy, roles, facts),
    judgeGroups(policy, roles, facts),
    judgeRisk(tenant, roles, facts.risk),
  ];
}

export function said({ status, code }: Asked): string {
  return status === 0 ? `no answer (${code})` : `${status} ${code}`.trim();
}

/** Why this person's decisions will not count, null when they may. What was not answered is held against nobody. */
export function accountProblem(person: PersonFacts | undefined): string | null {
  if (person?.status === 404) return 'has the id of nobody in the tenant';
  if (person?.status !== 200) return null;
  if (person.enabled === false) return 'has a disabled account';
  if (person.guest === true) return 'is a guest';
  if (person.enabled === null || person.guest === null)
    return 'has no userType or accountEnabled, so that nobody can say whether it is a member';
  return null;
}

function judgePeople(tenant: Tenant, policy: Policy, roles: readonly string[], { people }: GraphFacts): Finding {
  const check = 'approvers in Entra';
  if (!roles.includes(permissionOf('people').permission)) return skip(check, 'the role is missing');
  const named = peopleIn(tenant, policy);
  const problems = named.flatMap(({ name, entraId }) => {
    const problem = accountProblem(people.get(entraId));
    return problem === null ? [] : [`${name} (${entraId}) ${problem}`];
  });
  if (problems.length > 0) {
    return fail(
      check,
      problems.join('; '),
      'entraId is the object id on the user’s page in Entra; take people who left, and guests, off the list',
    );
  }
  const unsure = named.filter(({ entraId }) => people.get(entraId)?.status !== 200);
  return unsure.length === 0
    ? ok(check, `all ${named.length} are members with an enabled account`)
    : warn(check, `Graph did not say who ${unsure.map(({ name }) => name).join(', ')} is`, 'ask again in a minute');
}

function judgeGroups(policy: Policy, roles: readonly string[], { groups }: GraphFacts): Finding {
  const check = 'policy groups';
  const named = entraGroupsIn(policy);
  if (named.length === 0) return ok(check, 'the policy names no Entra groups');
  if (!roles.includes(permissionOf('groups').permission)) return skip(check, 'the role is missing');
  const which = ({ id, at }: NamedGroup) => `${id} (${at.join(', ')})`;
  const unread = named.flatMap((group) => {
    const facts = groups.get(group.id);
    if (facts?.status === 200) return [];
    if (facts?.status === 404) return [`Entra knows no group ${which(group)}`];
    return [`the group ${which(group)} cannot be read: ${facts ? said(facts) : 'it was not asked for'}`];
  });
  if (unread.length > 0) {
    return fail(
      check,
      unread.join('; '),
      'correct the object id in policy.yaml; a group that cannot be read gives nobody a role, and lets no mailbox be touched that it may protect',
    );
  }
  const hidden = named.filter(({ id }) => groups.get(id)?.hidden && !groups.get(id)?.hasMembers);
  if (hidden.length > 0) {
    return fail(
      check,
      `the members of ${hidden.map(which).join(', ')} are hidden from Clawback`,
      'grant Member.Read.Hidden, or name another group in policy.yaml: nothing is removed while a set of mailboxes cannot be read in full',
    );
  }
  const empty = named.filter(({ id }) => groups.get(id)?.hasMembers === false);
  return empty.length > 0
    ? warn(
        check,
        `nobody is in ${empty.map(which).join(', ')}`,
        'add people to the group, or name another in policy.yaml',
      )
    : ok(check, `${named.length === 1 ? 'it' : `all ${named.length}`} can be read`);
}

function judgeRisk({ graph }: Tenant, roles: readonly string[], asked: Asked | null): Finding {
  const check = 'people at risk';
  if (!graph.identityProtection || !asked)
    return ok(check, 'switched off: Identity Protection is not asked about approvers');
  const suffices = [permissionOf('risk'), permissionOf('mark-compromised')].map(({ permission }) => permission);
  if (!suffices.some((one) => roles.includes(one))) return skip(check, 'the role is missing');
  if (asked.status === 200 || asked.status === 404) return ok(check, 'Identity Protection answers');
  if (asked.status === 429) return warn(check, 'Identity Protection asks to wait', 'ask again in a minute');
  return fail(
    check,
    `Identity Protection does not answer, so nobody could decide: ${said(asked)}`,
    'license Entra ID P2, or set graph.identityProtection: false',
  );
}
