import { instantOf } from '../instant.ts';
import { readConversationIndex } from '../signal/conversation-index.ts';
import { domainOfAddress, domainSet } from '../signal/domain.ts';
import type {
  Authentication,
  EarlierThread,
  Fact,
  Facts,
  History,
  Judged,
  Known,
  MailFacts,
  Vip,
} from '../signal/facts.ts';
import { isFreemail } from '../signal/freemail.ts';
import type { Arrival, Past, TenantPast } from './asked.ts';

/** What signals know of a mail that came into mailboxes: how it is written, and what the tenant's own mail says of its sender. */

export interface SeenMail {
  /** `authentication`: as Exchange's own headers have it. */
  readonly mail: MailFacts;
  /** Of the host that handed it over, as Exchange's own headers have it; null for not known. */
  readonly clientIp: string | null;
  /** Lower case. */
  readonly networkMessageId: string | null;
  /** Addresses of the mailbox that the copy is in. */
  readonly owner: readonly string[];
  /** Copies of it are in mailboxes of others as well. */
  readonly isShared?: boolean;
  /** What came earlier in the same conversation; null where it could not be looked at. */
  readonly earlier: readonly EarlierMail[] | null;
}

interface EarlierMail {
  /** Of From, To and Cc, lower case. */
  readonly addresses: readonly string[];
  /** Its Conversation-Index, base64; null for none. */
  readonly index: string | null;
}

/** Servers that the tenant calls its own: by their addresses, or by the connector that mail of theirs comes over. */
export interface OwnRelays {
  readonly isOwnAddress: (clientIp: string) => boolean;
  readonly isOwnConnector: (connectors: string) => boolean;
}

/** What is known without asking about the mail. */
export interface Beside {
  /** What the tenant's mail says; null where nobody could ask. */
  readonly past: TenantPast | null;
  readonly relays: OwnRelays | null;
  readonly vips: readonly Vip[] | null;
  /** How people closed earlier incidents about mail of the same address and of the same domain. */
  readonly judged: { readonly address: Judged; readonly domain: Judged } | null;
  /** ISO times: of the look, and when the mail first came to anybody. */
  readonly at: string;
  readonly mailAt: string;
}

export function factsOfMail(seen: SeenMail, { past, relays, vips, judged, at, mailAt }: Beside): Facts {
  const { mail, owner, isShared = false, earlier, networkMessageId } = seen;
  const hunted = <T>(value: T): Fact<T> => ({ value, source: 'hunting', at: past?.at ?? at });
  const inBox = <T>(value: T): Fact<T> => ({ value, source: 'mailbox', at });
  const ours = <T>(value: T): Fact<T> => ({ value, source: 'incidents', at });
  const arrival = past && arrivalOf(past.arrivals, networkMessageId);
  const index = mail.thread?.value.index ?? null;
  return {
    mail: { ...mail, authentication: stampOf(mail.authentication, arrival, hunted) },
    tenant: {
      ownDomains: past && past.ownDomains.length > 0 ? hunted(domainSet(past.ownDomains)) : null,
      partners: past && hunted(domainSet(past.partners)),
      vips: vips && { value: vips, source: 'configuration', at },
      ownRelay: relays && relayOf(relays, arrival, seen.clientIp, at),
    },
    mailbox: {
      owner: inBox(owner),
      isShared,
      address: past ? historyOf(past.address, mailAt, hunted) : UNKNOWN,
      domain: past ? historyOf(past.domain, mailAt, hunted) : UNKNOWN,
      conversation: earlier && inBox(threadOf(earlier)),
      sameIndex: earlier && inBox(sameIndexIn(earlier, index)),
      judged: judged && ours(judged.address),
      judgedDomain: judged && ours(judged.domain),
    },
  };
}

/** Of several rows about one delivery nobody says which of them holds. */
function arrivalOf(arrivals: readonly Arrival[], networkMessageId: string | null): Arrival | null {
  const own = arrivals.filter((one) => one.networkMessageId === networkMessageId);
  const [first] = own;
  return first && own.every((one) => JSON.stringify(one) === JSON.stringify(first)) ? first : null;
}

/** Hunting's word comes from the service alone; what the domain asks for stands in the header, and counts where both say the same. */
function stampOf(
  stamped: Known<Authentication>,
  arrival: Arrival | null,
  hunted: (value: Authentication) => Fact<Authentication>,
): Known<Authentication> {
  const told = arrival?.authentication;
  if (!told) return stamped;
  const agrees = stamped?.value.dmarc === told.dmarc;
  return hunted({ ...told, action: agrees ? (stamped?.value.action ?? null) : null });
}

/** Null where Exchange did not say where it came from. */
function relayOf(
  { isOwnAddress, isOwnConnector }: OwnRelays,
  arrival: Arrival | null,
  clientIp: string | null,
  at: string,
): Known<boolean> {
  const address = arrival?.clientIp || clientIp || null;
  const connectors = arrival?.connectors ?? '';
  if (address === null && connectors === '') return null;
  const isOwn = (address !== null && isOwnAddress(address)) || isOwnConnector(connectors);
  return { value: isOwn, source: 'exchange', at };
}

const UNKNOWN: History = { received: null, sent: null, days: null };
const DAY_MS = 86_400_000;

function historyOf({ received, sent, first }: Past, mailAt: string, fact: <T>(value: T) => Known<T>): History {
  const ms = first === null ? 0 : instantOf(mailAt) - instantOf(first);
  const days = ms > 0 ? (ms - (ms % DAY_MS)) / DAY_MS : 0;
  return { received: fact(received), sent: fact(sent), days: fact(days) };
}

function threadOf(earlier: readonly EarlierMail[]): EarlierThread {
  const addresses = [...new Set(earlier.flatMap((one) => one.addresses))];
  const hosts = addresses.flatMap((address) => domainOfAddress(address)?.host ?? []);
  const free = addresses.filter((address) => {
    const domain = domainOfAddress(address);
    return domain !== null && isFreemail(domain);
  });
  return { messages: earlier.length, domains: domainSet(hosts), addresses: free };
}

/** Exchange puts mail with a copied mark into the conversation that the mark is of: it is looked for there alone. */
function sameIndexIn(earlier: readonly EarlierMail[], index: string | null) {
  const root = index === null ? null : readConversationIndex(index)?.root;
  const same = root
    ? earlier.filter((one) => one.index !== null && readConversationIndex(one.index)?.root === root)
    : [];
  return { ...threadOf(same), indexes: same.flatMap((one) => one.index ?? []) };
}
