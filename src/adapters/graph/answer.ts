import type { Target } from '../../core/find/plan.ts';
import type { EffectAnswer } from '../../ports/effects.ts';
import type { Unread } from '../../ports/reader.ts';
import { isGraphId, isGuid } from '../microsoft/ids.ts';

export type InnerReply = { readonly requestId: string } & (
  | { readonly kind: 'answer'; readonly status: number; readonly code: string; readonly body: unknown }
  /** Nothing was done. `told`: whether Graph itself named the wait. `stuck`: known to last for ever at times. */
  | { readonly kind: 'throttled'; readonly waitMs: number; readonly told: boolean; readonly stuck?: boolean }
  /** It never left, because the time to act was over. */
  | { readonly kind: 'unsent'; readonly detail: string }
  /** It left; what became of it is unknown. */
  | { readonly kind: 'lost'; readonly detail: string }
);

/** When no token or no connection could be had: somebody has to repair something first. */
export const UNSENT_WAIT_MS = 30_000;

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

/** Why this target must not be sent anywhere, null when it is fine. */
export function targetProblem(target: Target): string | null {
  if (!isGuid(target.mailbox)) return 'not a mailbox id';
  return isGraphId(target.message) ? null : 'not a message id';
}

/** Graph did what it was asked for, or answers it. */
export function isFine(status: number): boolean {
  return status >= 200 && status < 300;
}

export function transient(status: number): boolean {
  return UNKNOWN_EFFECT.has(status);
}

/** What a 404 says of the mailbox; null: it speaks of something in it. */
export function mailboxProblem(code: string): 'missing' | 'unreachable' | null {
  if (UNREACHABLE.has(code)) return 'unreachable';
  return NO_MAILBOX.has(code) ? 'missing' : null;
}

/** What a status means for one message. */
function saidOf({ status, code }: Extract<InnerReply, { kind: 'answer' }>): { status: 'ok' } | Exclude<Unread, Waits> {
  const detail = `${status} ${code}`.trim();
  if (isFine(status)) return { status: 'ok' };
  if (status === 403) return { status: 'denied', detail };
  const problem = status === 404 ? mailboxProblem(code) : null;
  if (problem) return { status: problem, detail };
  if (status === 404 && code === 'ErrorItemNotFound') return { status: 'absent', detail };
  return { status: 'failed', detail };
}

type Waits = { readonly status: 'throttled' };

function askedToWait({ waitMs, stuck }: Extract<InnerReply, { kind: 'throttled' }>) {
  return { status: 'throttled', waitMs, ...(stuck ? { stuck } : {}) } as const;
}

export function readingOf(reply: InnerReply): { readonly status: 'ok' } | Unread {
  if (reply.kind === 'throttled') return askedToWait(reply);
  return reply.kind === 'answer' ? saidOf(reply) : { status: 'failed', detail: reply.detail };
}

/** Graph itself never only takes something on. */
export function effectOf(reply: InnerReply): EffectAnswer {
  if (reply.kind === 'throttled') return askedToWait(reply);
  if (reply.kind === 'unsent') return { status: 'unsent', detail: reply.detail };
  if (reply.kind === 'lost') return { status: 'unknown', detail: reply.detail };
  const said = saidOf(reply);
  if (said.status === 'ok') return { status: 'done' };
  const { status: why, detail } = said;
  return transient(reply.status) ? { status: 'unknown', detail } : { status: 'refused', why, detail };
}
