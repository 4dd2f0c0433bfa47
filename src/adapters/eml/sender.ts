import { addressKey, domainOf, sameAddress } from '../../core/address.ts';
import { type Mailbox, mailboxesIn } from './address-list.ts';
import { checkedDomain } from './auth-results.ts';
import { type Header, valuesOf } from './headers.ts';

export interface Sender {
  readonly address: string | null;
  readonly findings: readonly string[];
}

/**
 * The address that Exchange would name: the one in angle brackets of the first From header. Where several are named by
 * the book, what the receiving server checked decides, else the first one; where none can be told there is none.
 */
export function senderOf(headers: readonly Header[]): Sender {
  const all = valuesOf(headers, 'from');
  const [first] = all;
  if (first === undefined) return { address: null, findings: ['The mail has no From header.'] };
  const findings = all.length > 1 ? ['The mail has several From headers: only the first one counts.'] : [];
  const [shown = ''] = first.split('\r', 1);
  if (shown !== first) findings.push('A bare CR stands in the From header: what follows it was not read.');
  const { address, findings: more } = chosen(mailboxesIn(shown), checkedDomain(headers));
  return { address, findings: [...findings, ...more] };
}

function chosen(mailboxes: readonly Mailbox[], checked: string | null): Sender {
  const named = different(mailboxes.flatMap(({ address }) => address ?? []));
  const [first] = named;
  if (first === undefined) return guessed(mailboxes);
  if (named.length === 1)
    return { address: first, findings: [...misplaced(mailboxes, first), ...disagreement(first, checked)] };
  const proven = named.filter((address) => domainOf(address) === checked);
  const [only] = proven;
  return proven.length === 1 && only !== undefined
    ? { address: only, findings: ['The From header names several senders; the one that the servers checked is shown.'] }
    : { address: first, findings: ['The From header names several senders; the first usable one is shown.'] };
}

/** Only where a single address stands anywhere outside of quotes. */
function guessed(mailboxes: readonly Mailbox[]): Sender {
  const words = different(mailboxes.flatMap((mailbox) => mailbox.words));
  const comments = different(mailboxes.flatMap((mailbox) => mailbox.comments));
  const [only, ...others] = words.length > 0 ? words : comments;
  if (only !== undefined && others.length === 0)
    return { address: only, findings: ['The From header is malformed; the sender is the only address in it.'] };
  return { address: null, findings: ['No sender address can be read from the From header.'] };
}

/** Each address once, as it is written first. */
export function different(addresses: readonly string[]): readonly string[] {
  const known = new Map<string, string>();
  for (const address of addresses) {
    const key = addressKey(address);
    if (!known.has(key)) known.set(key, address);
  }
  return [...known.values()];
}

function misplaced(mailboxes: readonly Mailbox[], shown: string): string[] {
  const others = mailboxes.flatMap(({ behind }) => behind).filter((address) => !sameAddress(address, shown));
  return others.length === 0
    ? []
    : ['The From header is malformed: another address stands behind the one in brackets, which is shown.'];
}

function disagreement(address: string, checked: string | null): string[] {
  return checked === null || checked === domainOf(address)
    ? []
    : ['The servers checked another sender domain than the one in the From header.'];
}
