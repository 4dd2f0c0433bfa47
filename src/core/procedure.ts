import { addressKey } from './address.ts';
import type { Action } from './incident.ts';
import { type Marks, markChange } from './marks.ts';
import type { Outcome } from './outcome.ts';
import type { SeenForms } from './plan.ts';

/** How each action judges one copy by what was read of it. The same judgement serves before the act and after it. */

/** Folder, read state and marks of one message at one moment. */
export interface SeenCopy extends Marks {
  readonly internetMessageId: string | null;
  readonly sender: string | null;
  readonly folderId: string;
  /** True when that folder is the mailbox's Recoverable Items: the user cannot see the message any more. */
  readonly inRecoverableItems: boolean;
  /** True when that folder lies below Deleted Items, as a deleted one does under its old id; left out where nobody asked. */
  readonly folderDeleted?: boolean;
}

export interface CopyTask {
  readonly action: Action;
  /** True once the effect was intended, now or by a holder that died. */
  readonly intended: boolean;
  /** The intent is from an earlier hold whose end is not on record: who caused what is seen now is not proven. */
  readonly late?: boolean;
  /** The service said that it did nothing of what was asked. */
  readonly undone?: boolean;
  /** As it was when the effect was first intended; for a restore, as the purge found it. */
  readonly before: SeenCopy | null;
}

export type Judgement = 'act' | { readonly outcome: Outcome; readonly detail: string };

/** Shown in Outlook on a flagged copy. */
export const REVIEW_CATEGORY = 'Clawback: under review';

/** `act`: the effect is (still) needed. Otherwise what may be said of this copy, because it was seen. */
export function judge(task: CopyTask, seen: SeenCopy, forms: SeenForms): Judgement {
  if (!isTheApprovedMail(seen, forms)) {
    return { outcome: 'failed', detail: 'the message under this id is not the approved mail any more: left alone' };
  }
  switch (task.action) {
    case 'purge':
    case 'contain':
      return judgePurge(task, seen);
    case 'hard-purge':
      return 'act';
    case 'flag':
      return judgeFlag(seen);
    case 'restore':
      return judgeRestore(task, seen);
  }
}

/**
 * The copy cannot be found by its id. `beyond`: it was seen, in a part of Recoverable Items that neither its owner nor an
 * administrator gets anything back from.
 */
export function judgeAbsent(task: CopyTask, beyond = false): { outcome: Outcome; detail: string } {
  if (task.action === 'hard-purge' && task.intended && (beyond || task.undone !== true)) {
    const seen = beyond ? 'seen in Purges, where only a hold keeps it' : NOWHERE;
    return { outcome: 'destroyed', detail: task.late ? `${seen}; ${UNRECORDED}` : seen };
  }
  if (task.action === 'restore')
    return { outcome: 'failed', detail: 'no longer in Recoverable Items: it cannot be restored' };
  if (beyond) return { outcome: 'alreadyGone', detail: 'in a part of Recoverable Items that its owner does not reach' };
  if (task.action !== 'flag' && task.intended)
    return { outcome: 'vanished', detail: 'absent after our attempt; who removed it is not proven' };
  return { outcome: 'vanished', detail: 'not in the mailbox any more, and not by us: deleted, or in an archive' };
}

/** The effect was tried as often as is sensible and the copy still is not as it should be. */
export function giveUp(task: CopyTask, seen: SeenCopy): { outcome: Outcome; detail: string } {
  if (task.action === 'flag') return { outcome: 'failed', detail: 'the category or the flag did not stay' };
  if (task.action === 'restore') return { outcome: 'failed', detail: 'the copy is not as it was before the purge' };
  if (seen.inRecoverableItems)
    return {
      outcome: 'failed',
      detail: 'in Recoverable Items and not deleted for good: its owner can still recover it',
    };
  return task.before && task.before.folderId !== seen.folderId
    ? { outcome: 'movedByUser', detail: 'found in another folder after our move' }
    : { outcome: 'stillThere', detail: 'found in its folder after our move' };
}

/** As it was seen when the list was made, in each value that any of its copies bore. */
function isTheApprovedMail(seen: SeenCopy, { internetMessageIds, senders }: SeenForms): boolean {
  const sameId = seen.internetMessageId !== null && internetMessageIds.includes(seen.internetMessageId);
  // Plans from before senders were kept name none.
  return sameId && (senders.length === 0 || senders.includes(addressKey(seen.sender ?? '')));
}

function judgePurge(task: CopyTask, seen: SeenCopy): Judgement {
  if (!seen.inRecoverableItems) return 'act';
  return task.intended
    ? {
        outcome: 'removed',
        detail: task.late ? `${IN_BIN}; our move was intended, its answer is not on record` : IN_BIN,
      }
    : { outcome: 'alreadyGone', detail: 'was in Recoverable Items before we came' };
}

const NOWHERE = 'not to be found any more, not even in Recoverable Items';
const UNRECORDED = 'our deletion was intended, its answer is not on record';
const IN_BIN = 'seen in Recoverable Items, from where its owner can still recover it';

function judgeFlag(seen: SeenCopy): Judgement {
  if (seen.inRecoverableItems) return { outcome: 'alreadyGone', detail: 'in Recoverable Items: nothing to flag' };
  const marked = seen.categories.includes(REVIEW_CATEGORY) && seen.flag !== 'notFlagged';
  return marked ? { outcome: 'flagged', detail: 'category and follow-up flag seen on the copy' } : 'act';
}

function judgeRestore(task: CopyTask, seen: SeenCopy): Judgement {
  if (seen.inRecoverableItems || !task.before) return 'act';
  if (!task.intended) return { outcome: 'movedByUser', detail: 'was out of Recoverable Items before we came' };
  if (markChange(task.before, seen) !== null) return 'act';
  const asBefore = 'read state and flags as before';
  if (seen.folderId !== task.before.folderId)
    return {
      outcome: 'restoredElsewhere',
      detail: `its folder is gone, or somebody moved it: seen in another, ${asBefore}`,
    };
  return seen.folderDeleted
    ? { outcome: 'restoredElsewhere', detail: `seen in its folder, which lies below Deleted Items; ${asBefore}` }
    : { outcome: 'restored', detail: `seen in its folder, ${asBefore}` };
}

/** Marks are merged: what the user or another tool set stays. */
export function reviewMarks(seen: SeenCopy): { categories: readonly string[]; flag: string | null } {
  return {
    categories: seen.categories.includes(REVIEW_CATEGORY) ? seen.categories : [...seen.categories, REVIEW_CATEGORY],
    flag: seen.flag === 'notFlagged' ? 'flagged' : null,
  };
}
