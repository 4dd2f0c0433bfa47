import type { Answered, Outgoing } from '../core/record/request-lines.ts';

/** What is asked of Microsoft, written down before it leaves, and kept for whoever compares it with Microsoft's own log. */

export interface RequestLog {
  /**
   * Resolves when it may leave. What may change something is on the disk by then; throws where it cannot be written down. A
   * read waits for the disk only for a moment and never throws.
   */
  before(outgoing: Outgoing): Promise<void>;
  /** `inner`: the statuses inside, in the order asked; 0 where there was none. */
  after(id: string, status: Answered, inner: readonly number[]): void;
}

/** Lines of the log of one process that are complete: nothing is added to them any more. */
export interface Segment {
  readonly id: string;
  /** Requests in it, batches and those inside them one by one. */
  readonly requests: number;
  /** ISO times of its first and last line. */
  readonly from: string;
  readonly until: string;
  /** Requests that left and could not be written down. */
  readonly lost: number;
  /** Hex SHA-256 of the text. */
  readonly digest: string;
  /** As it was written, line by line. */
  readonly text: string;
}

export type SegmentHead = Omit<Segment, 'text'>;

/** Sealed segments. Part of a transaction of the store. */
export interface Segments {
  /** False when it is kept already. */
  keep(segment: Segment): Promise<boolean>;
  /** After the one with that id, by the time of their first line. */
  list(after: Pick<SegmentHead, 'id' | 'from'> | null, limit: number): Promise<readonly SegmentHead[]>;
  /** Null when it is not kept. */
  text(id: string): Promise<string | null>;
  /** Deletes those whose last line is older; answers how many. */
  forget(before: string): Promise<number>;
}
