import { z } from 'zod';
import { ClawbackError } from '../../core/error.ts';
import { keepFresh } from '../../core/fresh.ts';
import type { Directory, DirectoryPerson } from '../../ports/people.ts';
import { isGuid } from './answer.ts';
import { createBatcher, type Observed } from './batch.ts';
import { createGraphClient, nextPath, odata, query, seg } from './client.ts';
import { type Asked, ask, type Patience } from './patient.ts';

export interface GraphDirectoryOptions {
  /** Origin of Microsoft Graph, such as https://graph.microsoft.com. http only on this machine. */
  readonly baseUrl: string;
  readonly token: (claims?: string) => Promise<string>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Fresh GUIDs, for `client-request-id`. */
  readonly ids: () => string;
  readonly sleep: (ms: number) => Promise<void>;
  /** Whether Identity Protection is asked about people at risk. */
  readonly identityProtection: boolean;
  readonly observe?: (event: Observed) => void;
  /** Per HTTP request. Default 5 s: a person waits for the answer. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;
/** Longer than this nobody is kept waiting by a throttled directory. */
const LONGEST_WAIT_MS = 2_000;
/** Identity Protection takes one request a second and throttles without saying for how long. */
const UNTOLD_WAIT_MS = 1_000;
const PERSON_FRESH_MS = 15_000;
const GROUP_FRESH_MS = 300_000;
const SIZE_FRESH_MS = 3_600_000;
const MOST_PEOPLE = 5_000;
/** One of them may hold as many ids as the tenant has people. */
const MOST_GROUPS = 200;
const MAX_PAGES = 200;
const PAGE_SIZE = '999';
const USER_TYPE = '#microsoft.graph.user';
const FIELDS = 'id,displayName,accountEnabled,userType,mail,userPrincipalName,proxyAddresses';

const User = z.object({
  id: z.guid(),
  displayName: z.string().nullish(),
  accountEnabled: z.boolean().nullish(),
  userType: z.string().nullish(),
  mail: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  proxyAddresses: z.array(z.string()).nullish(),
});
const Users = z.object({ value: z.array(User), '@odata.nextLink': z.string().optional() });
const Member = z.object({ id: z.guid(), '@odata.type': z.string().optional() });
const Members = z.object({ value: z.array(Member), '@odata.nextLink': z.string().optional() });
const Risk = z.object({ id: z.guid(), riskState: z.string() });
const AT_RISK = new Set(['atRisk', 'confirmedCompromised']);
const SAFE = new Set(['none', 'confirmedSafe', 'remediated', 'dismissed']);
/** Plain text, which a batch may carry as it is or in base64. A decimal number never is the base64 of another one. */
const Count = z
  .union([z.number(), z.string()])
  .transform((value) => decimal(String(value)) ?? decimal(Buffer.from(String(value), 'base64').toString()))
  .pipe(z.int().min(1));

/** The directory of one tenant through Microsoft Graph. Everything but a clear answer throws 'unavailable'. */
export function createDirectory(options: GraphDirectoryOptions): Directory {
  const { clock, ids, observe = () => {} } = options;
  const client = createGraphClient({ ...options, timeoutMs: options.timeoutMs ?? TIMEOUT_MS });
  const patience: Patience = {
    batcher: createBatcher({ client, clock, ids, observe }),
    rounds: 2,
    lostTries: 1,
    untoldWaitMs: UNTOLD_WAIT_MS,
    sleep: (ms) =>
      ms > LONGEST_WAIT_MS ? Promise.reject(unavailable('Microsoft Graph asks to wait')) : options.sleep(ms),
  };
  const get = <T>(operation: string, path: string, shape: z.ZodType<T>, headers?: Readonly<Record<string, string>>) =>
    ask(patience, `directory ${path}`, operation, path, shape, headers);
  const fresh = <T>(lifetimeMs: number, most: number, load: (key: string) => Promise<T>) =>
    keepFresh({ lifetimeMs, now: clock, most }, load);

  async function person(id: string): Promise<DirectoryPerson | null> {
    const found = await get('directoryUser', `/users/${seg(id)}${query({ $select: FIELDS })}`, User);
    return found.ok ? toPerson(sameId(found.value, id)) : noneOr(found, 'User.Read.All', null);
  }

  async function byAddress(address: string): Promise<readonly DirectoryPerson[]> {
    const wanted = odata(address);
    const alias = odata(`smtp:${address}`);
    const filters = [`userPrincipalName eq ${wanted} or mail eq ${wanted}`, `proxyAddresses/any(p:p eq ${alias})`];
    const found = (await Promise.all(filters.map(usersWith))).flat().map(toPerson);
    // A filter that was not heeded would make somebody else the owner of this address.
    if (!found.every(({ addresses }) => addresses.includes(address)))
      throw unavailable('the directory named somebody who does not have the address');
    return [...new Map(found.map((one) => [one.id, one])).values()];
  }

  async function usersWith(filter: string): Promise<readonly z.infer<typeof User>[]> {
    const path = `/users${query({ $filter: filter, $select: FIELDS })}`;
    const found = await get('directoryAddress', path, Users);
    if (!found.ok) throw refusal(found, 'User.Read.All', 'an address cannot be looked up');
    if (found.value['@odata.nextLink'] !== undefined) throw unavailable('an address belongs to too many people');
    return found.value.value;
  }

  /**
   * Asked without a cast to users, which would need the eventually consistent index: who was taken out of the group would
   * stay in it for a while longer.
   */
  async function members(group: string): Promise<ReadonlySet<string>> {
    const people = new Set<string>();
    let path = `/groups/${seg(group)}/transitiveMembers${query({ $select: 'id', $top: PAGE_SIZE })}`;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const found = await get('directoryGroup', path, Members);
      if (!found.ok) throw refusal(found, 'GroupMember.Read.All', 'a group of the policy cannot be read');
      for (const { id, '@odata.type': type = USER_TYPE } of found.value.value) {
        if (type === USER_TYPE) people.add(id.toLowerCase());
      }
      const next = found.value['@odata.nextLink'];
      if (next === undefined) return people;
      path = pageAfter(client.origin, next, path);
    }
    throw unavailable('a group of the policy is too large');
  }

