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

/**
 * Cut, it could lose what speaks against the sender, who makes it longer with each signature; Exchange takes in no mail with more headers
 * [learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits].
 */
const LONGEST_STAMP = 262_144;
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
  const parts = partsOf(own.value);
  const [dmarc, compauth] = [resultIn(parts, 'dmarc'), resultIn(parts, 'compauth')];
  // Twice is none: nobody says which of them holds.
  if (dmarc === 'twice' || compauth === 'twice') return NO_BOUNDARY;
  return {
    authentication: {
      dmarc: dmarc?.result ?? null,
      compauth: compauth?.result ?? null,
      action: dmarc?.words.find((word) => word.startsWith('action='))?.slice('action='.length) ?? null,
    },
    clientIp: /\(sender IP is ([0-9a-f.:]{3,45})\)/i.exec(own.value)?.[1] ?? null,
  };
}

interface Result {
  readonly result: string | null;
  readonly words: readonly string[];
}

/**
 * Of this method alone: of DKIM Exchange tells a result for each signature, and whoever sends a mail puts as many into it as they like.
 */
function resultIn(parts: readonly (readonly string[])[], method: string): Result | 'twice' | null {
  const begin = `${method}=`;
  const [first, ...more] = parts.filter(([word = '']) => word.startsWith(begin) && word !== begin);
  if (more.length > 0) return 'twice';
  return first === undefined ? null : { result: first[0]?.slice(begin.length) ?? null, words: first };
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
