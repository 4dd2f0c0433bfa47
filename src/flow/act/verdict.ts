import type { Outcome } from '../../core/action/outcome.ts';
import type { MessageState } from '../../ports/reader.ts';
import type { WorkItem } from '../../ports/runs.ts';

/** What one look at one copy of a chunk leads to. */
export type Verdict = Ended | Resting | Acting;

interface Ended {
  readonly is: 'ended';
  readonly item: WorkItem;
  readonly outcome: Outcome;
  readonly detail: string;
  readonly requestId: string;
  /** Its mailbox has asked to wait for so long that what else this run would do there is not waited for either. */
  readonly mailboxEnds?: boolean;
  /** As it was read; left out where it was not. */
  readonly seen?: MessageState;
}

interface Resting {
  readonly is: 'resting';
  readonly item: WorkItem;
  readonly waitMs: number;
  readonly throttled: boolean;
  /** Throttled, and perhaps for ever: counts as a try. */
  readonly stuck?: boolean;
  /** Only looked at, while what was asked earlier may still come: it is no attempt, and the intent stands. */
  readonly looked?: boolean;
  /** Nothing was done, says the service or the clock: it is no attempt, and no intent stands for it. */
  readonly untried?: boolean;
}

export interface Acting {
  readonly is: 'acting';
  readonly item: WorkItem;
  readonly seen: MessageState;
}
