import type { IncomingMessage } from 'node:http';
import { readBody } from './body.ts';

/** What a browser sends to the sign-in pages, and whether it may be taken. */

const MAX_FORM_BYTES = 8_192;
/** Two of our fields and a code of Entra fit easily; PostgreSQL would stumble over what is not visible. */
const FIELD = /^[\x21-\x7e]{1,4096}$/;
const FORM = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/** Value of a field that is there exactly once; null otherwise. */
export function one(fields: URLSearchParams, name: string): string | null {
  const [value, ...more] = fields.getAll(name);
  return value !== undefined && more.length === 0 && FIELD.test(value) ? value : null;
}

export function queryOf(req: IncomingMessage): URLSearchParams {
  return new URL(req.url ?? '/', 'http://local').searchParams;
}

/** The fields of a form that one of our own pages sent, or why it is not taken. `own`: our public origin. */
export async function formOf(
  req: IncomingMessage,
  own: string,
): Promise<URLSearchParams | { readonly status: number; readonly why: string }> {
  const foreign = foreignSender(req, own);
  if (foreign !== null) return { status: 403, why: foreign };
  if (!FORM.test(req.headers['content-type'] ?? '')) return { status: 415, why: 'not a form' };
  const body = await readBody(req, MAX_FORM_BYTES);
  return body ? new URLSearchParams(body.toString('utf8')) : { status: 413, why: 'the form is too large' };
}

/**
 * Our pages send no referrer, and then browsers send `Origin: null` with a form even to its own site: that one is taken
 * only when the browser itself says that the page was ours.
 */
function foreignSender(req: IncomingMessage, own: string): string | null {
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return 'a form of another site';
  const { origin } = req.headers;
  if (origin === undefined || origin === own || (origin === 'null' && site === 'same-origin')) return null;
  return 'a form of another site';
}

export interface Cookie {
  /** Held by this browser only. */
  readonly browser: string;
  readonly tenant: string;
}

const COOKIE_LIFE_S = 600;
const COOKIE_VALUE = /^(?<browser>[\w-]{43})\.(?<tenant>[a-z0-9-]{1,40})$/;

/** Behind https no other host or path can plant the cookie: that is what the prefix is for. */
function cookieName(secure: boolean): string {
  return secure ? '__Host-clawback_browser' : 'clawback_browser';
}

export function setCookie({ browser, tenant }: Cookie, secure: boolean): string {
  const where = secure ? 'Path=/; Secure' : 'Path=/auth';
  return `${cookieName(secure)}=${browser}.${tenant}; ${where}; Max-Age=${COOKIE_LIFE_S}; HttpOnly; SameSite=Lax`;
}

/** Null when there is none, or more than one: then somebody else set one of them. */
export function cookieOf(req: IncomingMessage, secure: boolean): Cookie | null {
  const start = `${cookieName(secure)}=`;
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const [value, ...more] = pairs.filter((pair) => pair.startsWith(start)).map((pair) => pair.slice(start.length));
  const { browser, tenant } = COOKIE_VALUE.exec(value ?? '')?.groups ?? {};
  return browser && tenant && more.length === 0 ? { browser, tenant } : null;
}
