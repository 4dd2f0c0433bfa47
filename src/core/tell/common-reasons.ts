/**
 * Reasons that are given so often that one press says them. A press names one by its key and nothing else: the words that
 * go into the record are ours, and a key that is not here is no reason.
 */

interface CommonReason {
  /** What a press carries. */
  readonly why: string;
  /** What people read, and what the record keeps as the reason. */
  readonly label: string;
}

/** By the verb that they are a reason for. At most four: Teams shows six buttons together, and one more sends what was typed. */
const COMMON_REASONS: ReadonlyMap<string, readonly CommonReason[]> = new Map([
  [
    'reject',
    [
      { why: 'bulk', label: 'A newsletter or other bulk mail' },
      { why: 'colleague', label: 'A colleague wrote it' },
      { why: 'partner', label: 'A partner or supplier wrote it' },
      { why: 'unwanted', label: 'Unwanted, but harmless' },
    ],
  ],
]);

/** Those of a verb, in the order that they are shown in; none for most. */
export function commonReasons(verb: string): readonly CommonReason[] {
  return COMMON_REASONS.get(verb) ?? [];
}

/** Null for what no card of ours offers. */
export function reasonFor(verb: string, why: string): string | null {
  return commonReasons(verb).find((reason) => reason.why === why)?.label ?? null;
}
