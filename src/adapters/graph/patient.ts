import type { z } from 'zod';
import type { LookResult } from '../../core/plan.ts';
import { type InnerReply, mailboxProblem, transient } from './answer.ts';
import type { Batcher, InnerRequest } from './batch.ts';

export interface Patience {
  readonly batcher: Batcher;
  readonly sleep: (ms: number) => Promise<void>;
  /** How often one request may be told to wait before it counts as failed. */
  readonly rounds: number;
  /** How often a lost answer is asked for again. Default 2. */
  readonly lostTries?: number;
  /** Wait where Graph says that it is too much and not how long to wait. Default 10 s. */
  readonly untoldWaitMs?: number;
}

export type Asked<T> =
  | { readonly ok: true; readonly value: T; readonly requestId: string }
  | {
      readonly ok: false;
      readonly result: Exclude<LookResult, 'found' | 'nothing'>;
      readonly detail: string;
      readonly requestId: string;
      /** 404 in Graph's own words about the thing asked for, not about a mailbox or its owner. */
      readonly absent: boolean;
      /** No clear answer came: later there may be one. */
      readonly later: boolean;
    };

/** Reads may be asked again after a lost answer, but a service that keeps losing them is not pressed. */
const LOST_TRIES = 2;
const LOST_WAIT_MS = 1_000;

/** One GET, waited for and repeated while Graph says so. Never throws for what Graph says. */
export async function ask<T>(
  { batcher, sleep, rounds, lostTries = LOST_TRIES, untoldWaitMs }: Patience,
  lane: string,
  operation: string,
  path: string,
  shape: z.ZodType<T>,
  headers?: Readonly<Record<string, string>>,
): Promise<Asked<T>> {
  const request: InnerRequest = { operation, method: 'GET', path, headers };
  let told = 0;
  let lost = 0;
  for (;;) {
    const [reply] = await batcher.send(lane, [request]);
    if (!reply) throw new Error('the batcher answered nothing for one request');
    const waitMs = waitAfter(reply, untoldWaitMs);
    if (waitMs === null) return settled(reply, shape);
    if (reply.kind === 'throttled') told += 1;
    else lost += 1;
    if (told >= rounds || lost > lostTries) return gaveUp(reply, told >= rounds);
    await sleep(waitMs);
  }
}

function waitAfter(reply: InnerReply, untoldWaitMs: number | undefined): number | null {
  if (reply.kind === 'throttled') return reply.told ? reply.waitMs : (untoldWaitMs ?? reply.waitMs);
  return reply.kind === 'lost' || transient(reply.status) ? LOST_WAIT_MS : null;
}

function gaveUp(reply: InnerReply, throttled: boolean): Asked<never> {
  const answer = reply.kind === 'answer' ? `${reply.status} ${reply.code}`.trim() : 'no answer';
  const detail = throttled ? 'Microsoft Graph kept asking to wait' : answer;
  return { ok: false, result: 'failed', detail, requestId: reply.requestId, absent: false, later: true };
}

function settled<T>(reply: InnerReply, shape: z.ZodType<T>): Asked<T> {
  const { requestId } = reply;
  if (reply.kind !== 'answer') return gaveUp(reply, false);
  const { status, code, body } = reply;
  const failure = { ok: false, detail: `${status} ${code}`.trim(), requestId, absent: false, later: false } as const;
  if (status >= 200 && status < 300) {
    const value = shape.safeParse(body);
    if (value.success) return { ok: true, value: value.data, requestId };
    return { ...failure, result: 'failed', detail: 'the answer has an unknown shape' };
  }
  if (status === 403) return { ...failure, result: 'denied' };
  const problem = status === 404 ? mailboxProblem(code) : null;
  if (problem) return { ...failure, result: problem };
  // A proxy on the way says 404 as well, but it does not say it as Graph does.
  return { ...failure, result: 'failed', absent: status === 404 && code !== '' && code !== 'UnknownError' };
}
