import { odata, query } from '../microsoft/client.ts';
import { isGuid } from '../microsoft/ids.ts';
import { inTurns } from './in-turns.ts';
import { type Asked, ask, type Patience } from './patient.ts';
import { addressesOf, UserPage, type WireUser } from './wire.ts';

/** Who has an address: asked one by one, or, where tracking names the owner, for many at once. */

const USER_FIELDS = 'id,userPrincipalName,mail,proxyAddresses';
/** learn.microsoft.com/graph/filter-query-parameter: 15 alternatives of `in`. */
const MOST_AT_ONCE = 15;

/** By main address or user principal name, else by alias: "nobody" must not be said of somebody's second address. */
export async function usersBehind(tools: Patience, address: string): Promise<Asked<readonly WireUser[]>> {
  const wanted = odata(address);
  const byName = await askUsers(
    tools,
    `user ${address.toLowerCase()}`,
    `userPrincipalName eq ${wanted} or mail eq ${wanted}`,
  );
  if (!byName.ok || byName.value.length > 0) return byName;
  const alias = `proxyAddresses/any(p:p eq ${odata(`smtp:${address}`)})`;
  const byAlias = await askUsers(tools, `user ${address.toLowerCase()}`, alias);
  // Aliases need User.Read.All; without it the first answer is all that can be said.
  return !byAlias.ok && byAlias.result === 'denied' ? byName : byAlias;
}

async function askUsers(tools: Patience, lane: string, filter: string): Promise<Asked<readonly WireUser[]>> {
  const path = `/users${query({ $filter: filter, $select: USER_FIELDS })}`;
  const page = await ask(tools, lane, 'resolve', path, UserPage);
  return page.ok ? { ...page, value: page.value.value } : page;
}

/** As many questions as fill a batch. */
const QUESTIONS_AT_ONCE = 20;

/**
 * Owners of addresses, as far as many can be asked about at once and the directory agrees with `owners`; by address as it was
 * asked. Whoever is missing has to be asked about alone: nothing is said of them. `patience`: for each question its own.
 */
export async function ownersOf(
  patience: () => Patience,
  addresses: readonly string[],
  owners: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, WireUser>> {
  const known = addresses.flatMap((address) => {
    const id = owners.get(address.toLowerCase());
    return id !== undefined && isGuid(id) ? [{ address, id: id.toLowerCase() }] : [];
  });
  const parts = Array.from({ length: Math.ceil(known.length / MOST_AT_ONCE) }, (_, n) =>
    known.slice(n * MOST_AT_ONCE, (n + 1) * MOST_AT_ONCE),
  );
  const found = await inTurns(QUESTIONS_AT_ONCE, parts, async (part) => {
    const ids = [...new Set(part.map(({ id }) => id))];
    const users = await askUsers(patience(), `users ${ids[0]}`, `id in (${ids.map(odata).join(',')})`);
    const byId = new Map(users.ok ? users.value.map((user) => [user.id, user]) : []);
    return part.flatMap(({ address, id }) => {
      const user = byId.get(id);
      // An address may have been given to somebody else since: then it is not this mailbox that is meant.
      return user && addressesOf(user).includes(address.toLowerCase()) ? [[address, user] as const] : [];
    });
  });
  return new Map(found.flat());
}
