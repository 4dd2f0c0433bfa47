/** What became of a measure, as it was seen. */
const MEASURE_OUTCOMES = [
  /** It was asked for and is seen to be done. */
  'done',
  /** It was so already: nothing was asked for, and nothing is ours to put back. */
  'already',
  /** What it is about is not there any more. */
  'gone',
  /** The service said no; of a permission that is missing, which one. */
  'refused',
  /** Of an account that became one that is not touched. */
  'barred',
  /** Asked for, and not seen to be done in all the time it was waited for. */
  'not-seen',
  /** It could not be looked at, so nobody knows. */
  'not-known',
  /** People ended it first. */
  'cancelled',
  /** A dry run: it would have been done. */
  'rehearsed',
  /** The undo is seen to have worked. */
  'put-back',
  /** Somebody else had put it back. */
  'as-before',
  /** Somebody has changed it since: it was not overwritten. */
  'changed',
] as const;
export type MeasureOutcome = (typeof MEASURE_OUTCOMES)[number];

/** After these something of ours is there, or may be, and can be put back. */
const LEAVES: ReadonlySet<string> = new Set<MeasureOutcome>(['done', 'not-seen', 'not-known']);

export function leavesSomething(outcome: string): boolean {
  return LEAVES.has(outcome);
}
