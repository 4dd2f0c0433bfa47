import { judgeRemovalByDefender, PERHAPS_FOR_GOOD } from './by-defender.ts';
import type { CopyTask, Ending, Judgement, SeenCopy } from './copy.ts';
import { define } from './definition.ts';
import { locationIn } from './engine-names.ts';
import { giveUpRemoval, judgeAbsentRemoval } from './removal.ts';

/** Deleted for good: nobody but a legal hold brings it back. Only where a rule of the policy names it. */
export const hardPurge = define({
  name: 'hard-purge',
  word: 'hard-purge',
  verb: 'hard-purge',
  target: 'copy',
  does: 'take out',
  undo: 'none',
  begins: 'approved',
  done: 'destroyed',
  usesCaps: true,
  effect: { of: 'hardDelete' },
  judge,
  judgeAbsent,
  giveUp: giveUpRemoval,
  words: {
    button: 'Delete for good\u2026',
    style: 'danger',
    needs: 'word',
    tooltip: 'Cannot be undone; asks once more',
    effect: (amount) => `Deletes ${amount} for good: nobody can bring them back. This cannot be undone.`,
    confirmation: null,
    reason: {
      title: 'Delete for good?',
      send: 'Delete for good',
      purpose: 'You approve deleting these copies for good.',
      question: 'Why do you approve?',
      isFinal: true,
    },
    voted: 'approved deleting for good',
    signInFor: 'approve deleting for good',
    work: 'Deleting for good',
    running: 'Approved. Deleting the copies for good and looking after each one.',
    doneBy: 'deleted for good by',
  },
});

/** Wherever a mailbox shows it, it is not gone yet. */
function judge(task: CopyTask, { folderId }: SeenCopy): Judgement {
  const location = locationIn(folderId);
  return location === null ? 'act' : judgeRemovalByDefender(task, location, PERHAPS_FOR_GOOD);
}

function judgeAbsent(task: CopyTask, beyond: boolean): Ending {
  if (!task.intended || (!beyond && task.undone === true)) return judgeAbsentRemoval(task, beyond);
  const seen = beyond ? 'seen in Purges, where only a hold keeps it' : NOWHERE;
  return { outcome: 'destroyed', detail: task.late ? `${seen}; ${UNRECORDED}` : seen };
}

const NOWHERE = 'not to be found any more, not even in Recoverable Items';
const UNRECORDED = 'our deletion was intended, its answer is not on record';
