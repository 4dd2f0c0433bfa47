import type { MailboxSet } from '../../core/ask/policy.ts';
import { ClawbackError } from '../../core/error.ts';
import { keepFresh } from '../../core/fresh.ts';
import type { Vip } from '../../core/signal/facts.ts';
import type { Directory } from '../../ports/people.ts';
import { behind } from './sets.ts';

/** Whoever the policy calls important, by the names that the directory has for them: to see who writes in their name. */

/** Names change seldom, and each of these is a request in a batch. */
const FRESH_MS = 6 * 3_600_000;
/** Five batches. Whoever stands behind these is not watched over; the policy names those first that are named one by one. */
const MOST_VIPS = 100;

/** Answers null where the directory cannot tell now; never throws for that. `now`: milliseconds since the epoch. */
export function namesOfVips(
  directory: Directory,
  now: () => number,
): (set: MailboxSet) => Promise<readonly Vip[] | null> {
  const known = keepFresh({ lifetimeMs: FRESH_MS, now, most: 4 }, (key) =>
    // Made a line below: it is a set again.
    namesIn(directory, JSON.parse(key) as MailboxSet),
  );
  return (set) =>
    known(JSON.stringify(set)).catch((error: unknown) => {
      if (error instanceof ClawbackError) return null;
      throw error;
    });
}

async function namesIn(directory: Directory, { addresses, entraGroups }: MailboxSet): Promise<readonly Vip[]> {
  // At once, so that they fill a batch: somebody is looked at meanwhile.
  const named = await Promise.all(addresses.slice(0, MOST_VIPS).map((address) => peopleBehind(directory, address)));
  const groups = await Promise.all(entraGroups.map((group) => directory.members(group)));
  const known = new Map(named.flatMap(({ people }) => people.map((person) => [person.id, person])));
  const ids = new Set([...named.flatMap((one) => one.ids), ...groups.flatMap((members) => [...members])]);
  const more = [...ids].filter((id) => !known.has(id)).slice(0, known.size < MOST_VIPS ? MOST_VIPS - known.size : 0);
  const found = await Promise.all(more.map((id) => directory.person(id)));
  return [...known.values(), ...found].flatMap((person) =>
    person ? [{ name: person.name, addresses: person.addresses }] : [],
  );
}

/** Who has the address, by name; of a list, by id. */
async function peopleBehind(directory: Directory, address: string) {
  const people = await directory.byAddress(address);
  return { people, ids: people.length > 0 ? [] : await behind(directory, address) };
}
