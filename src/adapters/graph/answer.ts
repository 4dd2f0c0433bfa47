import { z } from 'zod';
import type { Target } from '../../core/plan.ts';
import type { Answer } from '../../ports/mail.ts';

export type InnerReply = { readonly requestId: string } & (
  | { readonly kind: 'answer'; readonly status: number; readonly code: string; readonly body: unknown }
  /** Nothing was done. `told`: whether Graph itself named the wait. `stuck`: known to last for ever at times. */
  | { readonly kind: 'throttled'; readonly waitMs: number; readonly told: boolean; readonly stuck?: boolean }
  /** It never left, because the time to act was over. */
  | { readonly kind: 'unsent'; readonly detail: string }
  /** It left; what became of it is unknown. */
  | { readonly kind: 'lost'; readonly detail: string }
);

const MAX_WAIT_MS = 600_000;
const MIN_WAIT_MS = 100;
/** A 429 or 503 may come without Retry-After. */
const DEFAULT_WAIT_MS = 10_000;
/** When no token or no connection could be had: somebody has to repair something first. */
export const UNSENT_WAIT_MS = 30_000;

const GraphError = z.object({ error: z.object({ code: z.string().regex(/^[\w.-]{1,100}$/) }) });
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** 404 codes that speak of the mailbox or its owner, not of the message. */
const NO_MAILBOX = new Set([
  'ErrorNonExistentMailbox',
  'ErrorMailboxNotFound',
  'ErrorInvalidUser',
  'Request_ResourceNotFound',
]);
/** "Inactive, soft-deleted, or hosted on-premise": one and the same mailbox gives both in turns (microsoft-graph-docs#10481). */
const UNREACHABLE = new Set(['MailboxNotEnabledForRESTAPI', 'MailboxNotSupportedForRESTAPI', 'ResourceNotFound']);
/** Statuses after which a write may have happened all the same. */
const UNKNOWN_EFFECT = new Set([408, 500, 502, 504]);

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

export function isGuid(value: string): boolean {
  return guid.test(value);
}

/**
 * Whatever RFC 5321 lets an address be, and a little more: it becomes a literal in a query, never a path. A blank only
 * between quotes.
 */
export function isMailAddress(value: string): boolean {
  const wellFormed = /^(?:"[^\p{Cc}\p{Cs}\u2028\u2029]+"|[^\p{Cc}\p{Cs}\s]+)@[^\p{Cc}\p{Cs}\s@]+$/u;
  return value.length <= 320 && wellFormed.test(value);
}

/** A header value of some hundred characters at most; half characters cannot be sent, and no id holds a control character. */
export function isMessageId(value: string): boolean {
  return value.length <= 2_000 && /^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u.test(value);
}

/** Graph ids become path segments: '.' and '..' survive percent-encoding, so they are refused here. */
export function isGraphId(value: string): boolean {
  return /^[^\p{Cc}\p{Cs}\u2028\u2029]{1,1024}$/u.test(value) && !/^\.+$/.test(value);
}

/** Why this target must not be sent anywhere, null when it is fine. */
export function targetProblem(target: Target): string | null {
  if (!isGuid(target.mailbox)) return 'not a mailbox id';
  return isGraphId(target.message) ? null : 'not a message id';
}

export function transient(status: number): boolean {
  return UNKNOWN_EFFECT.has(status);
}

/** What a 404 says of the mailbox; null: it speaks of something in it. */
export function mailboxProblem(code: string): 'missing' | 'unreachable' | null {
  if (UNREACHABLE.has(code)) return 'unreachable';
  return NO_MAILBOX.has(code) ? 'missing' : null;
}

function askedToWait({ waitMs, stuck }: Extract<InnerReply, { kind: 'throttled' }>): Answer {
  return { status: 'throttled', waitMs, ...(stuck ? { stuck } : {}) };
}

/** What a status means for one message. */
export function answerOf(reply: InnerReply, kind: 'read' | 'write'): Answer {
  if (reply.kind === 'throttled') return askedToWait(reply);
  if (reply.kind === 'unsent') return { status: 'unsent', detail: reply.detail };
  if (reply.kind === 'lost') return { status: kind === 'write' ? 'lost' : 'failed', detail: reply.detail };
  const { status, code } = reply;
  const detail = `${status} ${code}`.trim();
  if (status >= 200 && status < 300) return { status: 'ok' };
  if (status === 403) return { status: 'denied', detail };
  const problem = status === 404 ? mailboxProblem(code) : null;
  if (problem) return { status: problem, detail };
  if (status === 404 && code === 'ErrorItemNotFound') return { status: 'absent', detail };
  if (kind === 'write' && transient(status)) return { status: 'lost', detail };
  return { status: 'failed', detail };
}
