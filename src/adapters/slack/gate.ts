import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { bodyOf, MOST_BYTES } from '../chat/body.ts';

/**
 * What has to be true of a request before Bolt sees it. Bolt 5.1 by itself accepts timestamps from the future and the
 * same request again and again, and reads 4 MB of anything before it refuses.
 */
/** Slack's own advice for the age of a request; we hold it both ways. */
const WINDOW_SECONDS = 300;

export type BufferedRequest = IncomingMessage & { rawBody?: Buffer };
/** `pass`: hand it on. Otherwise answer with `status` and stop; `why` is for the security log, null when harmless. */
type Verdict =
  | { readonly pass: true; readonly body: Buffer }
  | { readonly pass: false; readonly status: number; readonly why: string | null };

export interface Gate {
  judge(req: IncomingMessage, raw?: Buffer): Promise<Verdict>;
  /** Signature and timestamp only; uses nothing up. For choosing among several workspaces. */
  verify(body: Buffer, headers: IncomingHttpHeaders): boolean;
}

/**
 * `now` in milliseconds since 1970. `isFresh` says whether a signature comes in for the first time; it is asked only
 * about genuine ones, so that nobody else can fill the memory, and a request it cannot judge is not let through.
 */
export function createGate(
  signingSecret: string,
  now: () => number,
  isFresh: (signature: string) => Promise<boolean>,
): Gate {
  const verify = (body: Buffer, headers: IncomingHttpHeaders) => distrust(signingSecret, body, headers, now()) === null;
  return {
    verify,
    async judge(req, raw) {
      const body = raw ?? (await bodyOf(req));
      if (body === null || body.length > MOST_BYTES) return { pass: false, status: 413, why: 'too large' };
      if (isCertificateCheck(req.headers, body)) return { pass: false, status: 200, why: null };
      const why = distrust(signingSecret, body, req.headers, now());
      if (why) return { pass: false, status: 401, why };
      const isNew = await isFresh(String(req.headers['x-slack-signature'])).catch(() => null);
      if (isNew === null) return { pass: false, status: 503, why: 'replays cannot be told now' };
      return isNew ? { pass: true, body } : { pass: false, status: 200, why: 'replayed' };
    },
  };
}

function distrust(secret: string, body: Buffer, headers: IncomingHttpHeaders, now: number): string | null {
  if (secret === '') return 'no signing secret'; // anybody can sign with an empty one
  const timestamp = String(headers['x-slack-request-timestamp']);
  if (!/^\d{1,12}$/.test(timestamp)) return 'timestamp';
  if (Math.abs(now / 1_000 - Number(timestamp)) > WINDOW_SECONDS) return 'timestamp out of the window';
  const given = Buffer.from(String(headers['x-slack-signature']));
  const mac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex');
  const wanted = Buffer.from(`v0=${mac}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? null : 'signature';
}

/** Slack calls a command's URL unsigned now and then to look at its certificate. It wants a 200 and nothing done. */
function isCertificateCheck(headers: IncomingHttpHeaders, body: Buffer): boolean {
  if (headers['content-type'] !== 'application/x-www-form-urlencoded') return false;
  return new URLSearchParams(body.toString('utf8')).get('ssl_check') === '1';
}
