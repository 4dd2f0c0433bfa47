import type { DefenderName } from '../core/action/engine-names.ts';
import type { Marks } from '../core/action/marks.ts';
import type { Target } from '../core/find/plan.ts';
import type { Term } from '../core/lease.ts';
import type { Ability } from './ability.ts';

/** What a service answered that was asked to change one message. What came of it is only ever said of what is read later. */
export type EffectAnswer =
  | { readonly status: 'done' }
  /** Taken on, and to be seen later: it may well not be there yet when it is looked for. */
  | { readonly status: 'accepted' }
  /** The service says that it did not do it, and why; of a step back, that it did not do all of it. */
  | {
      readonly status: 'refused';
      readonly why: 'absent' | 'denied' | 'missing' | 'unreachable' | 'failed';
      readonly detail: string;
    }
  /** Nothing was done; the whole mailbox should rest for `waitMs`. `stuck`: this may go on for ever. */
  | { readonly status: 'throttled'; readonly waitMs: number; readonly stuck?: boolean }
  /** The request never left: the time of whoever asked for it was over. */
  | { readonly status: 'unsent'; readonly detail: string }
  /** The request left, no answer came: it may or may not have had its effect. */
  | { readonly status: 'unknown'; readonly detail: string };

export type Effect = { readonly target: Target; readonly requestId: string } & EffectAnswer;

/** Through whom. `via` left out: in its mailbox. */
export interface Ordered extends Target {
  /** Through Defender, by the name that it has there; `order` is what the order is called where its owners look it up. */
  readonly via?: DefenderName & { readonly order: string };
}

/** Marks to set: the complete new category list (already merged), and the new flag status or null to leave it. */
export interface MarkOrder extends Target {
  readonly categories: readonly string[];
  readonly flag: string | null;
}

/** Folder and marks as they have to be again. */
export interface PutBackOrder extends Ordered, Marks {
  readonly folderId: string;
  /** It was seen elsewhere than where it was put already: an earlier try was cut off before the marks. */
  readonly moved: boolean;
}

export type EffectName = 'softDelete' | 'hardDelete' | 'toJunk' | 'mark' | 'putBack';

/**
 * Changes messages in the tenant's mailboxes, each by one request that may be sent again. Like a reader's methods these throw
 * for nothing that a mailbox answers. A whole refused or unreachable service is told per element. `term`: no write leaves
 * after its end, looked at when its first byte would; what is under way then is broken off and 'unknown'.
 */
export interface Effects {
  readonly can: Readonly<Record<EffectName, Ability>>;
  /** Moves to Recoverable Items. */
  softDelete(targets: readonly Ordered[], term?: Term): Promise<readonly Effect[]>;
  /**
   * Moves to Purges: nobody but a legal hold can bring it back, and a message there reads as 'absent', with `beyond` where it
   * was seen there.
   */
  hardDelete(targets: readonly Ordered[], term?: Term): Promise<readonly Effect[]>;
  /** Moves to Junk Email, where users see it: the message keeps its id, and nothing else of the mailbox changes. */
  toJunk(targets: readonly Ordered[], term?: Term): Promise<readonly Effect[]>;
  mark(orders: readonly MarkOrder[], term?: Term): Promise<readonly Effect[]>;
  /**
   * Moves back to the folder (to the Inbox if that folder is gone), looks, and sets what differs of read state, flag and
   * categories.
   */
  putBack(orders: readonly PutBackOrder[], term?: Term): Promise<readonly Effect[]>;
}
