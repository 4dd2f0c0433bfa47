import { isYoung, type SourceAnswer } from '../intelligence/asked.ts';
import type { FlagLook, LookIs, Unlooked } from './flag.ts';

type Source = SourceAnswer['source'];
/** What an account takeover is seen by, wherever else something shows: how somebody signed in, and what was changed in the mailbox. */
const NEEDED: readonly (readonly Source[])[] = [['sign-ins', 'risk detections'], ['mailbox events']];

/**
 * What answers of several sources come to, as one look at one person. That nothing was found is `seen` only where account and mailbox
 * were looked at, all that could answer told everything, and nothing of it is too young to show: also not beside older rows.
 * `since`: ISO time from which it counts.
 */
export function lookIs(
  answers: readonly SourceAnswer[],
  findings: number,
  since: string,
  now: string,
): Pick<FlagLook, 'is' | 'unlooked'> {
  return { is: wordFor(answers, findings, since, now), unlooked: unlookedIn(answers) };
}

const answeredOf = (answers: readonly SourceAnswer[]) => answers.filter(({ is }) => is === 'answered');

function wordFor(answers: readonly SourceAnswer[], findings: number, since: string, now: string): LookIs {
  if (answers.some(({ is }) => is === 'no answer')) return 'not seen yet';
  if (findings > 0) return 'seen';
  const answered = answeredOf(answers);
  if (answered.some(({ source }) => isYoung(source, since, now))) return 'not seen yet';
  if (answers.some(({ is }) => is === 'not permitted')) return 'not permitted';
  if (answered.length === 0) return 'not licensed';
  const isLookedAt = (some: readonly Source[]) => answered.some(({ source }) => some.includes(source));
  return NEEDED.every(isLookedAt) && answered.every(isWhole) ? 'seen' : 'seen in part';
}

/** What nobody could say whose it is may be this person's. */
const isWhole = ({ cut, unresolved = 0, only }: SourceAnswer) => !cut && unresolved === 0 && only === undefined;

/** Whoever told nothing or not all, with why; and of what is needed and nobody was asked for, that it is off. */
function unlookedIn(answers: readonly SourceAnswer[]): readonly Unlooked[] {
  const told = answers.flatMap((answer): readonly Unlooked[] => {
    const { source, is } = answer;
    if (is !== 'answered') return [{ source, why: is }];
    return isWhole(answer) ? [] : [{ source, why: 'cut' }];
  });
  const isAsked = (some: readonly Source[]) => answers.some(({ source }) => some.includes(source));
  const off = NEEDED.flatMap((some) => (isAsked(some) ? [] : some.slice(0, 1)));
  return [...told, ...off.map((source) => ({ source, why: 'off' }))];
}

/** Nobody can look there, however often it is tried: what is missing is a licence, a permission, or switched on. */
const LASTING: ReadonlySet<string> = new Set(['not licensed', 'not permitted', 'off']);
const NOBODY: ReadonlySet<LookIs> = new Set<LookIs>(['not licensed', 'not permitted', 'not configured']);

/** Nothing was found by whoever could look, all that they have was told, and the others never will: that is not unclean. */
export function isBlind({ is, findings, unlooked }: FlagLook): boolean {
  if (findings > 0 || unlooked.some(({ why }) => !LASTING.has(why))) return false;
  return NOBODY.has(is) || (is === 'seen in part' && unlooked.length > 0);
}
