import { Address } from '../../core/find/alert.ts';
import { cleanMessageId } from '../../core/find/message-id.ts';
import { mailboxesIn } from './address-list.ts';
import { type Header, valuesOf } from './headers.ts';
import { different } from './sender.ts';

/** What the headers of a mail say, each read by itself. */

export interface ReadId {
  readonly id: string | null;
  readonly findings: readonly string[];
}

/** Several headers are one id only where all of them say the same. */
export function messageIdOf(values: readonly string[], networkId: string | null): ReadId {
  if (values.length === 0) {
    const told = networkId === null ? 'no Message-ID: mailboxes cannot be searched for it.' : 'no Message-ID.';
    return { id: null, findings: [`The mail has ${told}`] };
  }
  const read = values.map(cleanMessageId);
  const ids = new Set(read.map(({ id }) => id));
  const [id = null] = ids;
  if (ids.size > 1)
    return { id: null, findings: ['The mail has several different Message-ID headers: none was taken as the key.'] };
  return { id, findings: read[0]?.note ? [read[0].note] : [] };
}

/** Written by Exchange, and by whoever made the file: a hint where to look. */
export function networkIdOf(headers: readonly Header[]): string | null {
  const all = new Set(
    valuesOf(headers, 'x-ms-exchange-organization-network-message-id').map((value) => value.trim().toLowerCase()),
  );
  const [first = ''] = valuesOf(headers, 'x-ms-exchange-organization-network-message-id');
  return all.size === 1 && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(first.trim()) ? first.trim() : null;
}

const DELIVERED = ['delivered-to', 'x-original-to', 'x-envelope-to'] as const;
const ADDRESSED = ['to', 'cc', 'bcc'] as const;

/** Places to look: the sender writes `To` and `Cc`, and is believed in neither. */
export function recipientsOf(headers: readonly Header[]): readonly string[] {
  const delivered = DELIVERED.flatMap((name) => valuesOf(headers, name)).map((value) => value.replace(/^<|>$/g, ''));
  const addressed = ADDRESSED.flatMap((name) => valuesOf(headers, name)).flatMap(addressesIn);
  return different([...delivered, ...addressed].filter((address) => Address.safeParse(address).success));
}

export function replyToOf(headers: readonly Header[]): string | null {
  return valuesOf(headers, 'reply-to').flatMap(addressesIn)[0] ?? null;
}

export function addressesIn(value: string): readonly string[] {
  return mailboxesIn(value).flatMap(({ address, words }) => (address === null ? words : [address]));
}

/** Reports of delivery are written by servers and hold the mail that failed; reports of abuse are written by people. */
export function isBounce(headers: readonly Header[], sender: string | null, types: readonly string[]): boolean {
  const [type = ''] = valuesOf(headers, 'content-type');
  if (/multipart\/report/i.test(type) && !/feedback-report/i.test(type)) return true;
  if (types.some((one) => /^message\/(global-)?(delivery-status|disposition-notification)$/i.test(one))) return true;
  if (SERVERS.test(sender ?? '')) return true;
  const isAutomatic = valuesOf(headers, 'auto-submitted').some((value) => !/^no\b/i.test(value.trim()));
  return isAutomatic && valuesOf(headers, 'return-path')[0]?.replace(/\s/g, '') === '<>';
}

/** Who writes bounces, and nothing else: mail servers, and Exchange in the name of a tenant. */
const SERVERS = /^(mailer-daemon|postmaster|microsoftexchange[0-9a-f]{32})@/i;
