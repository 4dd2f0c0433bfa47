import type { Ending } from './copy.ts';
import { define } from './definition.ts';

/** Of a newer version, or of nobody: it is told, and never offered, carried out or undone here. */

const ENDING: Ending = { outcome: 'failed', detail: 'this version of Clawback does not know the action' };

export const unknownAction = define({
  name: 'unknown',
  word: 'unknown',
  verb: 'unknown',
  target: 'copy',
  does: 'mark',
  undo: 'none',
  begins: 'approved',
  done: 'failed',
  usesCaps: true,
  effect: { of: 'mark', wanted: ({ categories }) => ({ categories, flag: null }) },
  judge: () => ENDING,
  judgeAbsent: () => ENDING,
  giveUp: () => ENDING,
  words: {
    button: 'Unknown',
    style: 'plain',
    needs: 'press',
    tooltip: '',
    effect: (amount) => `Leaves ${amount} alone: this version of Clawback does not know the action.`,
    confirmation: null,
    reason: { title: 'Why?', send: 'Send', purpose: 'This needs a reason.', question: 'Why?', isFinal: false },
    voted: 'approved what this version of Clawback does not know',
    signInFor: 'approve what this version of Clawback does not know',
    deed: 'What this version of Clawback does not know',
    wayBack: 'Not known',
    work: 'Leaving alone',
    running: 'Approved. This version of Clawback does not know the action and leaves it alone.',
    doneBy: 'changed by',
  },
});
