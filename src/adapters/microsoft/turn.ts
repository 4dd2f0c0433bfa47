import type { Limit } from '../../core/limit.ts';
import type { Limits } from '../../ports/limits.ts';

export interface TurnTools {
  readonly limits: Limits;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Whoever wakes up so much later than its turn was has slept through it: others have had theirs since. */
const LATE_MS = 250;
/** On a machine that is always late, the service itself has to say that it was too much. */
const TRIES = 3;

/** Waits for the next turn. Answers null when it is this caller's, or how long it would have been. */
export async function awaitTurn(
  { limits, clock, sleep }: TurnTools,
  limit: Limit,
  longestMs: number,
): Promise<number | null> {
  for (let tries = 1; ; tries += 1) {
    const turn = await limits.take(limit, longestMs);
    if (!turn.given) return turn.waitMs;
    if (turn.waitMs <= 0) return null;
    const dueAt = clock() + turn.waitMs;
    await sleep(turn.waitMs);
    if (clock() - dueAt <= LATE_MS || tries >= TRIES) return null;
  }
}
