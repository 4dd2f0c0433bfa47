import { sameAddress } from '../address.ts';
import { instantOf, within } from '../instant.ts';
import type { Origin } from './exercise.ts';
import { type MessageKey, subjectKey } from './key.ts';

/** What a mailbox search brought back, before anyone believes it is the reported mail. */
export interface Candidate {
  readonly message: string;
  readonly internetMessageId: string | null;
  /** As the mail service names it: an address, or the directory name of somebody inside. */
  readonly sender: string | null;
  readonly subject: string | null;
  /** When the mail service received it, ISO time. */
  readonly receivedAt: string | null;
  /** From the message's own headers as the mail service keeps them; null when it is not there. */
  readonly networkMessageId: string | null;
  readonly isDraft: boolean;
  readonly inSentItems: boolean;
  /** Where it came from; left out where that was not told. */
  readonly origin?: Origin | undefined;
}

/** In what a candidate is not like the mail that the alert speaks of, or not known to be. */
export const DIFFERENCES = ['message-id', 'sender', 'subject', 'delivery', 'time'] as const;
export type Difference = (typeof DIFFERENCES)[number];

export type Match =
  | { readonly is: 'copy'; readonly by: 'network id' | 'headers' }
  | { readonly is: 'unsure'; readonly differences: readonly Difference[] }
  | { readonly is: 'other'; readonly why: string };

/** Delivery may be tried for two days (RFC 5321, 4.5.4.1 asks for four to five; Exchange Online gives up after one). */
const SAME_DELIVERY_MS = 48 * 3_600_000;

/**
 * Message-ID, sender and subject are the attacker's to choose: two of them are no identity. A copy bears a network id
 * that is known to be this mail and one header that agrees, or agrees in all three headers and contradicts in nothing.
 * A value that is missing on one side is no agreement. What agrees in part is for people to look at.
 */
export function match(key: MessageKey, found: Candidate): Match {
  if (found.isDraft) return { is: 'other', why: 'a draft' };
  if (found.inSentItems) return { is: 'other', why: 'the sender’s own copy in Sent Items' };
  const same = agreement(key, found);
  const network = found.networkMessageId?.toLowerCase() ?? null;
  const isIdentified = network !== null && key.identified.includes(network);
  if (isIdentified && (same['message-id'] || same.subject)) return { is: 'copy', by: 'network id' };
  const differences = DIFFERENCES.filter((difference) => {
    if (difference === 'delivery') return network !== null && key.identified.length > 0 && !isIdentified;
    return difference === 'time' ? !withinOneDelivery(key.receivedAt, found.receivedAt) : !same[difference];
  });
  if (differences.length === 0) return { is: 'copy', by: 'headers' };
  const nothing = !same['message-id'] && !same.sender && !same.subject && !isIdentified;
  return nothing ? { is: 'other', why: 'another mail' } : { is: 'unsure', differences };
}

function agreement(key: MessageKey, found: Candidate) {
  const subject = subjectKey(key.subject);
  return {
    'message-id': key.internetMessageId !== null && found.internetMessageId === key.internetMessageId,
    sender: sameAddress(key.sender, found.sender),
    subject: subject !== null && subjectKey(found.subject) === subject,
  };
}

/** ISO times. Both have to be known for a contradiction. */
export function withinOneDelivery(a: string | null, b: string | null): boolean {
  return within(SAME_DELIVERY_MS, a, b);
}

/**
 * What only its headers show to be the mail, split by delivery: each part begins with its first and holds what came within
 * one delivery's time of that. More than one part: the same headers were used twice, days apart, and nobody can tell which
 * delivery was meant. A row of mails that follow one another closely is no bridge. Without a time: the first part.
 */
export function deliveriesApart<T>(found: readonly T[], at: (one: T) => string | null): readonly (readonly T[])[] {
  const timeOf = (one: T) => instantOf(at(one));
  const timed = found.filter((one) => !Number.isNaN(timeOf(one))).sort((a, b) => timeOf(a) - timeOf(b));
  const parts: T[][] = [];
  for (const one of timed) {
    const first = parts.at(-1)?.[0];
    if (first === undefined || timeOf(one) - timeOf(first) > SAME_DELIVERY_MS) parts.push([]);
    parts.at(-1)?.push(one);
  }
  const untimed = found.filter((one) => Number.isNaN(timeOf(one)));
  const [first = [], ...more] = parts;
  return [[...first, ...untimed], ...more];
}
