import type { Limit } from '../core/limit.ts';

/** Turns at what a service allows, shared by all processes of a tenant. */
export interface Limits {
  /**
   * The next turn, if it comes within `longestMs`: then it is this caller's, and nobody gives it back; a caller that never
   * takes it holds nobody up for longer than that. Never throws.
   */
  take(limit: Limit, longestMs: number): Promise<Turn>;
  /** The service asked to be left alone for so long: by everybody. Never throws. */
  rest(limit: Limit, ms: number): Promise<void>;
}

export interface Turn {
  readonly given: boolean;
  /** Until the turn comes, or would come. */
  readonly waitMs: number;
}
