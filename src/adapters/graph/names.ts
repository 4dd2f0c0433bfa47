import { z } from 'zod';
import { addressKey } from '../../core/address.ts';
import type { Names } from '../../ports/intelligence.ts';
import { createGraphClient, type GraphClientOptions, type Observed, odata, query } from '../microsoft/client.ts';
import { isGuid } from '../microsoft/ids.ts';
import { isFine } from './answer.ts';
import { createBatcher } from './batch.ts';

/** Whose a name is that a log calls a mailbox or an account by: an alias, a GUID, or what somebody signs in by. One batch, asked once. */

interface NamesOptions extends GraphClientOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly observe?: (event: Observed) => void;
}

/** learn.microsoft.com/graph/filter-query-parameter: 15 alternatives of `in`. */
const NAMES_IN_ONE = 15;
/** Of each kind: who writes into a log could fill it with names. */
const MOST_OF_A_KIND = 45;
/** learn.microsoft.com/graph/api/resources/user: an alias is of at most 64 signs, a name to sign in by of 113. */
const LONGEST = 113;
const WITHIN_MS = 15_000;

const User = z.object({
  id: z.guid(),
  userPrincipalName: z.string().nullish(),
  mailNickname: z.string().nullish(),
  proxyAddresses: z.array(z.string()).nullish(),
});
type User = z.infer<typeof User>;
const Users = z.object({ value: z.array(User), '@odata.nextLink': z.string().optional() });

const FIELDS = ['id', 'userPrincipalName', 'mailNickname'] as const;
const SELECT = [...FIELDS, 'proxyAddresses'].join(',');
/** How names are asked for; `addresses`: all that mail comes in by. */
const WAYS = [...FIELDS, 'addresses'] as const;
type Way = (typeof WAYS)[number];

/**
 * Of a name that several have nothing is said. Throws ClawbackError 'config' for a base URL that is no https origin; after that nothing
 * that Graph says makes it throw.
 */
export function createNames(options: NamesOptions): Names {
  const { clock, ids, observe = () => {} } = options;
  const batcher = createBatcher({ client: createGraphClient(options), clock, ids, observe });
  async function usersWith(way: Way, values: readonly string[]): Promise<readonly User[]> {
    const until = clock() + WITHIN_MS;
    const term = { left: () => until - clock() };
    const pages = await Promise.all(
      partsOf(values).map(async (some) => {
        const path = `/users${query({ $filter: filterOf(way, some), $select: SELECT })}`;
        const request = { operation: 'names', method: 'GET', path } as const;
        const reply = await batcher.send(`names ${way} ${some[0]}`, request, { term });
        const page = reply.kind === 'answer' && isFine(reply.status) ? Users.safeParse(reply.body).data : undefined;
        // On a page that is not all of it the second of two may be missing.
        return page && page['@odata.nextLink'] === undefined ? page.value : [];
      }),
    );
    return pages.flat();
  }
  return {
    async called(names) {
      const sound = [...new Set(names.map(addressKey))].filter(isAskable);
      const found = await Promise.all(
        WAYS.map(async (way) => {
          const own = sound.filter((name) => waysOf(name).includes(way)).slice(0, MOST_OF_A_KIND);
          return (await usersWith(way, own)).flatMap((user) => namesOf(user, [way]));
        }),
      );
      const asked = new Set(sound);
      return new Map(only(found.flat().filter(([name]) => asked.has(name))));
    },
    async of(people) {
      const users = await usersWith('id', people.map(({ id }) => id).filter(isGuid));
      return new Map(only(users.flatMap((user) => namesOf(user, WAYS))));
    },
  };
}

const isAskable = (name: string) => name !== '' && name.length <= LONGEST && !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(name);

function waysOf(name: string): readonly Way[] {
  if (name.includes('@')) return ['userPrincipalName', 'addresses'];
  return [isGuid(name) ? 'id' : 'mailNickname'];
}

/** learn.microsoft.com/graph/api/resources/user: `proxyAddresses` takes no list. */
function filterOf(way: Way, values: readonly string[]): string {
  if (way !== 'addresses') return `${way} in (${values.map(odata).join(',')})`;
  return values.map((value) => `proxyAddresses/any(x:x eq ${odata(`smtp:${value}`)})`).join(' or ');
}

function namesOf(user: User, ways: readonly Way[]): readonly (readonly [string, string])[] {
  const names = ways.flatMap((way) => (way === 'addresses' ? addressesOf(user) : (user[way] ?? [])));
  return names.map((name) => [addressKey(name), user.id.toLowerCase()] as const);
}

const addressesOf = ({ proxyAddresses }: User) =>
  (proxyAddresses ?? []).flatMap((one) => /^smtp:(.+)$/i.exec(one)?.[1] ?? []);

function partsOf(names: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(names.length / NAMES_IN_ONE) }, (_, n) =>
    names.slice(n * NAMES_IN_ONE, (n + 1) * NAMES_IN_ONE),
  );
}

function only(named: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  const owners = Map.groupBy(named, ([name]) => name);
  return [...owners.values()].flatMap((own) => (new Set(own.map(([, id]) => id)).size === 1 ? own.slice(0, 1) : []));
}
