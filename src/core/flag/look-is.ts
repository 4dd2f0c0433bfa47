import { type SourceAnswer, standingOf } from '../intelligence/asked.ts';
import type { LookIs } from './flag.ts';

/**
 * What answers of several sources come to, as one look at one person. `seen` only where all that could answer did, and nothing of it is
 * too young to show: that nothing is found is said of what was looked at alone. `since`: ISO time from which it counts.
 */
export function lookIs(answers: readonly SourceAnswer[], findings: number, since: string, now: string): LookIs {
  const is = new Set(answers.map((answer) => standingOf(answer, since, now)));
  if (is.has('no answer')) return 'not seen yet';
  if (findings > 0) return 'seen';
  if (is.has('not seen yet')) return 'not seen yet';
  if (is.has('not permitted')) return 'not permitted';
  return is.has('seen') || is.has('nothing found') ? 'seen' : 'not licensed';
}
