import type { Role, TenantPolicy } from '../../core/ask/policy.ts';
import type { NoStandingCode } from '../../core/ask/refusal.ts';
import type { Cast, Voter } from '../../core/ask/tally.ts';
import { ClawbackError } from '../../core/error.ts';
import { storable } from '../../core/text.ts';
import type { ChatUser } from '../../ports/desk.ts';
import type { ChatPeople } from '../../ports/people.ts';
import type { Platform } from '../../ports/rooms.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { provenAccount, provenLink } from '../record/trust.ts';
import { configuredAccount, configuredPeople } from './accounts.ts';

/** Who somebody is and what they may take part in: asked at the click, of the directory and the chat, not of the payload. */

export interface Standing extends Voter {
  readonly is: 'known';
  readonly name: string;
  /** Every mail address, lower case. */
  readonly addresses: readonly string[];
  /** False where a group could not be asked: there may be more roles. */
  readonly certain: boolean;
}

export type NoStanding = {
  readonly is: 'refused';
  readonly why: NoStandingCode;
  /** Set where it is known who it would have been. */
  readonly person: string | null;
};

const no = (why: NoStanding['why'], person: string | null = null): NoStanding => ({ is: 'refused', why, person });
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Never throws: what cannot be asked is a no. `channel` null: a place that needs no check, such as our own page. */
export async function standingOf(
  flow: Deciding,
  by: ChatUser,
  channel: string | null,
  policy: TenantPolicy,
): Promise<Standing | NoStanding> {
  const chat = flow.chats.get(by.platform);
  if (!chat) return no('unknown-person');
  if (by.home !== chat.home) return no('outsider');
  return orUnknown(badAccount(chat, by, channel).then((bad) => bad ?? standingBehind(flow, chat, by, policy)));
}

/** What is wrong with the chat account or the place it spoke from; null when nothing is. */
export async function badAccount(chat: ChatPeople, by: ChatUser, channel: string | null): Promise<NoStanding | null> {
  if (by.id === '') return no('unknown-person');
  if (channel !== null && (await chat.isShared(channel))) return no('shared-channel');
  const account = await chat.account(by.id);
  if (!account) return no('unknown-person');
  if (account.stranger) return no('outsider');
  if (account.bot) return no('bot');
  if (account.guest) return no('guest');
  return account.active ? null : no('deactivated');
}

async function standingBehind(
  flow: Deciding,
  chat: ChatPeople,
  by: ChatUser,
  policy: TenantPolicy,
): Promise<Standing | NoStanding> {
  const person = await personBehind(flow, chat, by, policy);
  return typeof person === 'string' ? standingOfPerson(flow, person, policy) : person;
}

/** The Entra object id behind a chat account. One account is one person, or it is nobody. */
export async function personBehind(
  flow: Deciding,
  chat: ChatPeople,
  by: ChatUser,
  policy: TenantPolicy,
): Promise<string | NoStanding> {
  if (chat.knownBy === 'entra-id') {
    const id = by.id.toLowerCase();
    return GUID.test(id) ? id : no('unknown-person');
  }
  const found = await linkedPeople(flow, by.platform, by.id);
  if (found.size > 1) return no('ambiguous');
  const [only] = found;
  if (only !== undefined) return only;
  return policy.linkByEmail ? personByAddress(flow, chat, by) : no('unlinked');
}

/** By configuration and by sign-in; they agree, or the account is ambiguous. */
async function linkedPeople(flow: Deciding, platform: Platform, account: string): Promise<ReadonlySet<string>> {
  const link = await flow.store.transact((tx) => provenLink(tx, platform, account));
  return new Set([...configuredPeople(flow, platform, account), ...(link ? [link.person] : [])]);
}

async function personByAddress(flow: Deciding, chat: ChatPeople, by: ChatUser): Promise<string | NoStanding> {
  const address = (await chat.account(by.id))?.address?.toLowerCase();
  if (!address) return no('unlinked');
  const [person, ...more] = await flow.directory.byAddress(address);
  if (!person) return no('unlinked');
  if (more.length > 0) return no('ambiguous', person.id);
  // Somebody who has another account there on record is not taken for the owner of this one as well.
  const other = await linkedAccount(flow, by.platform, person.id);
  return other === null || other === by.id ? person.id : no('ambiguous', person.id);
}

async function linkedAccount(flow: Deciding, platform: Platform, person: string): Promise<string | null> {
  const configured = configuredAccount(flow, platform, person);
  return configured ?? (await flow.store.transact((tx) => provenAccount(tx, platform, person)));
}

