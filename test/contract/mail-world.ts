import type { Target } from '../../src/core/find/plan.ts';
import type { Effects } from '../../src/ports/effects.ts';
import type { Finder, MessageIds } from '../../src/ports/finder.ts';
import type { Lookup, MessageState, Reader, Wanted } from '../../src/ports/reader.ts';

export interface Person {
  readonly address: string;
  /** Entra object id. */
  readonly mailbox: string;
}

export interface Delivery {
  readonly internetMessageId: string;
  readonly networkMessageId: string;
  readonly sender: string;
  readonly subject: string;
}

/** A tenant of the kind under test, with what works on it. */
export interface MailWorld {
  readonly finder: Finder;
  readonly reader: Reader;
  readonly effects: Effects;
  /** At least 25, each with an empty mailbox. */
  readonly people: readonly Person[];
  /** A mailbox that several people read: its own account is switched off. */
  readonly shared: Person;
  /** Addresses: one whose mailbox is closed to us, one whose owner has no mailbox, one that nobody has. */
  readonly closed: string;
  readonly withoutMailbox: string;
  readonly nobody: string;
  /** Unread, unmarked, in the Inbox; known to hunting. */
  deliver(person: Person, mail: Delivery): Promise<void>;
  /** As if it had never been: not in Recoverable Items either. */
  erase(target: Target): Promise<void>;
  close(): Promise<void>;
}

export const PHISH: Delivery = {
  internetMessageId: `<CAF+a=b&c#d%27e'@mail.fabrikam.example.com>`,
  networkMessageId: '73ca4154-58d8-43d0-a890-08dc18c52e6d',
  sender: 'it-help@fabrikam.example.com',
  subject: 'Your mailbox is full',
};

export const KEY: MessageIds = {
  internetMessageId: PHISH.internetMessageId,
  networkMessageId: PHISH.networkMessageId,
};

export const WANTED: Wanted = {
  internetMessageIds: [PHISH.internetMessageId],
  networkMessageIds: [PHISH.networkMessageId],
};

export function only<T>(list: readonly T[]): T {
  const [first, ...more] = list;
  if (first === undefined || more.length > 0) throw new Error(`expected one element, got ${list.length}`);
  return first;
}

function targetOf(lookup: Lookup): Target {
  if (lookup.mailbox === null) throw new Error(`no mailbox behind ${lookup.address}: ${lookup.detail}`);
  return { mailbox: lookup.mailbox.id, message: only(lookup.messages).message };
}

export function personIn({ people }: Pick<MailWorld, 'people'>, n: number): Person {
  const found = people[n];
  if (!found) throw new Error(`the world has no person ${n}`);
  return found;
}

export async function delivered({ deliver, reader }: MailWorld, to: Person): Promise<Target> {
  await deliver(to, PHISH);
  return targetOf(only(await reader.locate([to.address], WANTED)));
}

export async function stateOf({ reader }: MailWorld, target: Target): Promise<MessageState> {
  const reading = only(await reader.read([target]));
  if (reading.status !== 'ok') throw new Error(`could not read: ${reading.status}`);
  return reading.state;
}
