import type { CopyTask, Ending, Judgement, SeenCopy } from './copy.ts';
import { define } from './definition.ts';
import { markChange } from './marks.ts';

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
  effect: { of: 'putBack', wanted: (seen, before) => ({ ...(before ?? seen), moved: !seen.inRecoverableItems }) },
  judge: judgeRestore,
  judgeAbsent: (): Ending => ({
    outcome: 'failed',
    detail: 'no longer in Recoverable Items: it cannot be restored',
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
      no: 'Leave it removed',
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
    deed: 'Put the copies back where they were',
    wayBack: 'Not needed: people have their copies again',
    work: 'Restoring',
    running: 'Approved. Putting the copies back where they were.',
    doneBy: 'put back by',
  },
});

function judgeRestore(task: CopyTask, seen: SeenCopy): Judgement {
  if (seen.inRecoverableItems || !task.before) return 'act';
  // Carried out again, it is known whose doing it is, and that all of it was done.
  if (!task.intended && task.late) return 'act';
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
