import type { TenantPolicy } from '../../core/ask/policy.ts';
import type { NoStandingCode } from '../../core/ask/refusal.ts';
import { ClawbackError } from '../../core/error.ts';
import { storable } from '../../core/text.ts';
import type { ChatUser } from '../../ports/desk.ts';
import type { Deciding } from '../flow.ts';
import { badAccount, type NoStanding, personBehind } from './standing.ts';

/** Who reports a mail. Anybody of the organisation may: a report decides nothing, and whoever reports does not decide. */

export type Reporter =
  /** Entra object id, name, and mail addresses, the usual one first. */
  | { readonly is: 'proven'; readonly person: string; readonly name: string; readonly addresses: readonly string[] }
  /** One of ours, and nobody can tell which person. `address`: as the chat has it, which proves nothing. */
  | { readonly is: 'unproven'; readonly address: string | null };

/** Whose account it is cannot be told, and that keeps nobody from reporting. */
const UNTOLD: ReadonlySet<NoStandingCode> = new Set<NoStandingCode>(['unlinked', 'ambiguous']);

/** Proven as a press is, whatever roles they hold. Never throws: what cannot be asked is a no. */
export async function reporterOf(flow: Deciding, by: ChatUser, policy: TenantPolicy): Promise<Reporter | NoStanding> {
  try {
    return await behind(flow, by, policy);
  } catch (error) {
    if (error instanceof ClawbackError && error.code === 'unavailable') return no('cannot-check');
    throw error;
  }
}

async function behind(flow: Deciding, by: ChatUser, policy: TenantPolicy): Promise<Reporter | NoStanding> {
  const chat = flow.chats.get(by.platform);
  if (!chat) return no('unknown-person');
  if (by.home !== chat.home) return no('outsider');
  // Where the chat knows people by their Entra id the directory says it all, also of people who are not in its team.
  const bad = chat.knownBy === 'link' ? await badAccount(chat, by, null) : null;
  if (bad) return bad;
  const person = await personBehind(flow, chat, by, policy);
  if (typeof person !== 'string')
    return UNTOLD.has(person.why) ? { is: 'unproven', address: await addressOf(flow, by) } : person;
  const known = await flow.directory.person(person);
  if (!known) return no('unknown-person', person);
  if (known.guest) return no('guest', person);
  if (!known.enabled) return no('deactivated', person);
  return { is: 'proven', person, name: storable(known.name), addresses: known.addresses };
}

async function addressOf({ chats }: Deciding, { platform, id }: ChatUser): Promise<string | null> {
  return (await chats.get(platform)?.account(id))?.address?.toLowerCase() ?? null;
}

const no = (why: NoStandingCode, person: string | null = null): NoStanding => ({ is: 'refused', why, person });
