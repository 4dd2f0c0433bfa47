import { type Action, definitionOf } from '../action/action.ts';
import type { MeasureList } from '../find/measure-list.ts';
import { shortDigest } from '../find/plan.ts';
import { clip, inertOr } from '../text.ts';
import { beforehand, measureTitle } from './measure-words.ts';

/** What the sign-in page says of a vote on measures. */

export interface MeasuresVote {
  readonly list: string;
  /** What it is for; null where that is not asked for any more. */
  readonly about: Pick<MeasureList, 'measures' | 'reason'> | null;
  readonly isBack: boolean;
}

/** Somebody signs in to do this. */
export function signedInFor({
  action,
  measures,
}: {
  readonly action: Action;
  readonly measures?: MeasuresVote;
}): string {
  if (!measures) return definitionOf(action).words.signInFor;
  return measures.isBack ? 'have measures put back' : 'approve measures about people';
}

export function measureFacts(
  { list, about }: MeasuresVote,
  digest: string,
  reason: string | null,
): readonly (readonly [label: string, value: string])[] {
  const each = about?.measures.map((measure) => {
    return [
      `Measure ${measure.n}`,
      clip(`${measureTitle(measure)}: ${inertOr(measure.address, 'somebody', 160)}. ${beforehand(measure)}`, 500),
    ] as const;
  });
  return [
    ...(each ?? []),
    ['Asked for because', inertOr(about?.reason, 'no reason given', 300)],
    ...(reason === null ? [] : [['Your reason', inertOr(reason, 'none', 300)] as const]),
    ['List', `${list}, ${shortDigest(digest)}`],
  ];
}
