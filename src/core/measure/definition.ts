import type { Image, Measure } from './measure.ts';

/** All that there is to say about one kind of measure. A new kind is a file beside these and a line in `kinds.ts`. */

/** What was seen of it at one moment. */
export type Seen = { readonly is: 'there'; readonly image: Image } | { readonly is: 'gone' };

/** What an undo finds: as it was before us, as we left it, or changed by somebody since, which is not overwritten. */
type Return = 'as before' | 'ours' | 'changed';

export interface MeasureDefinition {
  /** `in effect`: what comes back does the same and is not the same. */
  readonly undo: 'exact' | 'in effect' | 'none';
  /** It changes the account itself, and not one thing that hangs on it. */
  readonly ofAccount: boolean;
  /** Whether it is as it should be once it was applied. `before`: as it was seen right before; null where nothing was done yet. */
  isDone(now: Seen, before: Image | null): boolean;
  /** `after`: as it was seen once it was applied. Only asked where there is an undo. */
  back(before: Image, after: Seen, now: Seen): Return;
  /** Whether it is back, once that was asked for. */
  isBack(before: Image, now: Seen): boolean;
  readonly words: MeasureWords;
}

/** Plain words of ours; what is named in them was written by others and comes inert. */
interface MeasureWords {
  /** `switch the inbox rule “Sync” off`. */
  does(measure: Pick<Measure, 'name'>): string;
  /** What was seen once it was done: `the rule is off`. */
  readonly done: string;
  /** Of the undo: `switch the rule on again`; for one that cannot be undone, why, as a sentence. */
  readonly back: string;
  /** `the rule is on again`; empty for none. */
  readonly isBack: string;
}