  async function isAtRisk(id: string): Promise<boolean> {
    const found = await get('riskyUser', `/identityProtection/riskyUsers/${seg(id)}`, Risk);
    const state = found.ok ? sameId(found.value, id).riskState : noneOr(found, 'IdentityRiskyUser.Read.All', 'none');
    if (AT_RISK.has(state)) return true;
    if (SAFE.has(state)) return false;
    throw unavailable('Identity Protection gave an answer that is not known here');
  }

  async function countUsers(): Promise<number> {
    const found = await get('countUsers', '/users/$count', Count, { ConsistencyLevel: 'eventual' });
    if (!found.ok) throw refusal(found, 'User.Read.All', 'the users of the tenant cannot be counted');
    return found.value;
  }

  const people = fresh(PERSON_FRESH_MS, MOST_PEOPLE, person);
  const addresses = fresh(PERSON_FRESH_MS, MOST_PEOPLE, byAddress);
  const groups = fresh(GROUP_FRESH_MS, MOST_GROUPS, members);
  const risks = fresh(PERSON_FRESH_MS, MOST_PEOPLE, isAtRisk);
  const size = fresh(SIZE_FRESH_MS, 1, countUsers);
  return {
    expand: () => Promise.resolve({ kind: 'nobody' }),
    person: (id) => (isGuid(id) ? people(id.toLowerCase()) : Promise.resolve(null)),
    byAddress: (address) =>
      /^[^\p{Cc}\s]{1,320}$/u.test(address)
        ? addresses(address.toLowerCase())
        : Promise.reject(unavailable('not a mail address')),
    members: (id) => (isGuid(id) ? groups(id.toLowerCase()) : Promise.reject(unavailable('a group id is no GUID'))),
    async atRisk(id) {
      if (!options.identityProtection) return false;
      if (!isGuid(id)) throw unavailable('an object id is no GUID');
      return risks(id.toLowerCase());
    },
    size: () => size('all'),
  };
}

function decimal(text: string): number | null {
  const digits = /^\uFEFF?\s*(\d{1,15})\s*$/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

function sameId<T extends { readonly id: string }>(found: T, id: string): T {
  if (found.id.toLowerCase() !== id) throw unavailable('the directory answered about somebody else');
  return found;
}

function pageAfter(origin: string, link: string, path: string): string {
  try {
    return nextPath(origin, link, path);
  } catch (error) {
    throw new ClawbackError('unavailable', 'the next page of a group cannot be followed', { cause: error });
  }
}

/** Throws when the answer leaves out what only User.Read.All shows: then nobody can say whether the account is in order. */
function toPerson(user: z.infer<typeof User>): DirectoryPerson {
  const { accountEnabled, userType } = user;
  if (typeof accountEnabled !== 'boolean')
    throw unavailable('Entra does not say whether an account is enabled: the permission User.Read.All is missing');
  if (!userType)
    throw unavailable(
      'Entra does not say whether an account is a guest: its userType is empty, or User.Read.All is missing',
    );
  const aliases = (user.proxyAddresses ?? []).filter((one) => /^smtp:/i.test(one)).map((one) => one.slice(5));
  const addresses = [user.mail, user.userPrincipalName, ...aliases].filter((address) => typeof address === 'string');
  return {
    id: user.id.toLowerCase(),
    name: user.displayName ?? 'without a name',
    addresses: [...new Set(addresses.map((address) => address.toLowerCase()))],
    enabled: accountEnabled,
    guest: userType.toLowerCase() !== 'member',
  };
}

type Refused = Extract<Asked<unknown>, { ok: false }>;

/** `none` where Graph itself says that there is no such thing. */
function noneOr<T>(found: Refused, permission: string, none: T): T {
  if (found.result === 'missing' || found.absent) return none;
  throw refusal(found, permission, 'the directory gave no clear answer');
}

function refusal(found: Refused, permission: string, what: string): ClawbackError {
  return unavailable(found.result === 'denied' ? `${what}: ${permission} may be missing` : `${what}: ${found.detail}`);
}

function unavailable(message: string): ClawbackError {
  return new ClawbackError('unavailable', message);
}
