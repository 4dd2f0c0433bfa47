import type { z } from 'zod';
import type { LookResult } from '../../core/find/plan.ts';
import { type InnerReply, isFine, mailboxProblem, transient } from './answer.ts';
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
  /** Shared by all questions about one mailbox, and used up by them. Left out: only `rounds` end it. */
  readonly budget?: Budget;
}

/** How long one mailbox may keep a plan waiting: the waits that it asks for, and the time that its answers take. */
export interface Budget {
  readonly clock: () => number;
  readonly wholeMs: number;
  leftMs: number;
}

export function budgetOf(wholeMs: number, clock: () => number): Budget {
  return { clock, wholeMs, leftMs: wholeMs };
}

/** The part of it after which a question is asked again, alone: another one in the same batch may be what is stuck. */
const SHARED_PART = 0.4;

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
  patience: Patience,
  lane: string,
  operation: string,
  path: string,
  shape: z.ZodType<T>,
  headers?: Readonly<Record<string, string>>,
): Promise<Asked<T>> {
  const { batcher, sleep, budget } = patience;
  const request: InnerRequest = { operation, method: 'GET', path, headers };
  let told = 0;
  let lost = 0;
  for (;;) {
    const reply = await answerTo(batcher, lane, request, { alone: lost > 0, budget });
    const waitMs = waitAfter(reply, patience.untoldWaitMs);
    if (waitMs === null) return settled(reply, shape);
    if (reply.kind === 'throttled') told += 1;
    else lost += 1;
    if (isEnough(patience, { told, lost, waitMs })) return gaveUp(reply);
    if (budget) budget.leftMs -= waitMs;
    await sleep(waitMs);
  }
}

interface Tries {
  readonly told: number;
  readonly lost: number;
  readonly waitMs: number;
}

function isEnough({ rounds, lostTries = LOST_TRIES, budget }: Patience, { told, lost, waitMs }: Tries): boolean {
  return told >= rounds || lost > lostTries || (budget !== undefined && waitMs >= budget.leftMs);
}

/** The time for this try is over: nobody waits for the answer any longer. */
const LATE: InnerReply = { kind: 'lost', detail: 'no answer in time', requestId: '' };

interface Turn {
  readonly alone: boolean;
  readonly budget: Budget | undefined;
}

function answerTo(batcher: Batcher, lane: string, request: InnerRequest, { alone, budget }: Turn): Promise<InnerReply> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let startedAt: number | null = null;
    const end = (reply: InnerReply) => {
      clearTimeout(timer);
      if (budget && startedAt !== null) budget.leftMs -= Math.max(0, budget.clock() - startedAt);
      startedAt = null;
      resolve(reply);
    };
    const sent = () => {
      if (!budget) return;
      // It may be told twice: what travels with somebody whose time is up waits for the next batch.
      clearTimeout(timer);
      startedAt = budget.clock();
      const tryMs = alone ? budget.leftMs : Math.min(budget.leftMs, budget.wholeMs * SHARED_PART);
      timer = setTimeout(() => {
        // Whatever the clock says of it: this much time has gone by.
        startedAt = null;
        budget.leftMs -= tryMs;
        end(LATE);
      }, tryMs);
    };
    // Alone, the request is given up with the budget: nobody else's is cut short, and its place is free again.
    const term = alone && budget ? { left: () => budget.leftMs } : undefined;
    batcher.send(lane, request, { alone, sent, term }).then(end, reject);
  });
}

/**
 * For reads about copies of a run, which travel with many others: whoever is not answered in time is asked for once more,
 * alone, and then given up. What asks to wait is told so at once: waiting is the run's own affair.
 */
export function patientReads(batcher: Batcher, clock: () => number, wholeMs: number): Batcher {
  return {
    async send(lane, request) {
      const budget = budgetOf(wholeMs, clock);
      const first = await answerTo(batcher, lane, request, { alone: false, budget });
      return first === LATE ? answerTo(batcher, lane, request, { alone: true, budget }) : first;
    },
  };
}

function waitAfter(reply: InnerReply, untoldWaitMs: number | undefined): number | null {
  if (reply.kind === 'throttled') return reply.told ? reply.waitMs : (untoldWaitMs ?? reply.waitMs);
  if (reply === LATE) return 0;
  return reply.kind !== 'answer' || transient(reply.status) ? LOST_WAIT_MS : null;
}

function gaveUp(reply: InnerReply): Asked<never> {
  const answer = reply.kind === 'answer' ? `${reply.status} ${reply.code}`.trim() : 'no answer';
  const detail = reply.kind === 'throttled' ? 'Microsoft Graph kept asking to wait' : answer;
  return { ok: false, result: 'failed', detail, requestId: reply.requestId, absent: false, later: true };
}

function settled<T>(reply: InnerReply, shape: z.ZodType<T>): Asked<T> {
  const { requestId } = reply;
  if (reply.kind !== 'answer') return gaveUp(reply);
  const { status, code, body } = reply;
  const failure = { ok: false, detail: `${status} ${code}`.trim(), requestId, absent: false, later: false } as const;
  if (isFine(status)) {
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
