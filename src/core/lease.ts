/** How long something may still be done, where a process can be frozen and a machine suspended in the middle of it. */

/**
 * After a request was given up on, its effect may still come for this long: nobody else begins on the same copy before.
 * A request never outlives the lease that it was sent under, so this is the time that the other side takes to finish it.
 */
export const LONGEST_REQUEST_MS = 30_000;

/** Looked at in the last step before a request leaves. */
export interface Term {
  /** Milliseconds; none or fewer: nothing may leave any more. */
  left(): number;
}

/** Clocks are read one after the other and rounded: less than this apart they agree. */
const ROUNDING_MS = 50;

/**
 * Milliseconds that never run slower than either clock. A steady clock runs on while a process is frozen and stands while
 * the machine is suspended; a wall clock runs on through both, and is set forward and back by others. What the wall clock
 * gains on the steady one counts; what it loses does not.
 */
export function elapsedBy(wall: () => number, steady: () => number): () => number {
  let gained = 0;
  let apart = wall() - steady();
  return () => {
    const at = steady();
    const now = wall() - at;
    if (now - apart > ROUNDING_MS) {
      gained += now - apart;
      apart = now;
    }
    if (now < apart) apart = now;
    return at + gained;
  };
}

interface Hold extends Term {
  /** The database said that it still holds: until so long after the instant BEFORE it was asked. */
  extendFrom(asked: number): void;
}

/** `asked`: taken before the lease was asked for, so that it never ends later here than in the database. */
export function holdFrom(asked: number, ms: number, elapsed: () => number): Hold {
  let end = asked + ms;
  return {
    left: () => end - elapsed(),
    extendFrom(again) {
      if (again + ms > end) end = again + ms;
    },
  };
}