/** Throws ClawbackError 'unavailable' when the directory cannot be asked. */
async function standingOfPerson(flow: Deciding, id: string, policy: TenantPolicy): Promise<Standing | NoStanding> {
  // Asked at once: whoever pressed waits for it. Not the risk, of which few may be asked: none for somebody who is none of ours.
  const asked = rolesOf(flow, id, policy);
  asked.catch(() => undefined);
  const person = await flow.directory.person(id);
  if (!person) return no('unknown-person', id);
  if (person.guest) return no('guest', id);
  if (!person.enabled) return no('deactivated', id);
  if (await flow.directory.atRisk(id)) return no('at-risk', id);
  const roles = await asked;
  if (roles.names.length === 0) return no(roles.certain ? 'unknown-person' : 'cannot-check', id);
  const name = storable(flow.people.find(({ entraId }) => entraId === id)?.name ?? person.name);
  return { is: 'known', person: id, name, addresses: person.addresses, roles: roles.names, certain: roles.certain };
}

/** Where somebody does something is where they are called next. */
export async function notePlace(
  { clock }: Pick<Deciding, 'clock'>,
  tx: Pick<Tx, 'calls'>,
  platform: Platform,
  standing: Standing | NoStanding,
): Promise<void> {
  if (standing.is === 'known') await tx.calls.acted(standing.person, platform, clock.now());
}

/**
 * The same person once more, for a vote that is to take effect: asked anew in Entra and in the chat they voted in, of no
 * cache. `channel`: where the card is there. Never throws.
 */
export async function voterNow(
  flow: Deciding,
  { person, platform, account }: Cast,
  channel: string | null,
  policy: TenantPolicy,
): Promise<Standing | NoStanding> {
  const now = askingAnew(flow);
  const by: ChatUser = { platform, id: account, home: flow.chats.get(platform)?.home ?? '', name: '' };
  const standing =
    account === ''
      ? await orUnknown(standingOfPerson(now, person, policy))
      : await standingOf(now, by, channel, policy);
  // The account was linked to somebody else since.
  return standing.is === 'known' && standing.person !== person ? no('ambiguous', person) : standing;
}

function askingAnew(flow: Deciding): Deciding {
  const chats = new Map([...flow.chats].map(([platform, chat]) => [platform, chat.anew()]));
  return { ...flow, directory: flow.directory.anew(), chats };
}

/** What cannot be asked is a no. */
async function orUnknown(asked: Promise<Standing | NoStanding>): Promise<Standing | NoStanding> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ClawbackError && error.code === 'unavailable') return no('cannot-check');
    throw error;
  }
}

/** A group that cannot be asked gives nobody a role. */
async function rolesOf(
  flow: Deciding,
  person: string,
  policy: TenantPolicy,
): Promise<{ readonly names: readonly string[]; readonly certain: boolean }> {
  const accounts = await accountsOf(flow, person);
  let certain = true;
  const names: string[] = [];
  for (const [name, role] of Object.entries(policy.roles)) {
    try {
      if (role.people.includes(person) || (await isInGroupOf(flow, role, person, accounts))) names.push(name);
    } catch (error) {
      if (!(error instanceof ClawbackError)) throw error;
      certain = false;
    }
  }
  return { names, certain };
}

type AccountsOf = readonly { readonly chat: ChatPeople; readonly account: string }[];

async function accountsOf(flow: Deciding, person: string): Promise<AccountsOf> {
  const accounts: { chat: ChatPeople; account: string }[] = [];
  for (const [platform, chat] of flow.chats) {
    const account = chat.knownBy === 'entra-id' ? person : await linkedAccount(flow, platform, person);
    if (account !== null) accounts.push({ chat, account });
  }
  return accounts;
}

async function isInGroupOf(flow: Deciding, role: Role, person: string, accounts: AccountsOf): Promise<boolean> {
  for (const group of role.entraGroups) if ((await flow.directory.members(group)).has(person)) return true;
  for (const { chat, account } of accounts)
    for (const group of chat.groupsOf(role)) if ((await chat.groupMembers(group)).has(account)) return true;
  return false;
}

async function peopleInGroups(flow: Deciding, chat: ChatPeople, role: Role): Promise<readonly string[]> {
  const people: string[] = [];
  for (const group of chat.groupsOf(role))
    for (const account of await chat.groupMembers(group))
      people.push(...(chat.knownBy === 'entra-id' ? [account] : await linkedPeople(flow, chat.platform, account)));
  return people;
}

/** Everybody who holds a role; null where that cannot be asked now. */
export async function holdersOf(
  flow: Deciding,
  role: string,
  policy: TenantPolicy,
): Promise<ReadonlySet<string> | null> {
  const definition = policy.roles[role];
  if (!definition) return new Set();
  try {
    const people = new Set(definition.people);
    for (const group of definition.entraGroups) for (const id of await flow.directory.members(group)) people.add(id);
    for (const chat of flow.chats.values())
      for (const person of await peopleInGroups(flow, chat, definition)) people.add(person);
    return people;
  } catch (error) {
    if (error instanceof ClawbackError) return null;
    throw error;
  }
}
