import { ClawbackError } from './core/error.ts';

/** Asking a service that is not ours: whatever it does, there is an answer by then. */

/** What stands for no answer. */
export interface NoAnswer {
  readonly kind: 'failed';
  readonly why: string;
  readonly waitMs: null;
}

export interface Bounds {
  readonly withinMs: number;
  /** Aborted when this process gives its work away. */
  readonly givenAway: AbortSignal;
}

/** Throws ClawbackError 'unavailable' where this process ends: that says nothing of the service, and another process goes on. */
export async function inTime<T>(
  ask: (until: AbortSignal) => Promise<T>,
  { withinMs, givenAway }: Bounds,
): Promise<T | NoAnswer> {
  const ends = () => new ClawbackError('unavailable', 'this process ends');
  if (givenAway.aborted) throw ends();
  const until = AbortSignal.any([AbortSignal.timeout(withinMs), givenAway]);
  const late = new Promise<NoAnswer>((resolve, reject) => {
    until.addEventListener('abort', () => {
      if (givenAway.aborted) reject(ends());
      else resolve({ kind: 'failed', why: 'no answer in time', waitMs: null });
    });
  });
  const answer = Promise.resolve()
    .then(() => ask(until))
    .catch((error: unknown): NoAnswer => ({ kind: 'failed', why: String(error), waitMs: null }));
  return Promise.race([late, answer]);
}
