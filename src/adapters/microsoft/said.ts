import { z } from 'zod';

/** What any answer of Microsoft Graph says of itself, whatever was asked. */

const MAX_WAIT_MS = 600_000;
const MIN_WAIT_MS = 100;
/** A 429 or 503 may come without Retry-After. */
const DEFAULT_WAIT_MS = 10_000;

const GraphError = z.object({ error: z.object({ code: z.string().regex(/^[\w.-]{1,100}$/) }) });

/** Seconds (fractions too) or an HTTP date -> milliseconds, rounded up, at most 10 minutes. */
export function retryAfterMs(header: string | null, now: number): number {
  const text = header?.trim() ?? '';
  const wait = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  if (Number.isNaN(wait)) return DEFAULT_WAIT_MS;
  return Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, Math.ceil(wait)));
}

/** The code of a Graph error body, '' where there is none. */
export function errorCode(body: unknown): string {
  return GraphError.safeParse(body).data?.error.code ?? '';
}
