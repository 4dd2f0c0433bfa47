import { isYoung, type SourceAnswer } from '../intelligence/asked.ts';
import type { LookIs } from './flag.ts';

type Source = SourceAnswer['source'];
/** What an account takeover is seen by, wherever else something shows: how somebody signed in, and what was changed in the mailbox. */
const NEEDED: readonly (readonly Source[])[] = [['sign-ins', 'risk detections'], ['mailbox events']];

/**
 * What answers of several sources come to, as one look at one person. That nothing was found is `seen` only where account and mailbox
 * were looked at, all that could answer told everything, and nothing of it is too young to show: also not beside older rows.
 * `since`: ISO time from which it counts.
 */
export function lookIs(answers: readonly SourceAnswer[], findings: number, since: string, now: string): LookIs {
  if (answers.some(({ is }) => is === 'no answer')) return 'not seen yet';
  if (findings > 0) return 'seen';
  const answered = answers.filter(({ is }) => is === 'answered');
  if (answered.some(({ source }) => isYoung(source, since, now))) return 'not seen yet';
  if (answers.some(({ is }) => is === 'not permitted')) return 'not permitted';
  if (answered.length === 0) return 'not licensed';
  const isLookedAt = (some: readonly Source[]) => answered.some(({ source }) => some.includes(source));
  return NEEDED.every(isLookedAt) && answered.every(isWhole) ? 'seen' : 'seen in part';
}

/** What nobody could say whose it is may be this person's. */
const isWhole = ({ cut, unresolved = 0, only }: SourceAnswer) => !cut && unresolved === 0 && only === undefined;
