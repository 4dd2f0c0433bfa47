import type { Recorded } from '../core/record/ledger.ts';

/** New cards of late, over all processes. Part of a transaction of the store. */
export interface CardBudget {
  /**
   * That they were granted at `since` (ISO time) or later, as the record has it, newest first. What cannot be believed is left out:
   * nobody uses up cards by writing, or gets more by taking away what is beside the record. Where what opens an entry is gone or does
   * not fit, `who` is `ERASED`.
   */
  since(since: string): Promise<readonly Recorded<'card.granted'>[]>;
}
