import type { Marks } from './marks.ts';
import type { Outcome } from './outcome.ts';
import type { Lying, Put } from './put.ts';

/** What an action is done to today: one copy of a mail in one mailbox, as it is read before and after. */

/** Folder, read state and marks of one message at one moment. */
export interface SeenCopy extends Marks, Lying {
  readonly internetMessageId: string | null;
  readonly sender: string | null;
  readonly folderId: string;
  /** True when that folder lies below Deleted Items, as a deleted one does under its old id; left out where nobody asked. */
  readonly folderDeleted?: boolean;
  /** Of a picture from before a removal: the marks as they were seen after it, where they were not the same. */
  readonly asPut?: Marks;
}

/** In which forms the mail service names what the plan's copies bear: the same mail has the same when it is read again. */
export interface SeenForms {
  readonly internetMessageIds: readonly string[];
  /** In the form that addresses are compared in; empty text for a message without one. */
  readonly senders: readonly string[];
}

/** A folder, and how it is known that the copy was there; `not known`: it is the Inbox. */
export interface Home {
  readonly folderId: string;
  readonly known: 'our list' | 'delivery' | 'not known';
}

/** One copy under an action. */
export interface CopyTask {
  /** True once the effect was intended, now or by a holder that died. */
  readonly intended: boolean;
  /** An intent from an earlier hold, or an earlier undo, has no end on record: who caused what is seen now is not proven. */
  readonly late?: boolean;
  /** The service said that it did nothing of what was asked. */
  readonly undone?: boolean;
  /** For an undo: where what it undoes has put the copy; left out for Recoverable Items. */
  readonly put?: Put;
  /** Where a copy that nobody here has taken out is to be put. */
  readonly home?: Home;
  /** As it was when the effect was first intended; for an undo, as the removal found it. */
  readonly before: SeenCopy | null;
}

/** What may be said of a copy, because it was seen. */
export interface Ending {
  readonly outcome: Outcome;
  readonly detail: string;
}

/** `act`: the effect is (still) needed. */
export type Judgement = 'act' | Ending;
