import { judgeRestoreByDefender } from './by-defender.ts';
import type { CopyTask, Ending, Judgement, SeenCopy } from './copy.ts';
import { define } from './definition.ts';
import { locationIn } from './engine-names.ts';
import { markChange, marksBack } from './marks.ts';
import { isWherePut } from './put.ts';

/** The undo: what was taken out goes back to its folder, with its read state and marks. */
export const restore = define({
  name: 'restore',
  word: 'undo',
  verb: 'undo',
  target: 'copy',
  does: 'put back',
  undo: 'none',
  begins: 'approved',
  done: 'restored',
  // It only gives back.
  usesCaps: false,
  effect: {
    of: 'putBack',
    wanted: (seen, { before, put }) => ({
      ...marksBack(before ?? seen, seen).wanted,
      folderId: (before ?? seen).folderId,
      moved: !isWherePut(seen, put),
    }),
  },
  judge: judgeRestore,
  judgeAbsent: ({ put }): Ending => ({
    outcome: 'failed',
    detail: `no longer in ${put === 'junk' ? 'Junk Email' : 'Recoverable Items'}: it cannot be restored`,
  }),
  giveUp: (): Ending => ({ outcome: 'failed', detail: 'the copy is not as it was before the purge' }),
  words: {
    button: 'Undo the purge',
    style: 'plain',
    needs: 'press',
    tooltip: '',
    effect: (amount) =>
      `Puts ${amount} back where they were, with read state and flags, as far as they still exist: people can open them again.`,
    confirmation: {
      title: 'Put the mail back?',
      yes: 'Put it back',
      no: 'Leave it where it is',
    },
    reason: {
      title: 'Why?',
      send: 'Put the mail back',
      purpose: 'Putting the mail back needs a reason.',
      question: 'Why do you approve?',
      isFinal: false,
    },
    voted: 'approved the undo',
    signInFor: 'approve an undo',
    work: 'Restoring',
    running: 'Approved. Putting the copies back where they were.',
    doneBy: 'put back by',
  },
});

function judgeRestore(task: CopyTask, seen: SeenCopy): Judgement {
  const location = locationIn(seen.folderId);
  if (location !== null) return judgeRestoreByDefender(task, location);
  const { before, put } = task;
  if (isWherePut(seen, put) || !before) return 'act';
  const from = put === 'junk' ? 'Junk Email' : 'Recoverable Items';
  if (seen.inRecoverableItems)
    return { outcome: 'movedByUser', detail: `deleted from ${from} since: left in Recoverable Items` };
  // Carried out again, it is known whose doing it is, and that all of it was done.
  if (!task.intended && task.late) return 'act';
  if (!task.intended) return { outcome: 'movedByUser', detail: `was out of ${from} before we came` };
  const { wanted, kept } = marksBack(before, seen);
  return markChange(wanted, seen) === null ? endOfRestore(before, seen, kept) : 'act';
}

/** What somebody has changed since is told, and left as it is. */
function endOfRestore(before: SeenCopy, seen: SeenCopy, kept: readonly string[]): Ending {
  const marks = kept.length === 0 ? 'read state and flags as before' : `${kept.join(', ')} changed since, left so`;
  if (seen.folderId !== before.folderId)
    return {
      outcome: 'restoredElsewhere',
      detail: `its folder is gone, or somebody moved it: seen in another, ${marks}`,
    };
  if (seen.folderDeleted)
    return {
      outcome: 'restoredElsewhere',
      detail: `seen in its folder, which lies below Deleted Items; ${marks}`,
    };
  const place = before.junk === 'inside' ? 'Junk Email, where it was' : 'its folder';
  return { outcome: kept.length === 0 ? 'restored' : 'restoredChanged', detail: `seen in ${place}, ${marks}` };
}
