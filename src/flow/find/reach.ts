import { ClawbackError } from '../../core/error.ts';
import type { Expansion } from '../../ports/people.ts';
import type { Lookup, Reader, Wanted } from '../../ports/reader.ts';
import type { Flow } from '../flow.ts';

/** From addresses to mailboxes, by every way that mail takes: groups and lists are opened, and their members looked into. */

/** More members than this in one group are everybody: tracking names whom it reached. */
const MOST_MEMBERS = 20_000;

export interface Reached {
  readonly lookups: readonly Lookup[];
  /** Groups behind addresses, with the object ids of their members. */
  readonly groups: readonly { readonly address: string; readonly people: readonly string[] }[];
  /** Addresses behind which nobody could be found out, or not everybody. */
  readonly unresolved: readonly string[];
  /** Groups that keep what is sent to them in a mailbox of their own, where nobody can look. */
  readonly unreachable: readonly string[];
  /** Members of groups that were not looked into because there were too many. */
  readonly membersLeft: number;
}

/** `locate`: one element for each address. */
interface Ways {
  readonly directory: Flow['directory'];
  readonly locate: Reader['locate'];
}

type Some = (addresses: readonly string[]) => Promise<readonly Lookup[]>;

type Opened = { readonly address: string; readonly is: Expansion };

/** Looks into the mailbox behind each address, into its owner's where it is a tagged one, and into all members' of a group. */
export async function reach(
  { directory, locate }: Ways,
  addresses: readonly string[],
  wanted: Wanted,
): Promise<Reached> {
  const some: Some = async (asked) => (asked.length > 0 ? locate(asked, wanted) : []);
  const first = await locate(addresses, wanted);
  const nobody = first.filter(({ result, mailbox }) => result === 'missing' && mailbox === null);
  const opened = await Promise.all(
    nobody.map(async ({ address }) => ({ address, is: await expansionOf(directory, address) })),
  );
  const known = new Set(first.flatMap(({ mailbox }) => mailbox?.id.toLowerCase() ?? []));
  const members = membersOf(opened, known);
  const inside = await some(members.slice(0, MOST_MEMBERS));
  const owners = await ownersOf(some, opened);
  const groups = opened.flatMap(({ address, is }) =>
    is.kind === 'group' ? [{ address, people: is.members.map(({ id }) => id) }] : [],
  );
  const isAnswered = new Set([...groups, ...owners].map(({ address }) => address));
  return {
    lookups: [...first.filter(({ address }) => !isAnswered.has(address)), ...owners, ...inside],
    groups,
    unresolved: opened.flatMap(({ address, is }) =>
      is.kind === 'unclear' || (is.kind === 'group' && !is.complete) ? [address] : [],
    ),
    unreachable: opened.flatMap(({ address, is }) => (is.kind === 'group' && is.ownMailbox ? [address] : [])),
    membersLeft: members.slice(MOST_MEMBERS).length,
  };
}

/** Addresses of everybody in the groups whose mailbox is not looked into yet, each once. */
function membersOf(opened: readonly Opened[], known: ReadonlySet<string>): readonly string[] {
  const members = new Map<string, string>();
  for (const { is } of opened) {
    if (is.kind !== 'group') continue;
    for (const { id, address } of is.members) if (address !== null && !known.has(id)) members.set(id, address);
  }
  return [...members.values()];
}

/** What was found in the mailbox of somebody to whom the address leads, told of the address as it was named. */
async function ownersOf(locate: Some, opened: readonly Opened[]): Promise<readonly Lookup[]> {
  const led = opened.flatMap(({ address, is }) => {
    const own = is.kind === 'person' ? is.addresses[0] : undefined;
    return own === undefined ? [] : [{ own, named: { address } }];
  });
  const found = await locate(led.map(({ own }) => own));
  return found.map((lookup, n) => ({ ...lookup, ...led[n]?.named }));
}

async function expansionOf(directory: Flow['directory'], address: string): Promise<Expansion> {
  try {
    return await directory.expand(address);
  } catch (error) {
    if (error instanceof ClawbackError && error.code === 'unavailable') return { kind: 'unclear', why: error.message };
    throw error;
  }
}
