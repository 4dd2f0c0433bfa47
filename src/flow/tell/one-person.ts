import { ClawbackError } from '../../core/error.ts';
import type { DirectoryPerson } from '../../ports/people.ts';
import type { PrivateWords } from '../../ports/private-words.ts';
import type { Flow } from '../flow.ts';

/** Where one person can be written to alone. */

export interface OwnChat {
  /** Entra object id. */
  readonly person: string;
  /** Every mail address, lower case. */
  readonly addresses: readonly string[];
  readonly chat: PrivateWords;
  readonly account: string;
}

type Asking = Pick<Flow, 'directory' | 'chats' | 'people' | 'store'>;

/**
 * By object id, or by the address that exactly one person has. Null where nobody, or nobody who can be written to, is meant.
 * 'unclear': the directory gives no answer now.
 */
export async function ownChatOf(
  flow: Asking,
  { entraId, address }: { readonly entraId: string | null; readonly address: string | null },
  chats: readonly PrivateWords[],
): Promise<OwnChat | null | 'unclear'> {
  try {
    const people =
      entraId === null
        ? await flow.directory.byAddress(address ?? '')
        : [await flow.directory.person(entraId.toLowerCase())];
    const [person, ...others] = people;
    if (!person || others.length > 0 || !person.enabled || person.guest) return null;
    return await chatOf(flow, person, chats);
  } catch (error) {
    if (error instanceof ClawbackError && error.code === 'unavailable') return 'unclear';
    throw error;
  }
}

/** Where they did something last; else the first chat in which it is known which account is theirs. */
async function chatOf(
  flow: Asking,
  { id: person, addresses }: DirectoryPerson,
  chats: readonly PrivateWords[],
): Promise<OwnChat | null> {
  const all: OwnChat[] = [];
  for (const chat of chats) {
    const account = await accountIn(flow, chat.platform, person);
    if (account !== null) all.push({ person, addresses, chat, account });
  }
  if (all.length < 2) return all[0] ?? null;
  const last = (await flow.store.transact((tx) => tx.calls.lastActed([person]))).get(person);
  return all.find(({ chat }) => chat.platform === last) ?? all[0] ?? null;
}

/** Named in the configuration, or linked by its owner. */
async function accountIn(flow: Asking, platform: string, person: string): Promise<string | null> {
  if (flow.chats.get(platform)?.knownBy === 'entra-id') return person;
  const named = flow.people.find(({ entraId }) => entraId === person)?.accounts.get(platform);
  return named ?? flow.store.transact((tx) => tx.people.account(platform, person));
}
