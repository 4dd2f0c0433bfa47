import { ClawbackError } from '../../core/error.ts';
import type { Expansion } from '../../ports/people.ts';
import type { Lookup, Wanted } from '../../ports/reader.ts';
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

type Opened = { readonly address: string; readonly is: Expansion };

/** Looks into the mailbox behind each address, into its owner's where it is a tagged one, and into all members' of a group. */
export async function reach(
  flow: Pick<Flow, 'reader' | 'directory'>,
  addresses: readonly string[],
  wanted: Wanted,
): Promise<Reached> {
  const first = await flow.reader.locate(addresses, wanted);
  const nobody = first.filter(({ result, mailbox }) => result === 'missing' && mailbox === null);
  const opened = await Promise.all(
    nobody.map(async ({ address }) => ({ address, is: await expansionOf(flow, address) })),
  );
  const known = new Set(first.flatMap(({ mailbox }) => mailbox?.id.toLowerCase() ?? []));
  const members = membersOf(opened, known);
  const inside = await locate(flow, members.slice(0, MOST_MEMBERS), wanted);
  const owners = await ownersOf(flow, opened, wanted);
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
async function ownersOf(
  flow: Pick<Flow, 'reader'>,
  opened: readonly Opened[],
  wanted: Wanted,
): Promise<readonly Lookup[]> {
  const led = opened.flatMap(({ address, is }) => {
    const own = is.kind === 'person' ? is.addresses[0] : undefined;
    return own === undefined ? [] : [{ own, named: { address } }];
  });
  const found = await locate(
    flow,
    led.map(({ own }) => own),
    wanted,
  );
  return found.map((lookup, n) => ({ ...lookup, ...led[n]?.named }));
}

function locate(flow: Pick<Flow, 'reader'>, addresses: readonly string[], wanted: Wanted): Promise<readonly Lookup[]> {
  return addresses.length > 0 ? flow.reader.locate(addresses, wanted) : Promise.resolve([]);
}

async function expansionOf(flow: Pick<Flow, 'directory'>, address: string): Promise<Expansion> {
  try {
    return await flow.directory.expand(address);
  } catch (error) {
    if (error instanceof ClawbackError && error.code === 'unavailable') return { kind: 'unclear', why: error.message };
    throw error;
  }
}
