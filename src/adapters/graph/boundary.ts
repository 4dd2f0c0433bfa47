import type { Authentication } from '../../core/signal/facts.ts';

/**
 * What Exchange Online stamped on a mail when it took it in (learn.microsoft.com/defender-office-365/message-headers-eop-mdo). Whoever sends a
 * mail writes such headers too, so that a stamp counts by where it stands: each server puts what it writes above what it got, and the first
 * line from above with which this service says that it took the mail in from elsewhere parts its own headers from those of the sender. Mail from
 * inside has no such line but one that its sender wrote: that says at best that all is well, which is never a reason to believe.
 */

export interface Boundary {
  /** Null where there is no stamp of its own, or more than one. */
  readonly authentication: Authentication | null;
  /** Address of the host that handed it over, as the same stamp has it. */
  readonly clientIp: string | null;
}

export interface HeaderLine {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
}

export const NO_BOUNDARY: Boundary = { authentication: null, clientIp: null };

/** No server writes so much: cut, it could lose what speaks against the sender. */
const LONGEST_STAMP = 8_000;
const LONGEST_RECEIVED = 2_000;
/** `from … by DB5EUR03FT012.mail.protection.outlook.com (…) with Microsoft SMTP Server … via Frontend Transport`, in all clouds. */
const TAKEN_IN =
  /\sby [a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.mail\.protection\.(?:outlook\.com|office365\.us|partner\.outlook\.cn)\s[^;]{0,600}\bvia Frontend Transport\s*;/i;

/** `headers`: in the order in which they stand in the mail. */
export function boundaryOf(headers: readonly HeaderLine[]): Boundary {
  const end = headers.findIndex(
    ({ name, value }) => name === 'received' && TAKEN_IN.test(` ${value.slice(0, LONGEST_RECEIVED)}`),
  );
  if (end < 0) return NO_BOUNDARY;
  const [own, ...more] = headers.slice(0, end).filter(({ name }) => name === 'authentication-results');
  if (own === undefined || more.length > 0 || own.value.length > LONGEST_STAMP) return NO_BOUNDARY;
  const results = new Map<string, readonly string[]>();
  for (const words of partsOf(own.value)) {
    const [method, result = ''] = words[0]?.split('=') ?? [];
    if (method === undefined || result === '') continue;
    // Twice is none: nobody says which of them holds.
    if (results.has(method)) return NO_BOUNDARY;
    results.set(method, words);
  }
  const resultOf = (method: string) => results.get(method)?.[0]?.slice(method.length + 1) ?? null;
  return {
    authentication: {
      dmarc: resultOf('dmarc'),
      compauth: resultOf('compauth'),
      action:
        results
          .get('dmarc')
          ?.find((word) => word.startsWith('action='))
          ?.slice('action='.length) ?? null,
    },
    clientIp: /\(sender IP is ([0-9a-f.:]{3,45})\)/i.exec(own.value)?.[1] ?? null,
  };
}

/** The words between semicolons, in lower case, without what stands in brackets. One pass: brackets may be nested or never close. */
function partsOf(value: string): readonly (readonly string[])[] {
  let depth = 0;
  let plain = '';
  for (const sign of value) {
    if (sign === '(') depth += 1;
    else if (sign === ')') depth = depth > 0 ? depth - 1 : 0;
    else if (depth === 0) plain += sign;
  }
  return plain
    .toLowerCase()
    .split(';')
    .map((part) => part.split(/\s+/).filter((word) => word !== ''));
}
