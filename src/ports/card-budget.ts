/** What shares one number of cards an hour. `risen`: on the word of several reporters. */
type BudgetKind = 'report' | 'risen' | 'detector';

/** How many incidents got a card of late. */
interface Spent {
  readonly all: number;
  /** Of these, those of the same sender of alerts. */
  readonly own: number;
}

/** New cards of the last hour, over all processes. */
export interface CardBudget {
  /**
   * `who`: a digest that stands for whoever alerted. `since`: ISO time. What stands there of an incident that there is not, or of
   * one that waits without a card all the same, counts for nothing: nobody uses up cards by writing it down.
   */
  spent(kind: BudgetKind, who: string, since: string): Promise<Spent>;
  /** Counts one incident, once; whatever is older than `since` is forgotten. */
  spend(incident: string, kind: BudgetKind, who: string, at: string, since: string): Promise<void>;
}
