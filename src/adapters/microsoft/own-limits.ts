import { type Limit, LONGEST_REST_MS, NO_TURNS, nextTurn, type Turns, withRest, withTurn } from '../../core/limit.ts';
import type { Limits } from '../../ports/limits.ts';

/** Turns of this process alone: where there is no other, and for as long as the others cannot be asked. */
export function ownLimits(clock: () => number): Limits {
  const turns = new Map<string, Turns>();
  const of = ({ name }: Limit) => turns.get(name) ?? NO_TURNS;
  return {
    async take(limit, longestMs) {
      const now = clock();
      const at = nextTurn(of(limit), limit, now);
      const given = at <= now + longestMs;
      if (given) turns.set(limit.name, withTurn(of(limit), limit, at));
      return { given, waitMs: at - now };
    },
    async rest(limit, ms) {
      turns.set(limit.name, withRest(of(limit), Math.min(LONGEST_REST_MS, ms), clock()));
    },
  };
}
