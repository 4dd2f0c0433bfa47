import type { Tenant } from '../config/schema.ts';
import type { Policy } from '../core/ask/policy.ts';
import { ClawbackError } from '../core/error.ts';
import { behind } from '../flow/find/sets.ts';
import type { Directory, DirectoryPerson } from '../ports/people.ts';
import { entraGroupsIn, peopleIn } from './in-use.ts';

/** Whose mailbox a trial may use: a person's whom neither the approvals nor the policy name. Throws advice otherwise. */
export async function trialPerson(
  address: string,
  tenant: Tenant,
  policy: Policy,
  directory: Directory,
): Promise<DirectoryPerson> {
  const found = await directory.byAddress(address);
  const [person] = found;
  if (!person) throw refused(`--trial: nobody in this tenant has the address ${address}`);
  if (found.length > 1) throw refused(`--trial: ${address} belongs to several people: name another mailbox`);
  const addresses = new Set([address, ...person.addresses]);
  if (peopleIn(tenant, policy).some(({ entraId }) => entraId === person.id) || isOf(tenant.approvers, addresses))
    throw refused(`${address} is the mailbox of somebody who approves: make a mailbox for the trial`);
  for (const [key, set] of setsIn(policy))
    for (const one of set.addresses)
      if (addresses.has(one) || (await behind(directory, one)).includes(person.id.toLowerCase()))
        throw refused(`${address} is in ${key} of the policy: make a mailbox for the trial`);
  for (const { id, at } of entraGroupsIn(policy))
    await refuseMember(directory, person, address, { id, at: at.join(', ') });
  return person;
}

function isOf(approvers: Tenant['approvers'], addresses: ReadonlySet<string>): boolean {
  return approvers.some(({ address }) => address !== undefined && addresses.has(address.toLowerCase()));
}

function setsIn({ mailboxes: { vip, legalHold, protected: sets } }: Policy) {
  return [
    ['mailboxes.vip', vip],
    ['mailboxes.legalHold', legalHold],
    ...sets.map((set) => [`mailboxes.protected \u201c${set.name}\u201d`, set] as const),
  ] as const;
}

/** A group that cannot be read, or whose members are hidden, may well hold the person: that is a no as well. */
async function refuseMember(
  directory: Directory,
  { id }: DirectoryPerson,
  address: string,
  group: { readonly id: string; readonly at: string },
): Promise<void> {
  const unseen = (why: string, cause?: unknown) =>
    new ClawbackError(
      'unavailable',
      `whether ${group.at} of the policy names ${address} cannot be seen (${why}), so nothing was done: clawback doctor says what is missing`,
      { cause },
    );
  const members = await directory.members(group.id).catch((cause: unknown) => {
    const said = cause instanceof ClawbackError ? `: ${cause.message}` : '';
    throw unseen(`the group cannot be read in full${said}`, cause);
  });
  if (members.has(id)) throw refused(`${address} is in ${group.at} of the policy: make a mailbox for the trial`);
}

function refused(words: string): ClawbackError {
  return new ClawbackError('invalid', `${words}; nothing was done`, { field: 'trial' });
}
