import { giveUpByDefender, judgeRemovalByDefender, OUT_OF_PLACE } from './by-defender.ts';
import type { CopyTask, Ending, Judgement, SeenCopy } from './copy.ts';
import { locationIn } from './engine-names.ts';

/** What every removal into Recoverable Items has in common, whoever lets it begin. */

export function judgeRemoval(task: CopyTask, seen: SeenCopy): Judgement {
  const location = locationIn(seen.folderId);
  if (location !== null) return judgeRemovalByDefender(task, location, OUT_OF_PLACE);
  if (!seen.inRecoverableItems) return 'act';
  return task.intended
    ? {
        outcome: 'removed',
        detail: task.late ? `${IN_BIN}; our move was intended, its answer is not on record` : IN_BIN,
      }
    : { outcome: 'alreadyGone', detail: 'was in Recoverable Items before we came' };
}

const IN_BIN = 'seen in Recoverable Items, from where its owner can still recover it';

export function judgeAbsentRemoval(task: CopyTask, beyond: boolean): Ending {
  if (beyond) return BEYOND;
  return task.intended
    ? { outcome: 'vanished', detail: 'absent after our attempt; who removed it is not proven' }
    : NOT_BY_US;
}

export const BEYOND: Ending = {
  outcome: 'alreadyGone',
  detail: 'in a part of Recoverable Items that its owner does not reach',
};
export const NOT_BY_US: Ending = {
  outcome: 'vanished',
  detail: 'not in the mailbox any more, and not by us: deleted, or in an archive',
};

export function giveUpRemoval(task: Pick<CopyTask, 'before'>, seen: SeenCopy): Ending {
  const location = locationIn(seen.folderId);
  if (location !== null) return giveUpByDefender(task, location);
  if (seen.inRecoverableItems)
    return {
      outcome: 'failed',
      detail: 'in Recoverable Items and not deleted for good: its owner can still recover it',
    };
  return task.before && task.before.folderId !== seen.folderId
    ? { outcome: 'movedByUser', detail: 'found in another folder after our move' }
    : { outcome: 'stillThere', detail: 'found in its folder after our move' };
}
