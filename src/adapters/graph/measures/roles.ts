import { z } from 'zod';
import type { Measure } from '../../../core/measure/measure.ts';
import type { MeasureLook } from '../../../ports/measures.ts';
import { nextPath, query } from '../../microsoft/client.ts';
import { laneOf, READ_USERS, userPath } from './account.ts';
import { type Asking, bodyOf, notSeen, unknown } from './asking.ts';

/**
 * Roles in the directory that are in force now, through whatever groups (learn.microsoft.com/graph/api/user-list-transitivememberof).
 * Everything that the account is a member of is asked for: a list of roles alone would come from an index that may be behind.
 * A role that somebody may switch on for themselves and has not, or has for an administrative unit alone, is none of them.
 */

/** What may not be read of a role is null but for its ids: that it is held is seen all the same. */
const Memberships = z.object({
  value: z.array(
    z.object({
      '@odata.type': z.string(),
      id: z.string().min(1),
      displayName: z.string().nullish(),
      roleTemplateId: z.string().nullish(),
    }),
  ),
  '@odata.nextLink': z.string().optional(),
});

const ROLE = '#microsoft.graph.directoryRole';
const MOST_PAGES = 10;

/** Names of the roles, sorted; empty for none. */
export async function rolesOf(
  asking: Asking,
  measure: Measure,
  signal: AbortSignal,
): Promise<{ readonly roles: readonly string[] } | MeasureLook> {
  const roles: string[] = [];
  let path = `${userPath(measure, 'transitiveMemberOf')}${query({ $select: 'id,displayName,roleTemplateId', $top: '999' })}`;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const request = { operation: 'look at roles', method: 'GET', path } as const;
    const reply = await asking.send(laneOf(measure), request, signal);
    const page = Memberships.safeParse(bodyOf(reply)).data;
    if (!page) return notSeen(reply, READ_USERS, asking);
    for (const { '@odata.type': type, id, displayName, roleTemplateId } of page.value)
      if (type === ROLE) roles.push(displayName ?? NAMES[roleTemplateId ?? ''] ?? id);
    const next = page['@odata.nextLink'];
    if (next === undefined) return { roles: roles.toSorted() };
    path = nextPath(asking.origin, next, path);
  }
  return unknown('the account is a member of more than can be looked through');
}

/** learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference: of whoever may not read roles' names. */
const NAMES: Readonly<Record<string, string>> = {
  '62e90394-69f5-4237-9190-012177145e10': 'Global Administrator',
  'f2ef992c-3afb-46b9-b7cf-a126ee74c451': 'Global Reader',
  'e8611ab8-c189-46e8-94e1-60213ab1f814': 'Privileged Role Administrator',
  '7be44c8a-adaf-4e2a-84d6-ab2649e08a13': 'Privileged Authentication Administrator',
  'c4e39bd9-1100-46d3-8c65-fb160da0071f': 'Authentication Administrator',
  'fe930be7-5e62-47db-91af-98c3a49a38b1': 'User Administrator',
  '194ae4cb-b126-40b2-bd5b-6091b380977d': 'Security Administrator',
  '29232cdf-9323-42fd-ade2-1d097af3e4de': 'Exchange Administrator',
  'f28a1f50-f6e7-4571-818b-6a12f2af6b6c': 'SharePoint Administrator',
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3': 'Application Administrator',
  '158c047a-c907-4556-b7ef-446551a6b5f7': 'Cloud Application Administrator',
  'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9': 'Conditional Access Administrator',
  '729827e3-9c14-49f7-bb1b-9608f156bbb8': 'Helpdesk Administrator',
};
