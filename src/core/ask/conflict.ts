import { addressKey, withoutTag } from '../address.ts';

/** Separation of duties: whoever is part of a case does not decide about it. Only facts make somebody part of it. */

export type Conflict = 'recipient' | 'requester';

/** Who is proven to be part of a case: by what the list that is decided about says. */
export interface Parties {
  /** Object ids of everyone who is proven to have received the mail. */
  readonly recipients: readonly string[];
  /** Addresses that are proven to have received it. */
  readonly received: readonly string[];
  /** Where it lies, and where it lies and is left alone. */
  readonly copies: readonly Owned[];
  readonly shielded: readonly Owned[];
}

interface Owned {
  readonly address: string;
}

/** Somebody who reported the mail or asked for its removal. */
interface Asking {
  readonly entraId: string | null;
  readonly address: string | null;
}

export interface Interested {
  /** Entra object id, lower case. */
  readonly person: string;
  /** Every mail address of this person. */
  readonly addresses: readonly string[];
}

/**
 * `askers`: everybody who is proven to have reported the mail or asked for its removal. `received`: addresses that sources
 * whose recipients are facts have named since the plan was made. What a mail's own To and Cc say keeps nobody out.
 */
export function conflictOf(
  who: Interested,
  parties: Parties | null,
  askers: readonly Asking[],
  received: readonly string[],
): Conflict | null {
  const own = new Set(who.addresses.map(addressKey));
  const isOwn = (address: string | null) => address !== null && formsOf(address).some((form) => own.has(form));
  if (askers.some((asker) => asker.entraId?.toLowerCase() === who.person || isOwn(asker.address))) return 'requester';
  if (parties?.recipients.includes(who.person)) return 'recipient';
  // A mailbox with a copy is also its owner's where it hangs on a second account of theirs.
  const withCopy = [...(parties?.copies ?? []), ...(parties?.shielded ?? [])].map(({ address }) => address);
  return [...received, ...(parties?.received ?? []), ...withCopy].some(isOwn) ? 'recipient' : null;
}

/** Mail to `name+tag@` lies in the mailbox of `name@`. */
function formsOf(address: string): readonly string[] {
  const plain = withoutTag(address);
  return plain === null ? [addressKey(address)] : [addressKey(address), addressKey(plain)];
}
