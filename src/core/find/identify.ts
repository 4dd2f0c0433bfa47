import { sameAddress } from '../address.ts';
import { type MessageKey, subjectKey } from './key.ts';
import { deliveriesApart, withinOneDelivery } from './match.ts';

/** Which deliveries of the service's own tracking are the mail, and what they add to what is known of it. */

/** One delivery as the service's own tracking tells it: facts, not what the mail says of itself. */
export interface Delivered {
  /** Lower case. */
  readonly recipient: string;
  /** Entra object id of the recipient, lower case; null where it is not told. */
  readonly recipientId: string | null;
  readonly networkMessageId: string | null;
  readonly internetMessageId: string | null;
  readonly sender: string | null;
  readonly subject: string | null;
  /** ISO time. */
  readonly at: string | null;
  /** What the service calls the group of mails whose content is like this one's; left out where it says none. */
  readonly cluster?: string;
}

export interface Identified {
  /** With the network ids that are this mail. */
  readonly key: MessageKey;
  /** Deliveries of this mail: whom they name has received it. */
  readonly deliveries: readonly Delivered[];
  /** Every Message-ID to search by: the alert's, and those that tracking has for its ids. */
  readonly searchFor: readonly string[];
  /** How many Message-IDs more there were than a mailbox is searched by. */
  readonly notSearchedFor: number;
}

/** A mailbox is searched by this many Message-IDs at most; more under one network id is nobody's ordinary mail. */
const MOST_IDS = 50;

/**
 * A row is the mail if it bears a network id that identifies and its Message-ID or subject agrees, or, where no network id
 * identifies yet, if Message-ID, sender and subject agree. What the rows of the mail name as network id identifies too.
 */
export function identify(key: MessageKey, rows: readonly Delivered[]): Identified {
  const deliveries = deliveriesOf(key, rows);
  const own = deliveries.flatMap(({ networkMessageId }) => networkMessageId ?? []);
  const ids = [key.internetMessageId, ...rows.map(({ internetMessageId }) => internetMessageId)];
  const distinct = [...new Set(ids.filter((id) => id !== null))];
  const keptAs = deliveries.find(({ internetMessageId }) => internetMessageId !== null)?.internetMessageId ?? null;
  return {
    key: {
      ...key,
      // A malformed one cannot be searched for; Exchange keeps its own.
      internetMessageId: key.internetMessageId ?? keptAs,
      identified: [...new Set([...key.identified, ...own])].sort(),
    },
    deliveries,
    searchFor: distinct.slice(0, MOST_IDS),
    notSearchedFor: distinct.slice(MOST_IDS).length,
  };
}

function deliveriesOf(key: MessageKey, rows: readonly Delivered[]): readonly Delivered[] {
  const agreeing = rows.filter((row) => isDelivery(key, row));
  if (key.identified.length > 0) return agreeing;
  // Days apart the same headers are two mails, and only a time that is a fact says which one is meant.
  const inTime = agreeing.filter(({ at }) => withinOneDelivery(key.receivedAt, at));
  return deliveriesApart(inTime, ({ at }) => at).length > 1 ? [] : inTime;
}

function isDelivery(key: MessageKey, row: Delivered): boolean {
  const subject = subjectKey(key.subject);
  const sameId = key.internetMessageId !== null && row.internetMessageId === key.internetMessageId;
  const sameSubject = subject !== null && subjectKey(row.subject) === subject;
  if (row.networkMessageId !== null && key.identified.includes(row.networkMessageId)) return sameId || sameSubject;
  if (key.identified.length > 0) return false;
  return sameId && sameSubject && sameAddress(key.sender, row.sender);
}
