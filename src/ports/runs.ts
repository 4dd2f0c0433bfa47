import type { Action } from '../core/action/action.ts';
import type { Outcome, OutcomeCounts, Troubled } from '../core/action/outcome.ts';
import type { Mode } from '../core/ask/rule.ts';
import type { Target } from '../core/find/plan.ts';
import type { CopyEnd } from '../core/tell/details-rows.ts';
import type { Unread } from '../core/unread.ts';
import type { MessageState } from './reader.ts';

/** Runs of one tenant and their work, copy by copy. Part of a transaction of the store. */

export interface Run {
  readonly id: string;
  readonly incident: string;
  readonly action: Action;
  readonly planDigest: string;
  readonly state: 'running' | 'finished';
  readonly mode: Mode;
  /**
   * Why it may run. `policy`: contained at once. `roll-back`: a containment that was not confirmed. `late`: an approved undo
   * or purge once more, for what a request that came late took out or put back again.
   */
  readonly cause: 'approved' | 'policy' | 'roll-back' | 'late';
  /** Entra ids of the people whose approvals started it. */
  readonly approvedBy: readonly string[];
  /** How many mailboxes its items are in. */
  readonly mailboxes: number;
  /** When the scope was looked at again, before the first copy was touched; null until then. */
  readonly rescopedAt: string | null;
  /** When people ended it early: what nothing was intended for by then is left alone; null where nobody did. */
  readonly cancelledAt: string | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** What of its row could not be read: it is not carried out. */
  readonly unread?: Unread;
}

export interface NewWorkItem extends Target {
  readonly address: string;
  readonly folderId: string;
  readonly folder: string;
  /** For a restore: what the purge saw before it acted. */
  readonly before: MessageState | null;
}

export interface Runs {
  start(run: Run, items: readonly NewWorkItem[]): Promise<void>;
  get(id: string): Promise<Run | null>;
  ofIncident(incident: string): Promise<readonly Run[]>;
  rescoped(id: string, at: string): Promise<void>;
  cancelled(id: string, at: string): Promise<void>;
  finish(id: string, at: string): Promise<void>;
  /** Live runs other than undo that started after `since` (ISO time): what caps count. */
  usage(since: string): Promise<readonly { readonly approvedBy: readonly string[]; readonly mailboxes: number }[]>;
  /** Ids of runs that are not finished. */
  open(): Promise<readonly Run[]>;
}

export interface WorkItem extends NewWorkItem {
  readonly run: string;
  readonly seq: number;
  readonly attempts: number;
  /** Proves who may finish: grows with every claim. */
  readonly fence: string;
  /** Set once an effect was intended, by this or an earlier holder, and not taken back. */
  readonly intentAt: string | null;
  readonly outcome: Outcome | null;
  readonly detail: string | null;
  /** What of its row could not be read: it is not touched. */
  readonly unread?: Unread;
}

export type Finish =
  | {
      readonly seq: number;
      readonly fence: string;
      readonly done: true;
      readonly outcome: Outcome;
      readonly detail: string;
      readonly requestId: string;
      readonly inTheAir?: boolean;
      /** Takes the place of the picture that was noted with the intent. */
      readonly before?: MessageState | undefined;
    }
  | {
      readonly seq: number;
      readonly fence: string;
      readonly done: false;
      /** Rest before the next try, milliseconds; `wholeMailbox` makes its other items rest too. */
      readonly waitMs: number;
      readonly wholeMailbox: boolean;
      /** Throttling is not the item's fault and does not count as an attempt. */
      readonly countsAsAttempt: boolean;
      /** A request about it was given up on, and its effect was not seen: it may still come. */
      readonly inTheAir?: boolean;
      /** Nothing was done, and nothing can come: the intent is taken back, and with it the picture that it was noted with. */
      readonly takenBack?: { readonly before: MessageState | null } | undefined;
    };

interface RunCounts {
  readonly total: number;
  readonly open: number;
  /** Open ones that wait because the mail service asked for it, or before another try. */
  readonly resting: number;
  readonly outcomes: OutcomeCounts;
}

