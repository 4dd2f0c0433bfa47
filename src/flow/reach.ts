import { ClawbackError } from '../core/error.ts';
import type { Lookup } from '../ports/mail.ts';
import type { Expansion } from '../ports/people.ts';
import type { Flow } from './flow.ts';

/** From addresses to mailboxes, by every way that mail takes: groups and lists are opened, and their members looked into. */

/** More members than this in one group are everybody: tracking names whom it reached. */
const MOST_MEMBERS = 20_000;

export interface Reached {
  readonly lookups: readonly Lookup[];
  /** Groups behind addresses, with the object ids of their members. */
  readonly groups: readonly { readonly address: string; readonly people: readonly string[] }[];
  /** Addresses behind which nobody could be found out, or not everybody. */
  readonly unresolved: readonly string[];
}

/** Looks into the mailbox behind each address, and into those of the members where it is a group's. */
export async function reach(
  flow: Pick<Flow, 'mail' | 'directory'>,
  addresses: readonly string[],
  searchFor: readonly string[],
): Promise<Reached> {
  const wanted = { internetMessageIds: searchFor };
  const first = await flow.mail.locate(addresses, wanted);
  const nobody = first.filter(({ result, mailbox }) => result === 'missing' && mailbox === null);
  const opened = await Promise.all(
    nobody.map(async ({ address }) => ({ address, is: await expansionOf(flow, address) })),
  );
  const known = new Set(first.flatMap(({ mailbox }) => mailbox?.id.toLowerCase() ?? []));
  const members = new Map<string, string>();
  for (const { is } of opened) {
    if (is.kind !== 'group') continue;
    for (const { id, address } of is.members.slice(0, MOST_MEMBERS))
      if (address !== null && !known.has(id)) members.set(id, address);
  }
  const second = members.size > 0 ? await flow.mail.locate([...members.values()], wanted) : [];
  const groups = opened.flatMap(({ address, is }) =>
    is.kind === 'group' ? [{ address, people: is.members.map(({ id }) => id) }] : [],
  );
  const isGroup = new Set(groups.map(({ address }) => address));
  return {
    lookups: [...first.filter(({ address }) => !isGroup.has(address)), ...second],
    groups,
    unresolved: opened.flatMap(({ address, is }) =>
      is.kind === 'unclear' || (is.kind === 'group' && !is.complete) ? [address] : [],
    ),
  };
}

async function expansionOf(flow: Pick<Flow, 'directory'>, address: string): Promise<Expansion> {
  try {
    return await flow.directory.expand(address);
  } catch (error) {
    if (error instanceof ClawbackError && error.code === 'unavailable') return { kind: 'unclear', why: error.message };
    throw error;
  }
}
