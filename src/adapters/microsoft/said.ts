import { z } from 'zod';

/** What any answer of Microsoft Graph says of itself, whatever was asked. */

const MAX_WAIT_MS = 600_000;
const MIN_WAIT_MS = 100;
/** A 429 or 503 may come without Retry-After. */
const DEFAULT_WAIT_MS = 10_000;

const GraphError = z.object({ error: z.object({ code: z.string().regex(/^[\w.-]{1,100}$/) }) });

/** The forms of RFC 9110 that name their zone; the first is the one that servers write. */
const HTTP_DATE =
  /^(?:[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4}|[A-Z][a-z]+, \d{2}-[A-Z][a-z]{2}-\d{2}) \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Seconds (fractions too) or an HTTP date -> milliseconds, rounded up, at most 10 minutes; what is neither says nothing.
 * `serverDate`: the `Date` of the answer, because a date is meant by the clock of whoever wrote it.
 */
export function retryAfterMs(header: string | null, now: number, serverDate: string | null = null): number {
  const text = header?.trim() ?? '';
  const wait = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1_000 : untilDate(text, now, serverDate);
  if (wait === null) return DEFAULT_WAIT_MS;
  return Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, Math.ceil(wait)));
}

function untilDate(text: string, now: number, serverDate: string | null): number | null {
  const at = timeIn(text);
  return at === null ? null : at - (timeIn(serverDate?.trim() ?? '') ?? now);
}

function timeIn(text: string): number | null {
  const at = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** The code of a Graph error body, '' where there is none. */
export function errorCode(body: unknown): string {
  return GraphError.safeParse(body).data?.error.code ?? '';
}
