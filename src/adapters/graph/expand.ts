import type { z } from 'zod';
import type { Expansion } from '../../ports/people.ts';
import { query } from '../microsoft/client.ts';
import {
  GROUP_FIELDS,
  GROUP_TYPE,
  type Group,
  Groups,
  isHidden,
  RECIPIENT_FIELDS,
  type Recipient,
  Recipients,
  USER_FIELDS,
  USER_TYPE,
  Users,
  unavailable,
  whyRefused,
} from './directory-wire.ts';
import type { Asked } from './patient.ts';
import { type Asking, filtersFor, throughGroup } from './questions.ts';
import { type Addressee, addressesOf } from './wire.ts';

/** Who gets what is sent to an address: a person, or the people of a list or group. */

const CONTACT_TYPE = '#microsoft.graph.orgContact';
const NOBODY: Expansion = { kind: 'nobody' };

/** `address` in lower case. Throws ClawbackError 'unavailable' only where no clear answer came. */
export async function expand(asking: Asking, address: string): Promise<Expansion> {
  const person = await personBehind(asking, address);
  if (person) return person;
  const group = await groupBehind(asking, address);
  const untagged = withoutTag(address);
  if (untagged === null || group.kind === 'group') return group;
  const owner = await personBehind(asking, untagged);
  // Where groups cannot be read, a tag is far more likely than a group with a `+` in its name; looking there harms nobody.
  if (group.kind === 'unclear') return owner?.kind === 'person' ? owner : group;
  return owner ?? groupBehind(asking, untagged);
}

/** `name+tag@domain` is delivered to `name@domain`. */
function withoutTag(address: string): string | null {
  const parts = /^([^"+@]+)\+[^@]*(@[^@]+)$/.exec(address);
  return parts ? `${parts[1]}${parts[2]}` : null;
}

/** Null: nobody has it. */
async function personBehind(asking: Asking, address: string): Promise<Expansion | null> {
  const users = await withAddress(asking, '/users', USER_FIELDS, Users, ['userPrincipalName', 'mail'], address);
  if ('why' in users) return unclear(users.why);
  const [person, ...others] = users.found;
  if (others.length > 0) return unclear('several people have this address');
  return person ? { kind: 'person', id: person.id.toLowerCase(), addresses: addressesOf(person) } : null;
}

async function groupBehind(asking: Asking, address: string): Promise<Expansion> {
  const groups = await withAddress(asking, '/groups', GROUP_FIELDS, Groups, ['mail'], address);
  if ('why' in groups) return unclear(groups.why);
  const [group, ...more] = groups.found;
  if (more.length > 0) return unclear('several groups have this address');
  return group ? membersOf(asking, group) : NOBODY;
}

function unclear(why: string): Expansion {
  return { kind: 'unclear', why };
}

type Found<T> = { readonly found: readonly T[] } | { readonly why: string };

async function withAddress<T extends Addressee & { readonly id: string }>(
  { get }: Asking,
  path: '/users' | '/groups',
  fields: string,
  shape: z.ZodType<{ readonly value: T[]; readonly '@odata.nextLink'?: string | undefined }>,
  names: readonly string[],
  address: string,
): Promise<Found<T>> {
  const answers = await Promise.all(
    filtersFor(address, names).map((filter) =>
      get('directoryAddress', `${path}${query({ $filter: filter, $select: fields })}`, shape),
    ),
  );
  const all = new Map<string, T>();
  for (const answer of answers) {
    if (!answer.ok) return { why: lasting(answer, path === '/users' ? 'User.Read.All' : 'GroupMember.Read.All') };
    if (answer.value['@odata.nextLink'] !== undefined) return { why: 'too many have this address' };
    for (const one of answer.value.value) all.set(one.id.toLowerCase(), one);
  }
  const found = [...all.values()];
  // A filter that was not heeded would make the mail of one person another's.
  const owns = (one: T) => addressesOf(one).includes(address);
  return found.every(owns) ? { found } : { why: 'the directory named somebody who does not have the address' };
}

function lasting(answer: Extract<Asked<unknown>, { ok: false }>, permission: string): string {
  const why = whyRefused(answer, permission, 'the address cannot be looked up');
  if (answer.later) throw unavailable(why);
  return why;
}

async function membersOf(asking: Asking, group: Group): Promise<Expansion> {
  const all: Recipient[] = [];
  const end = await throughGroup(asking, group.id, RECIPIENT_FIELDS, Recipients, (page) => void all.push(...page));
  if (typeof end !== 'string') return unclear(lasting(end, 'GroupMember.Read.All'));
  const people = all.filter(({ '@odata.type': type = USER_TYPE }) => type === USER_TYPE);
  const gaps = [end === 'read' ? null : 'it has more members than can be read', ...gapsIn(group, all)];
  const why = gaps.filter((gap) => gap !== null).join('; ');
  const ownMailbox = hasMailbox(group) || all.some((one) => one['@odata.type'] === GROUP_TYPE && hasMailbox(one));
  return { kind: 'group', members: people.map(memberOf), ownMailbox, complete: why === '', why };
}

function memberOf({ id, mail, userPrincipalName }: Recipient) {
  return { id: id.toLowerCase(), address: (mail || userPrincipalName)?.toLowerCase() ?? null };
}

const hasMailbox = ({ groupTypes }: Pick<Group, 'groupTypes'>) => groupTypes?.includes('Unified') ?? false;

function gapsIn(group: Group, members: readonly Recipient[]): readonly (string | null)[] {
  const inside = members.filter(({ '@odata.type': type }) => type === GROUP_TYPE);
  const hidden = (isHidden(group) && members.length === 0) || inside.some(isHidden);
  return [
    hidden ? 'its members are hidden: Member.Read.Hidden may be missing' : null,
    members.length === 0 && !hidden ? 'no members are told' : null,
    members.some(({ '@odata.type': type }) => type === CONTACT_TYPE) ? 'it has members outside the tenant' : null,
  ];
}
