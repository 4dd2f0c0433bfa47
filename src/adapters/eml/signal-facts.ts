import type { Fact, MailFacts } from '../../core/signal/facts.ts';
import { addressesIn } from './fields.ts';
import { type Header, valuesOf } from './headers.ts';
import type { Mail } from './mail.ts';

/** RFC 2369 and 2919. */
const LIST_HEADERS = new Set(
  ['id', 'help', 'subscribe', 'unsubscribe', 'post', 'owner', 'archive'].map((name) => `list-${name}`),
);
/** Message-IDs of one header that are counted. */
const MOST_IDS = 1_000;

/**
 * What the file of a mail tells a signal. `at`: ISO time, when it was read. A file that keeps no headers tells who sent it and no more. What
 * a server stamped on it is not known: whoever made the file may have written that. Its text is not looked at.
 */
export function mailFactsOf(mail: Mail, at: string): MailFacts {
  const told = <T>(value: T): Fact<T> => ({ value, source: 'mail', at });
  const { headers, sender: address, senderName: name } = mail;
  const addresses = (header: string) => valuesOf(headers, header).flatMap(addressesIn);
  const fromHeaders = <T>(value: () => T): Fact<T> | null => (headers.length === 0 ? null : told(value()));
  return {
    from: address === null ? null : told({ address, name }),
    replyTo: fromHeaders(() => addresses('reply-to')),
    recipients: fromHeaders(() => ({ to: addresses('to'), cc: addresses('cc') })),
    subject: told(mail.subject ?? ''),
    thread: fromHeaders(() => ({
      inReplyTo: idsOf(headers, 'in-reply-to'),
      references: idsOf(headers, 'references'),
      index: valuesOf(headers, 'thread-index')[0] ?? valuesOf(headers, 'conversation-index')[0] ?? null,
    })),
    kind: fromHeaders(() => ({
      list: headers.some((header) => LIST_HEADERS.has(header.name)),
      autoSubmitted: valuesOf(headers, 'auto-submitted')[0] ?? null,
      contentType: valuesOf(headers, 'content-type')[0] ?? null,
    })),
    quotedHeaders: null,
    authentication: null,
  };
}

function idsOf(headers: readonly Header[], name: string): readonly string[] {
  const ids = valuesOf(headers, name).flatMap((value) => value.match(/<[^<>\s]{1,998}>/g) ?? []);
  return ids.slice(0, MOST_IDS);
}
