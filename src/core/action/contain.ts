import { define } from './definition.ts';
import { giveUpRemoval, judgeAbsentRemoval, judgeRemoval } from './removal.ts';

/** Removed at once by policy, as a purge removes. People confirm it; without that it comes back. */
export const contain = define({
  name: 'contain',
  word: 'contain',
  verb: 'confirm',
  target: 'copy',
  does: 'take out',
  undo: 'exact',
  begins: 'at once',
  done: 'removed',
  // Looked at when it began; its confirmation does nothing more.
  usesCaps: false,
  effect: { of: 'softDelete' },
  judge: judgeRemoval,
  judgeAbsent: judgeAbsentRemoval,
  giveUp: giveUpRemoval,
  words: {
    button: 'Keep it removed',
    style: 'primary',
    needs: 'press',
    tooltip: 'The copies are out of sight already; say that they stay away',
    effect: (amount) =>
      `Leaves ${amount}, removed at once, in Recoverable Items, where owners can still recover them. Can be undone, for 14 days by default.`,
    confirmation: {
      title: 'Keep this mail removed?',
      yes: 'Keep it removed',
      no: 'Not now',
    },
    reason: {
      title: 'Why?',
      send: 'Keep it removed',
      purpose: 'Keeping the copies away needs a reason.',
      question: 'Why do you approve?',
      isFinal: false,
    },
    voted: 'approved keeping it removed',
    signInFor: 'confirm a containment',
    deed: 'Keep the copies out of sight, where they are already',
    wayBack: 'Yes: an undo puts every copy back where it was',
    work: 'Keeping removed',
    running:
      'Contained at once, as the policy says. Moving the copies out of the mailboxes; people confirm it afterwards.',
    doneBy: 'removed by',
  },
});
