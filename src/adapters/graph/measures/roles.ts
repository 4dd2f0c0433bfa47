import { z } from 'zod';
import type { Measure } from '../../../core/measure/measure.ts';
import type { MeasureLook } from '../../../ports/measures.ts';
import { nextPath, query } from '../../microsoft/client.ts';
import { laneOf, READ_USERS, userPath } from './account.ts';
import { type Asking, bodyOf, type Needs, notSeen, unknown } from './asking.ts';

/**
 * Roles in the directory that are in force now, through whatever groups (learn.microsoft.com/graph/api/user-list-transitivememberof).
 * Everything that the account is a member of is asked for: a list of roles alone would come from an index that may be behind.
 * Roles that somebody may switch on for themselves, or has for a part of the directory alone, are in none of that: they are read where
 * RoleManagement.Read.Directory is given, and count as any other.
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

const Held = z.object({
  value: z.array(
    z.object({
      principalId: z.string(),
      roleDefinitionId: z.string(),
      directoryScopeId: z.string().nullish(),
    }),
  ),
  '@odata.nextLink': z.string().optional(),
});

const ROLE = '#microsoft.graph.directoryRole';
const MOST_PAGES = 10;
const READ_ROLES: Needs = { permission: 'RoleManagement.Read.Directory', byExchange: false };
/** Of a tenant without Entra ID P2, in which nobody can have a role to switch on. */
const NO_PIM = 'AadPremiumLicenseRequired';

interface Roles {
  /** Names, sorted; empty for none. */
  readonly roles: readonly string[];
  /** The permission without which roles to switch on, and those of a part of the directory, could not be looked at; null: they were. */
  readonly unseen: string | null;
}

export async function rolesOf(asking: Asking, measure: Measure, signal: AbortSignal): Promise<Roles | MeasureLook> {
  const all = await memberships(asking, measure, signal);
  if ('is' in all) return all;
  const inForce = all.filter(({ '@odata.type': type }) => type === ROLE);
  const roles = inForce.map(({ id, displayName, roleTemplateId }) => displayName ?? nameOf(roleTemplateId ?? id));
  if (!asking.granted(READ_ROLES.permission)) return { roles: roles.toSorted(), unseen: READ_ROLES.permission };
  const principals = new Set([measure.person, ...all.map(({ id }) => id.toLowerCase())]);
  const known = new Set(inForce.map(({ roleTemplateId }) => roleTemplateId?.toLowerCase()));
  const [assigned, eligible] = await Promise.all([
    heldOf(asking, measure, 'roleAssignments', signal),
    heldOf(asking, measure, 'roleEligibilityScheduleInstances', signal),
  ]);
  if ('is' in assigned) return assigned;
  if ('is' in eligible) return eligible;
  const own = (list: readonly HeldRole[]) => list.filter((one) => principals.has(one.principalId.toLowerCase()));
  const named = [
    ...own(assigned)
      .filter((one) => isPart(one) || !known.has(one.roleDefinitionId.toLowerCase()))
      .map((one) => `${nameOf(one.roleDefinitionId)}${isPart(one) ? ' (for a part of the directory)' : ''}`),
    ...own(eligible).map((one) => `${nameOf(one.roleDefinitionId)} (may be switched on)`),
  ];
  return { roles: [...new Set([...roles, ...named])].toSorted(), unseen: null };
}

type Membership = z.infer<typeof Memberships>['value'][number];
type HeldRole = z.infer<typeof Held>['value'][number];

const isPart = ({ directoryScopeId }: HeldRole) => (directoryScopeId ?? '/') !== '/';
const nameOf = (id: string) => NAMES[id.toLowerCase()] ?? id;

function memberships(
  asking: Asking,
  measure: Measure,
  signal: AbortSignal,
): Promise<readonly Membership[] | MeasureLook> {
  const path = `${userPath(measure, 'transitiveMemberOf')}${query({ $select: 'id,displayName,roleTemplateId', $top: '999' })}`;
  return pagesOf(asking, measure, { path, shape: Memberships, needs: READ_USERS }, signal);
}

/** Of the whole tenant, in which few have any: they may be held by each of the account's groups as well. */
function heldOf(
  asking: Asking,
  measure: Measure,
  list: 'roleAssignments' | 'roleEligibilityScheduleInstances',
  signal: AbortSignal,
): Promise<readonly HeldRole[] | MeasureLook> {
  const path = `/roleManagement/directory/${list}${query({ $select: 'principalId,roleDefinitionId,directoryScopeId' })}`;
  const mayLack = list === 'roleEligibilityScheduleInstances';
  return pagesOf(asking, measure, { path, shape: Held, needs: READ_ROLES, mayLack }, signal);
}

interface Listed<T> {
  readonly path: string;
  readonly shape: z.ZodType<{ readonly value: readonly T[]; readonly '@odata.nextLink'?: string | undefined }>;
  readonly needs: Needs;
  /** Whether a tenant without the licence has no such list; of any other list that is an answer that nobody expects. */
  readonly mayLack?: boolean;
}

async function pagesOf<T>(
  asking: Asking,
  measure: Measure,
  { path: first, shape, needs, mayLack = false }: Listed<T>,
  signal: AbortSignal,
): Promise<readonly T[] | MeasureLook> {
  const all: T[] = [];
  let path = first;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const request = { operation: 'look at roles', method: 'GET', path } as const;
    const reply = await asking.send(laneOf(measure), request, signal);
    if (mayLack && reply.kind === 'answer' && reply.code === NO_PIM) return [];
    const page = shape.safeParse(bodyOf(reply)).data;
    if (!page) return notSeen(reply, needs, asking);
    all.push(...page.value);
    const next = page['@odata.nextLink'];
    if (next === undefined) return all;
    path = nextPath(asking.origin, next, path);
  }
  return unknown('there are more roles and groups than can be looked through');
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
