import type { Tie } from '../core/record/retention.ts';

/** Where a search for old incidents stands: they come by their last change. */
export interface Place {
  readonly id: string;
  /** ISO time. */
  readonly updatedAt: string;
}

/** Letting go of rows. Part of a transaction of the store. */
export interface Retention {
  /** Closed incidents without a breach mark that have not changed since `before`, the oldest first, from after that place. */
  due(before: string, after: Place | null, limit: number): Promise<readonly Place[]>;
  /** What ties these to incidents that are stored. */
  ties(ids: readonly string[]): Promise<readonly Tie[]>;
  /** Deletes the incident, its plans, votes, runs with their items, cards, flags and keys. The record stays as it is. */
  remove(id: string): Promise<void>;
}
