import type { Asker } from './alert.ts';
import type { Plan } from './plan.ts';

/** Separation of duties: whoever is part of a case does not decide about it. */

export type Conflict = 'recipient' | 'requester';

export interface Interested {
  /** Entra object id, lower case. */
  readonly person: string;
  /** Every mail address of this person. */
  readonly addresses: readonly string[];
}

/** `askers`: everybody who reported the mail or asked for its removal. `recipients`: addresses that alerts named. */
export function conflictOf(
  who: Interested,
  plan: Plan | null,
  askers: readonly Asker[],
  recipients: readonly string[],
): Conflict | null {
  const own = new Set(who.addresses.map((address) => address.toLowerCase()));
  const isOwn = (address: string | null) => address !== null && own.has(address.toLowerCase());
  if (askers.some((asker) => asker.entraId?.toLowerCase() === who.person || isOwn(asker.address))) return 'requester';
  if (plan?.recipients.includes(who.person)) return 'recipient';
  // Addresses that could not be looked into count too: hunting named them as recipients.
  const reached = plan ? [...plan.asked, ...plan.copies.map((copy) => copy.address)] : [];
  return [...recipients, ...reached].some(isOwn) ? 'recipient' : null;
}
