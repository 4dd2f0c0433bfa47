import type { SourceAnswer } from './asked.ts';
import { findingKey } from './compare.ts';
import type { PeopleLook } from './look.ts';

/** What is there by several looks at the people of one incident: a service that gave no answer takes no finding away. */

/** What shows who has an account in their hands. Mailboxes themselves are asked only where one of these told of something. */
const EVENTS: ReadonlySet<SourceAnswer['source']> = new Set<SourceAnswer['source']>([
  'sign-ins',
  'risk detections',
  'mailbox events',
  'directory events',
]);

type Look = Pick<PeopleLook, 'answers' | 'leftOut'>;

const isWhole = ({ is, cut }: SourceAnswer) => is === 'answered' && !cut;

/** Whether what a look does not name is not there, whatever earlier ones were told: nobody who could have said more did not. */
export function saysAll({ answers, leftOut }: Look): boolean {
  return leftOut === 0 && answers.every((one) => !EVENTS.has(one.source) || one.is === 'not licensed' || isWhole(one));
}

/**
 * Those that count, oldest first as they are given: the newest one that was told all by whoever ever answered, and what came
 * after it. Of the same thing the later one has the word.
 */
export function looksThatCount<L extends Look & Pick<PeopleLook, 'findings'>>(looks: readonly L[]): readonly L[] {
  const answering = new Set(looks.flatMap(({ answers }) => answers.filter(isEvent).flatMap(answered)));
  const isTold = ({ answers, leftOut }: L) =>
    leftOut === 0 && [...answering].every((wanted) => answers.some((one) => one.source === wanted && isWhole(one)));
  const newest = looks.findLastIndex(isTold);
  const counting = newest < 0 ? looks : looks.slice(newest);
  return counting.map((look, nth) => {
    const later = new Set(counting.slice(nth + 1).flatMap(({ findings }) => findings.map(findingKey)));
    return { ...look, findings: look.findings.filter((one) => !later.has(findingKey(one))) };
  });
}

const isEvent = ({ source }: SourceAnswer) => EVENTS.has(source);
const answered = ({ source, is }: SourceAnswer) => (is === 'answered' ? [source] : []);
