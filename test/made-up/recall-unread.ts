import { define } from '../../src/core/action/definition.ts';
import { giveUpRemoval, judgeAbsentRemoval, judgeRemoval } from '../../src/core/action/removal.ts';

/** Made up: takes out only what nobody has opened. It lies here until the test puts it beside the others. */
export const recallUnread = define({
  name: 'recall-unread',
  word: 'recall',
  verb: 'recall',
  target: 'copy',
  does: 'take out',
  undo: 'exact',
  begins: 'approved',
  done: 'removed',
  usesCaps: true,
  effect: { of: 'softDelete' },
  judge: (task, seen) =>
    seen.isRead && !task.intended
      ? { outcome: 'shielded', detail: 'its owner has opened it: left alone' }
      : judgeRemoval(task, seen),
  judgeAbsent: judgeAbsentRemoval,
  giveUp: giveUpRemoval,
  words: {
    button: 'Recall what is unread',
    style: 'primary',
    needs: 'press',
    tooltip: 'Leaves what was opened',
    effect: (amount) => `Removes what is unread of ${amount}.`,
    confirmation: {
      title: 'Recall it?',
      yes: 'Recall',
      no: 'Not now',
    },
    reason: {
      title: 'Why?',
      send: 'Recall',
      purpose: 'Recalling needs a reason.',
      question: 'Why recall it?',
      isFinal: false,
    },
    voted: 'approved recalling it',
    signInFor: 'approve a recall',
    deed: 'Recall the copies that nobody has read',
    wayBack: 'Yes: an undo puts every copy back where it was',
    work: 'Recalling',
    running: 'Approved. Recalling what nobody has opened.',
    doneBy: 'recalled by',
  },
});
