import { instantOf } from '../instant.ts';
import { domainOfAddress, domainSet } from '../signal/domain.ts';
import type { EarlierThread, Fact, Facts, History, Known, MailFacts } from '../signal/facts.ts';
import { isFreemail } from '../signal/freemail.ts';
import type { Past, TenantPast } from './asked.ts';

/** What signals know of a mail that came into mailboxes: how it is written, and what the tenant's own mail says of its sender. */

export interface SeenMail {
  readonly mail: MailFacts;
  /** Addresses of the mailbox that the copy is in. */
  readonly owner: readonly string[];
  readonly earlier: { readonly messages: number; readonly addresses: readonly string[] } | null;
}

/** `at`: ISO time of the look. `past`: null where nobody could ask. */
export function factsOfMail(
  { mail, owner, earlier }: SeenMail,
  past: TenantPast | null,
  { at, mailAt }: { readonly at: string; readonly mailAt: string },
): Facts {
  const hunted = <T>(value: T): Fact<T> => ({ value, source: 'hunting', at: past?.at ?? at });
  const seen = <T>(value: T): Fact<T> => ({ value, source: 'mailbox', at });
  return {
    mail,
    tenant: {
      ownDomains: past && past.ownDomains.length > 0 ? hunted(domainSet(past.ownDomains)) : null,
      partners: past && hunted(domainSet(past.partners)),
      vips: null,
      ownRelay: null,
    },
    mailbox: {
      owner: seen(owner),
      address: past ? historyOf(past.address, mailAt, hunted) : UNKNOWN,
      domain: past ? historyOf(past.domain, mailAt, hunted) : UNKNOWN,
      conversation: earlier && seen(threadOf(earlier)),
      sameIndex: null,
      judged: null,
    },
  };
}

const UNKNOWN: History = { received: null, sent: null, days: null };
const DAY_MS = 86_400_000;

function historyOf({ received, sent, first }: Past, mailAt: string, fact: <T>(value: T) => Known<T>): History {
  const ms = first === null ? 0 : instantOf(mailAt) - instantOf(first);
  const days = ms > 0 ? (ms - (ms % DAY_MS)) / DAY_MS : 0;
  return { received: fact(received), sent: fact(sent), days: fact(days) };
}

function threadOf({
  messages,
  addresses,
}: {
  readonly messages: number;
  readonly addresses: readonly string[];
}): EarlierThread {
  const hosts = addresses.flatMap((address) => domainOfAddress(address)?.host ?? []);
  const free = addresses.filter((address) => {
    const domain = domainOfAddress(address);
    return domain !== null && isFreemail(domain);
  });
  return { messages, domains: domainSet(hosts), addresses: free };
}
