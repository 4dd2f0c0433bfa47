import type { z } from 'zod';
import type { SourceAnswer } from '../../core/intelligence/asked.ts';
import type { Limit } from '../../core/limit.ts';
import type { PeopleAnswer } from '../../ports/intelligence.ts';
import { nextPath } from '../microsoft/client.ts';
import { awaitTurn, type TurnTools } from '../microsoft/turn.ts';
import { type InnerReply, isFine } from './answer.ts';
import type { Batcher, InnerRequest } from './batch.ts';

/** Questions to the logs of a tenant, in turn with all others of it, and what is said of those that it does not answer. */

export interface LogTools extends TurnTools {
  readonly batcher: Batcher;
  readonly origin: string;
}

export type Refused = Pick<SourceAnswer, 'is' | 'detail'>;

export type Answered<T> = { readonly is: 'page'; readonly page: T } | Refused;

/** Longer nobody waits for a turn, or for as long as a service asks. */
const LONGEST_QUEUE_MS = 20_000;

/** Where it asks to wait, once more after a short wait; everybody who shares the limit rests as well. */
export async function askLog<T>(
  tools: LogTools,
  limit: Limit,
  request: InnerRequest,
  shape: z.ZodType<T>,
): Promise<Answered<T>> {
  for (let tries = 1; ; tries += 1) {
    if ((await awaitTurn(tools, limit, LONGEST_QUEUE_MS)) !== null)
      return { is: 'no answer', detail: 'asked as often as it may be' };
    const reply = await tools.batcher.send(limit.name, request);
    if (reply.kind !== 'throttled') return answered(reply, shape);
    await tools.limits.rest(limit, reply.waitMs);
    if (tries > 1 || reply.waitMs > LONGEST_QUEUE_MS) return refusedBy(reply);
  }
}

export function answered<T>(reply: InnerReply, shape: z.ZodType<T>): Answered<T> {
  const page = reply.kind === 'answer' && isFine(reply.status) ? shape.safeParse(reply.body) : null;
  if (page?.success) return { is: 'page', page: page.data };
  return page ? { is: 'no answer', detail: 'the answer has an unknown shape' } : refusedBy(reply);
}

/** A tenant without the licence is told so with the same status as an app without the permission, in words or by this code. */
const NO_LICENCE = /licen[cs]e|RequestFromNonPremiumTenant/i;

export function refusedBy(reply: InnerReply): Refused {
  if (reply.kind !== 'answer')
    return { is: 'no answer', detail: reply.kind === 'throttled' ? 'asks to wait' : reply.detail };
  const detail = `${reply.status} ${reply.code}`.trim();
  const words = JSON.stringify(reply.body ?? '');
  if (reply.status === 403 && NO_LICENCE.test(words)) return { is: 'not licensed', detail };
  return { is: reply.status === 401 || reply.status === 403 ? 'not permitted' : 'no answer', detail };
}

/** The path of the next page; null where there is none, or where the link leads nowhere: then the page is not all. */
export function pathAfter(
  origin: string,
  page: { readonly '@odata.nextLink'?: string | undefined },
  path: string,
): string | null {
  const link = page['@odata.nextLink'];
  if (link === undefined) return null;
  try {
    return nextPath(origin, link, path);
  } catch {
    return null;
  }
}

/** What is said of nothing but one source. */
export function alone(answer: SourceAnswer, rows: PeopleAnswer['rows']): PeopleAnswer {
  return { answers: [answer], rows, past: null, answered: [], already: [] };
}

/** In parts of so many. */
export function inParts<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}
