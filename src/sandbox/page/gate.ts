import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Who may speak to the page's server. It listens on loopback only, but so does every web page in the same browser:
 * a foreign name that resolves to 127.0.0.1 fails by its Host, a foreign page by its Origin and for want of the token.
 * Answers the reason of a refusal, or null.
 */
export function refusalOf(method: string, headers: IncomingHttpHeaders, port: number, token: string): string | null {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const host = headers.host ?? '';
  if (!hosts.includes(host)) return 'this page is for 127.0.0.1 and localhost only';
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 'this page is not for other sites';
  if (method === 'GET') return null;
  if (headers.origin !== `http://${host}`) return 'only this page itself may ask for this';
  return isSame(String(headers['x-page-token'] ?? ''), token) ? null : 'the page is older than its server: reload it';
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** `style-src` lets style attributes in, which the vendors' renderers set; nothing may be loaded from elsewhere. */
export const SAFE_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;
