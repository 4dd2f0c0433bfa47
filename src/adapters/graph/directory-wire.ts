import { z } from 'zod';
import { ClawbackError } from '../../core/error.ts';
import type { DirectoryPerson } from '../../ports/people.ts';
import type { Asked } from './patient.ts';
import { addressesOf } from './wire.ts';

/** The parts of the directory's answers that are used, and what is said when there is no clear one. */

export const GROUP_TYPE = '#microsoft.graph.group';
export const USER_TYPE = '#microsoft.graph.user';
export const USER_FIELDS = 'id,displayName,accountEnabled,userType,mail,userPrincipalName,proxyAddresses';

const page = <T extends z.ZodType>(item: T) =>
  z.object({ value: z.array(item), '@odata.nextLink': z.string().optional() });

export const User = z.object({
  id: z.guid(),
  displayName: z.string().nullish(),
  accountEnabled: z.boolean().nullish(),
  userType: z.string().nullish(),
  mail: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  proxyAddresses: z.array(z.string()).nullish(),
});
export type User = z.infer<typeof User>;
export const Users = page(User);
const Member = z.object({ id: z.guid(), '@odata.type': z.string().optional() });
export const Members = page(Member);
export type Member = z.infer<typeof Member>;
/** How much of a group may be seen. */
export const Seen = z.object({ id: z.guid(), visibility: z.string().nullish() });
export const Risk = z.object({ id: z.guid(), riskState: z.string() });
/** Plain text, which a batch may carry as it is or in base64. A decimal number never is the base64 of another one. */
export const Count = z
  .union([z.number(), z.string()])
  .transform((value) => decimal(String(value)) ?? decimal(Buffer.from(String(value), 'base64').toString()))
  .pipe(z.int().min(1));

/** A group as a recipient of mail, and a member of one. */
const kindOfGroup = { groupTypes: z.array(z.string()).nullish(), visibility: z.string().nullish() };
export const Group = z.object({
  id: z.guid(),
  mail: z.string().nullish(),
  proxyAddresses: z.array(z.string()).nullish(),
  ...kindOfGroup,
});
export type Group = z.infer<typeof Group>;
export const Groups = page(Group);
export const GROUP_FIELDS = 'id,mail,proxyAddresses,groupTypes,visibility';
const Recipient = Member.extend({
  mail: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  ...kindOfGroup,
});
export type Recipient = z.infer<typeof Recipient>;
export const Recipients = page(Recipient);
export const RECIPIENT_FIELDS = 'id,mail,userPrincipalName,groupTypes,visibility';

/** Hidden members are left out without an error [learn: group-list-transitivemembers]; so an empty list proves nothing. */
export function isHidden({ visibility }: Pick<Group, 'visibility'>): boolean {
  return visibility?.toLowerCase() === 'hiddenmembership';
}

function decimal(text: string): number | null {
  const digits = /^\uFEFF?\s*(\d{1,15})\s*$/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

export function sameId<T extends { readonly id: string }>(found: T, id: string): T {
  if (found.id.toLowerCase() !== id) throw unavailable('the directory answered about somebody else');
  return found;
}

/** Throws when the answer leaves out what only User.Read.All shows: then nobody can say whether the account is in order. */
export function toPerson(user: User): DirectoryPerson {
  const { accountEnabled, userType } = user;
  if (typeof accountEnabled !== 'boolean')
    throw unavailable('Entra does not say whether an account is enabled: the permission User.Read.All is missing');
  if (!userType)
    throw unavailable(
      'Entra does not say whether an account is a guest: its userType is empty, or User.Read.All is missing',
    );
  return {
    id: user.id.toLowerCase(),
    name: user.displayName ?? 'without a name',
    addresses: addressesOf(user),
    enabled: accountEnabled,
    guest: userType.toLowerCase() !== 'member',
  };
}

type Refused = Extract<Asked<unknown>, { ok: false }>;

/** `none` where Graph itself says that there is no such thing. */
export function noneOr<T>(found: Refused, permission: string, none: T): T {
  if (found.result === 'missing' || found.absent) return none;
  throw refusal(found, permission, 'the directory gave no clear answer');
}

export function refusal(found: Refused, permission: string, what: string): ClawbackError {
  return unavailable(whyRefused(found, permission, what));
}

export function whyRefused(found: Refused, permission: string, what: string): string {
  return found.result === 'denied' ? `${what}: ${permission} may be missing` : `${what}: ${found.detail}`;
}

export function unavailable(message: string): ClawbackError {
  return new ClawbackError('unavailable', message);
}
