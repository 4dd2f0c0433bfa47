import type { Outcome } from '../core/outcome.ts';
import type { MessageState } from '../ports/mail.ts';
import type { WorkItem } from '../ports/runs.ts';

/** What one look at one copy of a chunk leads to. */
export type Verdict = Ended | Resting | Acting;

interface Ended {
  readonly is: 'ended';
  readonly item: WorkItem;
  readonly outcome: Outcome;
  readonly detail: string;
  readonly requestId: string;
}

interface Resting {
  readonly is: 'resting';
  readonly item: WorkItem;
  readonly waitMs: number;
  readonly throttled: boolean;
  /** Throttled, and perhaps for ever: counts as a try. */
  readonly stuck?: boolean;
  /** Nothing was tried: it is no attempt. */
  readonly untried?: boolean;
}

export interface Acting {
  readonly is: 'acting';
  readonly item: WorkItem;
  readonly seen: MessageState;
}

export const targetKey = (target: { mailbox: string; message: string }) => `${target.mailbox} ${target.message}`;
