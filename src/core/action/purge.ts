import { define } from './definition.ts';
import { giveUpRemoval, judgeAbsentRemoval, judgeRemoval } from './removal.ts';

/** Out of sight, into Recoverable Items, once people have approved it. */
export const purge = define({
  name: 'purge',
  word: 'purge',
  verb: 'purge',
  target: 'copy',
  does: 'take out',
  undo: 'exact',
  begins: 'approved',
  done: 'removed',
  usesCaps: true,
  effect: { of: 'softDelete' },
  judge: judgeRemoval,
  judgeAbsent: judgeAbsentRemoval,
  giveUp: giveUpRemoval,
  words: {
    button: 'Approve purge',
    style: 'primary',
    needs: 'press',
    tooltip: 'Your approval of exactly this plan',
    effect: (amount) =>
      `Moves ${amount} to Recoverable Items, where owners can still recover them. Can be undone, for 14 days by default.`,
    confirmation: {
      title: 'Approve this purge?',
      yes: 'Approve purge',
      no: 'Not now',
    },
    reason: {
      title: 'Why?',
      send: 'Approve purge',
      purpose: 'Your approval of this purge needs a reason.',
      question: 'Why do you approve?',
      isFinal: false,
    },
    voted: 'approved the purge',
    signInFor: 'approve a purge',
    deed: 'Move the copies out of sight, to Recoverable Items',
    wayBack: 'Yes: an undo puts every copy back where it was',
    work: 'Purging',
    running: 'Approved. Moving the copies out of the mailboxes and looking after each one.',
    doneBy: 'removed by',
  },
});
