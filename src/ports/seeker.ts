import type { Criteria } from '../core/find/criteria.ts';
import type { BareMail, Exposed, Hit, SeekStatus, Told } from '../core/find/found.ts';

/** A service that can be asked for mail by what it is like. */
export interface Seeker {
  /** One word, as the answer and the record name it. */
  readonly name: string;
  /** False: the configuration switched it off. */
  readonly isOn: boolean;
  /** The questions that a search takes, newest time first; or why it takes none. `now`: milliseconds since 1970. */
  questions(criteria: Criteria, now: number): readonly Question[] | { readonly not: SeekStatus; readonly why: string };
  /** Never throws for what the service says or does not say. */
  ask(criteria: Criteria, question: Question): Promise<Sought>;
  /**
   * What became of these mails, by the place of each in the list; left out where it knows nothing of that. Whom it was read
   * by is not for it to say.
   */
  exposure?(mails: readonly BareMail[]): Promise<readonly Readonly<Record<Exclude<Exposed, 'read'>, Told>>[]>;
}

/** A span of time that is asked about at once; ISO times. */
export interface Question {
  readonly from: string;
  readonly until: string;
}

export interface Sought {
  readonly status: SeekStatus;
  /** Empty unless it answered. */
  readonly hits: readonly Hit[];
  /** So many were taken, and there are or may be more; null where it told all that it has. */
  readonly cutAt: number | null;
  readonly requestId: string;
  /** Why it gave no answer, or what its answer leaves out, for people; empty where there is nothing to add. */
  readonly detail: string;
  /** Deliveries of this mail that reached no mailbox here, counted by what became of them, for people. */
  readonly apart: readonly { readonly what: string; readonly count: number }[];
  /** How long it wants to be left alone; null where it did not ask for that. */
  readonly waitMs: number | null;
}
