import type { NudgedPerson, Platform } from '../../ports/rooms.ts';
import type { Deciding } from '../flow.ts';
import { configuredAccount } from './accounts.ts';

/** In which chat somebody is called by name. */

/** More names in one message help nobody. */
const MOST_NAMES = 15;

export interface CalledPerson extends NudgedPerson {
  /** Entra object id. */
  readonly person: string;
}

/** Those who are called in this chat: the one where they did something last, else the first of the tenant's that they are in. */
export async function calledHere(
  flow: Deciding,
  people: readonly string[],
  platform: Platform,
  usable: ReadonlySet<Platform>,
): Promise<readonly CalledPerson[]> {
  const last = await flow.store.transact((tx) => tx.calls.lastActed(people));
  const here: CalledPerson[] = [];
  for (const person of people) {
    const account = await accountHere(flow, person, platform, { usable, acted: last.get(person) });
    if (account === null) continue;
    here.push({ person, account, name: flow.people.find(({ entraId }) => entraId === person)?.name ?? 'Approver' });
    if (here.length === MOST_NAMES) break;
  }
  return here;
}

/** Null for somebody who is called in another chat, or in none. `acted`: where they did something last. */
async function accountHere(
  flow: Deciding,
  person: string,
  platform: Platform,
  { usable, acted }: { readonly usable: ReadonlySet<Platform>; readonly acted: Platform | undefined },
): Promise<string | null> {
  const accounts = new Map<Platform, string>();
  for (const { platform: candidate } of flow.rooms) {
    const account = usable.has(candidate) ? await accountOf(flow, person, candidate) : null;
    if (account !== null) accounts.set(candidate, account);
  }
  const [first] = accounts.keys();
  const chosen = acted !== undefined && accounts.has(acted) ? acted : first;
  return chosen === platform ? (accounts.get(platform) ?? null) : null;
}

async function accountOf(flow: Deciding, person: string, platform: Platform): Promise<string | null> {
  if (flow.chats.get(platform)?.knownBy === 'entra-id') return person;
  const configured = configuredAccount(flow, platform, person);
  return configured ?? flow.store.transact((tx) => tx.people.account(platform, person));
}
