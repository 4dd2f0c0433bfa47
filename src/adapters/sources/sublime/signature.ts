import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Sent, SentHeaders } from '../../../ports/source.ts';

/**
 * `X-Sublime-Signature`: two pairs `name=value` apart by a comma, the time in Unix seconds and the hex HMAC-SHA256 of
 * `<time>.<body>`. What the pairs are called is not documented: their place says which is which.
 */
const HEADER = 'x-sublime-signature';
const FORM = /^\s*[^=,\s]+=(\d{9,12})\s*,\s*[^=,\s]+=([0-9a-fA-F]{64})\s*$/;
const WITHIN_S = 300;

export function unsigned(headers: SentHeaders): string | null {
  const given = headers[HEADER];
  if (given === undefined) return 'The header X-Sublime-Signature is missing.';
  return FORM.test(String(given)) ? null : 'The header X-Sublime-Signature must hold a time and a signature.';
}

const SIGNS = /^sign=(.+)$/;
const KEY = /^key=(.+)$/;

/** Secrets of both kinds stand in one place: only those that sign verify anything. */
export function verifier(secret: string): (sent: Sent) => string | null {
  const own = SIGNS.exec(secret)?.[1];
  return ({ headers, bytes, at }) => {
    const found = FORM.exec(String(headers[HEADER] ?? ''));
    if (own === undefined || !found) return null;
    const [, time = '', given = ''] = found;
    if (Math.abs(at / 1_000 - Number(time)) > WITHIN_S) return null;
    const expected = createHmac('sha256', own).update(`${time}.`).update(bytes).digest();
    // Sent once more it is signed anew: the same body is the same sending.
    return timingSafeEqual(expected, Buffer.from(given, 'hex'))
      ? createHash('sha256').update(bytes).digest('hex')
      : null;
  };
}

/** The key of the API among the secrets; the first, where one is being replaced. */
export function apiKey(secrets: readonly string[]): string | null {
  return secrets.map((secret) => KEY.exec(secret)?.[1]).find((key) => key !== undefined) ?? null;
}
