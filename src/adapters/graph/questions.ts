import type { z } from 'zod';
import type { DirectoryPerson } from '../../ports/people.ts';
import { nextPath, odata, query, seg } from '../microsoft/client.ts';
import {
  Count,
  GROUP_TYPE,
  isHidden,
  type Member,
  Members,
  noneOr,
  Risk,
  refusal,
  Seen,
  sameId,
  toPerson,
  USER_FIELDS,
  USER_TYPE,
  User,
  Users,
  unavailable,
} from './directory-wire.ts';
import type { Asked } from './patient.ts';

export interface Asking {
  readonly origin: string;
  readonly get: <T>(
    operation: string,
    path: string,
    shape: z.ZodType<T>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Asked<T>>;
}

const MAX_PAGES = 200;
const PAGE_SIZE = '999';
const AT_RISK = new Set(['atRisk', 'confirmedCompromised']);
const SAFE = new Set(['none', 'confirmedSafe', 'remediated', 'dismissed']);

export async function person({ get }: Asking, id: string): Promise<DirectoryPerson | null> {
  const found = await get('directoryUser', `/users/${seg(id)}${query({ $select: USER_FIELDS })}`, User);
  return found.ok ? toPerson(sameId(found.value, id)) : noneOr(found, 'User.Read.All', null);
}

/** Two questions: an alternative between a property and a list of them is more than the directory takes. */
export function filtersFor(address: string, names: readonly string[]): readonly string[] {
  const byName = names.map((name) => `${name} eq ${odata(address)}`).join(' or ');
  return [byName, `proxyAddresses/any(p:p eq ${odata(`smtp:${address}`)})`];
}

export async function byAddress(asking: Asking, address: string): Promise<readonly DirectoryPerson[]> {
  const filters = filtersFor(address, ['userPrincipalName', 'mail']);
  const found = (await Promise.all(filters.map((filter) => usersWith(asking, filter)))).flat().map(toPerson);
  // A filter that was not heeded would make somebody else the owner of this address.
  if (!found.every(({ addresses }) => addresses.includes(address)))
    throw unavailable('the directory named somebody who does not have the address');
  return [...new Map(found.map((one) => [one.id, one])).values()];
}

async function usersWith({ get }: Asking, filter: string): Promise<readonly User[]> {
  const found = await get('directoryAddress', `/users${query({ $filter: filter, $select: USER_FIELDS })}`, Users);
  if (!found.ok) throw refusal(found, 'User.Read.All', 'an address cannot be looked up');
  if (found.value['@odata.nextLink'] !== undefined) throw unavailable('an address belongs to too many people');
  return found.value.value;
}

/**
 * Everybody in the group and the groups inside it, or nobody: throws where members may be left out, because whoever asks
 * takes what is not named for what is not protected.
 */
export async function members(asking: Asking, group: string): Promise<ReadonlySet<string>> {
  const all = await everythingIn(asking, group);
  const inside = all.filter(({ '@odata.type': type }) => type === GROUP_TYPE).map(({ id }) => id);
  const unsure = await Promise.all([
    all.length === 0 ? hides(asking, group) : false,
    ...inside.map(async (id) => (await hides(asking, id)) && (await everythingIn(asking, id)).length === 0),
  ]);
  if (unsure.includes(true))
    throw unavailable('a group of the policy hides its members: grant Member.Read.Hidden, or name another group');
  const people = all.filter(({ '@odata.type': type = USER_TYPE }) => type === USER_TYPE);
  return new Set(people.map(({ id }) => id.toLowerCase()));
}

async function everythingIn(asking: Asking, group: string): Promise<readonly Member[]> {
  const all: Member[] = [];
  const end = await throughGroup(asking, group, 'id', Members, (found) => void all.push(...found));
  if (end === 'too large') throw unavailable('a group of the policy is too large');
  if (end === 'no way on') throw unavailable('the next page of a group cannot be followed');
  if (end !== 'read') throw refusal(end, 'GroupMember.Read.All', 'a group of the policy cannot be read');
  return all;
}

async function hides({ get }: Asking, group: string): Promise<boolean> {
  const found = await get('directoryGroup', `/groups/${seg(group)}${query({ $select: 'id,visibility' })}`, Seen);
  if (!found.ok) throw refusal(found, 'GroupMember.Read.All', 'a group of the policy cannot be read');
  return isHidden(sameId(found.value, group.toLowerCase()));
}

type Page<T> = { readonly value: readonly T[]; readonly '@odata.nextLink'?: string | undefined };

/**
 * Asked without a cast to users, which would need the eventually consistent index: who was taken out of the group would
 * stay in it for a while longer.
 */
export async function throughGroup<T>(
  { get, origin }: Asking,
  group: string,
  fields: string,
  shape: z.ZodType<Page<T>>,
  each: (found: readonly T[]) => void,
): Promise<'read' | 'too large' | 'no way on' | Extract<Asked<unknown>, { ok: false }>> {
  let path = `/groups/${seg(group)}/transitiveMembers${query({ $select: fields, $top: PAGE_SIZE })}`;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const found = await get('directoryGroup', path, shape);
    if (!found.ok) return found;
    each(found.value.value);
    const next = found.value['@odata.nextLink'];
    if (next === undefined) return 'read';
    const after = pageAfter(origin, next, path);
    if (after === null) return 'no way on';
    path = after;
  }
  return 'too large';
}

function pageAfter(origin: string, link: string, path: string): string | null {
  try {
    return nextPath(origin, link, path);
  } catch {
    return null;
  }
}

export async function isAtRisk({ get }: Asking, id: string): Promise<boolean> {
  const found = await get('riskyUser', `/identityProtection/riskyUsers/${seg(id)}`, Risk);
  const state = found.ok ? sameId(found.value, id).riskState : noneOr(found, 'IdentityRiskyUser.Read.All', 'none');
  if (AT_RISK.has(state)) return true;
  if (SAFE.has(state)) return false;
  throw unavailable('Identity Protection gave an answer that is not known here');
}

export async function countUsers({ get }: Asking): Promise<number> {
  const found = await get('countUsers', '/users/$count', Count, { ConsistencyLevel: 'eventual' });
  if (!found.ok) throw refusal(found, 'User.Read.All', 'the users of the tenant cannot be counted');
  return found.value;
}
