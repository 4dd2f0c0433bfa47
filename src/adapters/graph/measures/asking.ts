import type { MeasureEffect, MeasureLook } from '../../../ports/measures.ts';
import { type InnerReply, isFine, transient } from '../answer.ts';
import type { Batcher, InnerRequest } from '../batch.ts';

/** How an account, or what hangs on it, is asked about and changed: one request each, and what its answer means. */

export interface Step {
  /** The `client-request-id` of the request that changes something, written down before. */
  readonly requestId: string;
  readonly signal: AbortSignal;
}

export interface Asking {
  /** What is sent for one thing keeps to a few at a time: its mailbox, or whatever else `lane` says. */
  send(lane: string, request: InnerRequest, signal: AbortSignal): Promise<InnerReply>;
  /** Waits for the next turn at Identity Protection. Null: it is this caller's; else milliseconds until it would come. */
  riskTurn(): Promise<number | null>;
  /** Whether Entra has given this permission. What Exchange gives to single mailboxes is not in a token. */
  granted(permission: string): boolean;
  /** Of Microsoft Graph: links to further pages lead there and nowhere else. */
  readonly origin: string;
  /** Whether Microsoft offers Defender for Identity through Graph in this cloud. */
  readonly hasIdentities: boolean;
}

/** What an answer is about that comes with a permission. */
export interface Needs {
  readonly permission: string;
  /** Given by Exchange as well, for single mailboxes: whoever is refused lacks it there. */
  readonly byExchange: boolean;
}

export function createAsking(
  batcher: Batcher,
  rest: Pick<Asking, 'riskTurn' | 'granted' | 'hasIdentities' | 'origin'>,
): Asking {
  return {
    ...rest,
    send(lane, request, signal) {
      if (signal.aborted) return Promise.resolve({ kind: 'unsent', detail: GIVEN_UP, requestId: '' });
      const term = { left: () => (signal.aborted ? 0 : Number.POSITIVE_INFINITY) };
      return untilGivenUp(batcher.send(lane, request, { term }), signal, request.clientRequestId ?? '');
    },
  };
}

const GIVEN_UP = 'given up before an answer came';

/** Whoever gives up knows nothing of what was sent: it may be done all the same. */
function untilGivenUp(reply: Promise<InnerReply>, signal: AbortSignal, requestId: string): Promise<InnerReply> {
  return new Promise((resolve, reject) => {
    const giveUp = () => resolve({ kind: 'lost', detail: GIVEN_UP, requestId });
    signal.addEventListener('abort', giveUp, { once: true });
    reply.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

/** The body of an answer that is fine; undefined for any other. */
export function bodyOf(reply: InnerReply): unknown {
  return reply.kind === 'answer' && isFine(reply.status) ? reply.body : undefined;
}

export function isAbsent(reply: InnerReply, code: string): boolean {
  return reply.kind === 'answer' && reply.status === 404 && reply.code === code;
}

/** Of an answer that shows nothing. */
export function notSeen(reply: InnerReply, needs: Needs, { granted }: Pick<Asking, 'granted'>): MeasureLook {
  if (reply.kind === 'throttled') return unknown('Microsoft Graph asks to wait', waitOf(reply));
  if (reply.kind !== 'answer') return unknown(reply.detail);
  const said = `${reply.status} ${reply.code}`.trim();
  if (isFine(reply.status)) return unknown('the answer has an unknown shape');
  if (reply.status !== 403) return unknown(said);
  const { permission, byExchange } = needs;
  return byExchange || !granted(permission)
    ? { is: 'denied', missing: permission }
    : unknown(`${said}, although ${permission} is granted`);
}

export function unknown(why: string, retryAfterMs: number | null = null): MeasureLook {
  return { is: 'unknown', why, retryAfterMs };
}

/** What became of a request that changes something. */
export function effectOf(reply: InnerReply, needs: Needs, { granted }: Pick<Asking, 'granted'>): MeasureEffect {
  if (reply.kind === 'throttled') return later('Microsoft Graph asks to wait', waitOf(reply));
  if (reply.kind === 'unsent') return later(reply.detail);
  if (reply.kind === 'lost') return { is: 'unclear', why: reply.detail };
  const { status, code } = reply;
  const said = `${status} ${code}`.trim();
  if (isFine(status)) return { is: 'taken' };
  if (transient(status)) return { is: 'unclear', why: said };
  if (status === 401) return later(said);
  if (status !== 403) return refused(said);
  const { permission, byExchange } = needs;
  return byExchange || !granted(permission)
    ? refused(`${permission} is missing: ${said}`, permission)
    : refused(`${said}, although ${permission} is granted`);
}

export function refused(why: string, missing: string | null = null): MeasureEffect {
  return { is: 'refused', why, missing };
}

export function later(why: string, retryAfterMs: number | null = null): MeasureEffect {
  return { is: 'later', why, retryAfterMs };
}

/** What Graph itself did not name is nobody's to say. */
function waitOf({ waitMs, told }: Extract<InnerReply, { kind: 'throttled' }>): number | null {
  return told ? waitMs : null;
}
