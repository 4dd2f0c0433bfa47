import { addressKey, withoutTag } from './address.ts';
import type { Asker } from './alert.ts';
import type { Plan } from './plan.ts';

/** Separation of duties: whoever is part of a case does not decide about it. Only facts make somebody part of it. */

export type Conflict = 'recipient' | 'requester';

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
  plan: Plan | null,
  askers: readonly Asker[],
  received: readonly string[],
): Conflict | null {
  const own = new Set(who.addresses.map(addressKey));
  const isOwn = (address: string | null) => address !== null && formsOf(address).some((form) => own.has(form));
  if (askers.some((asker) => asker.entraId?.toLowerCase() === who.person || isOwn(asker.address))) return 'requester';
  if (plan?.recipients.includes(who.person)) return 'recipient';
  // A mailbox with a copy is also its owner's where it hangs on a second account of theirs.
  const withCopy = [...(plan?.copies ?? []), ...(plan?.shielded ?? [])].map(({ address }) => address);
  return [...received, ...(plan?.received ?? []), ...withCopy].some(isOwn) ? 'recipient' : null;
}

/** Mail to `name+tag@` lies in the mailbox of `name@`. */
function formsOf(address: string): readonly string[] {
  const plain = withoutTag(address);
  return plain === null ? [addressKey(address)] : [addressKey(address), addressKey(plain)];
}