interface Correction {
  readonly seq: number;
  readonly was: Outcome;
  readonly outcome: Outcome;
  readonly detail: string;
  readonly requestId: string;
}

export type Held = Pick<WorkItem, 'run' | 'mailbox' | 'message' | 'outcome'>;

export interface WorkItems {
  /** Ends open items of these mailboxes, or of all of them, that nobody holds and nothing was intended for; answers them. */
  skip(
    run: string,
    mailboxes: readonly string[] | 'all',
    outcome: Outcome,
    detail: string,
  ): Promise<readonly WorkItem[]>;
  /** Gives claimed items back untouched, due at once and without counting the claim as an attempt. */
  release(run: string, items: readonly { seq: number; fence: string }[]): Promise<void>;
  /**
   * Claims up to `limit` due items, never more than 4 leased ones per mailbox in the whole tenant. A copy that another run
   * has in hand waits for it; so does one where the lease of another run has only just ended, or a request of it was given
   * up on: as long as such a request may have its effect.
   */
  claim(run: string, limit: number, leaseMs: number): Promise<readonly WorkItem[]>;
  /**
   * Keeps what is still held under its fence for `leaseMs` from now, unless the lease has ended. Answers the sequence
   * numbers that are kept.
   */
  extend(run: string, items: readonly { seq: number; fence: string }[], leaseMs: number): Promise<readonly number[]>;
  /** Notes the intent and the before-image; answers the sequence numbers still held under their fence, by a lease that lasts. */
  intend(
    run: string,
    items: readonly { seq: number; fence: string; before: MessageState }[],
    at: string,
  ): Promise<readonly number[]>;
  /** Answers the sequence numbers that were still held under their fence. */
  finish(run: string, results: readonly Finish[]): Promise<readonly number[]>;
  counts(run: string): Promise<RunCounts>;
  /** Notes that a request about these items was answered after their lease was lost: whoever holds them by now. */
  doubt(run: string, seqs: readonly number[]): Promise<void>;
  /**
   * Items of this run about whose copy any run asked something that was overtaken, given up on or answered late, and that
   * could still come when this one set out to act, or shortly before.
   */
  inDoubt(run: string): Promise<readonly WorkItem[]>;
  /** Of those, the ones about which a request of this run itself may have had its effect later. */
  ownDoubts(run: string): Promise<readonly WorkItem[]>;
  /** What was said of ended items is replaced by what was seen later, where `was` is still said; answers where it was. */
  correct(run: string, corrections: readonly Correction[]): Promise<readonly number[]>;
  /** Numbers of the items of this run on whose copy another run set out to act after this one did. */
  actedOnLater(run: string): Promise<readonly number[]>;
  /** The same, after a moment (ISO time). */
  actedOnSince(run: string, since: string): Promise<readonly number[]>;
  /** By number, those in doubt because of another run, and that run. */
  doubtedBy(run: string): Promise<readonly { readonly seq: number; readonly run: string }[]>;
  /** Other runs that hold a copy which is in doubt in this one. */
  runsInDoubt(run: string): Promise<readonly string[]>;
  /** Milliseconds until the next open item is due; null when none is open. */
  nextDueMs(run: string): Promise<number | null>;
  page(run: string, offset: number, limit: number): Promise<readonly WorkItem[]>;
  all(run: string, outcome: Outcome): Promise<readonly WorkItem[]>;
  /** By `targetKey`, what became of each copy of a run, in as few words as that takes: there may be tens of thousands. */
  ends(run: string): Promise<ReadonlyMap<string, CopyEnd>>;
  /** The mailboxes with one of these outcomes, in the order of `outcomes`: the first `most` of each, by address. */
  troubled(run: string, outcomes: readonly Outcome[], most: number): Promise<readonly Troubled[]>;
  /** Every item of any run that holds one of these copies. */
  holders(copies: readonly Target[]): Promise<readonly Held[]>;
  /** Other runs that hold copies which ended in this run with one of these outcomes, and how many. */
  sharedWith(
    run: string,
    outcomes: readonly Outcome[],
  ): Promise<readonly { readonly run: string; readonly copies: number }[]>;
}
