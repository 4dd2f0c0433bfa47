import { unavailable } from './directory-wire.ts';

interface PaceOptions {
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Between two starts. */
  readonly gapMs: number;
  /** Nobody waits longer than this. */
  readonly longestMs: number;
}

/** Lets work start one after the other, `gapMs` apart, in the order of asking. Throws 'unavailable' where the queue is too long. */
export function createPace({ clock, sleep, gapMs, longestMs }: PaceOptions): <T>(work: () => Promise<T>) => Promise<T> {
  let next = 0;
  let waiting = 0;
  return async (work) => {
    const now = clock();
    // Where nobody waits, a turn that is far off means that the clock was set back.
    const wait = Math.max(0, waiting === 0 ? Math.min(gapMs, next - now) : next - now);
    if (wait > longestMs) throw unavailable('too many people are asked about at once');
    next = now + wait + gapMs;
    if (wait > 0) {
      waiting += 1;
      try {
        await sleep(wait);
      } finally {
        waiting -= 1;
      }
    }
    return work();
  };
}
