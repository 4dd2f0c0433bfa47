import type { Ending, Judgement, SeenCopy } from './copy.ts';
import { define } from './definition.ts';
import { BEYOND, NOT_BY_US } from './removal.ts';

/** A category and a follow-up flag: the mail stays where it is, and its mailbox is on a list. */

/** Shown in Outlook on a flagged copy. */
export const REVIEW_CATEGORY = 'Clawback: under review';

export const flag = define({
  name: 'flag',
  word: 'flag',
  verb: 'flag',
  target: 'copy',
  does: 'mark',
  undo: 'none',
  begins: 'approved',
  done: 'flagged',
  usesCaps: true,
  effect: { of: 'mark', wanted: reviewMarks },
  judge: (_task, seen) => judgeFlag(seen),
  judgeAbsent: (_task, beyond) => (beyond ? BEYOND : NOT_BY_US),
  giveUp: (): Ending => ({ outcome: 'failed', detail: 'the category or the flag did not stay' }),
  words: {
    button: 'Flag mailboxes',
    style: 'plain',
    needs: 'press',
    tooltip: '',
    effect: (amount) =>
      `Marks ${amount} with a follow-up flag and the category \u201c${REVIEW_CATEGORY}\u201d. The mail stays where it is and can be read.`,
    confirmation: {
      title: 'Flag the mailboxes?',
      yes: 'Flag mailboxes',
      no: 'Not now',
    },
    reason: {
      title: 'Why?',
      send: 'Flag mailboxes',
      purpose: 'Flagging the mailboxes needs a reason.',
      question: 'Why do you approve?',
      isFinal: false,
    },
    voted: 'approved the flag',
    signInFor: 'approve flagging mailboxes',
    deed: 'Mark the copies for their owners; they stay where they are',
    wayBack: 'Not by Clawback, and nothing is lost: only the mark is added',
    work: 'Flagging',
    running: 'Approved. Flagging the copies and looking after each one.',
    doneBy: 'flagged by',
  },
});

function judgeFlag(seen: SeenCopy): Judgement {
  if (seen.inRecoverableItems) return { outcome: 'alreadyGone', detail: 'in Recoverable Items: nothing to flag' };
  const marked = seen.categories.includes(REVIEW_CATEGORY) && seen.flag !== 'notFlagged';
  return marked ? { outcome: 'flagged', detail: 'category and follow-up flag seen on the copy' } : 'act';
}

/** Marks are merged: what the user or another tool set stays. */
export function reviewMarks(seen: SeenCopy): { categories: readonly string[]; flag: string | null } {
  return {
    categories: seen.categories.includes(REVIEW_CATEGORY) ? seen.categories : [...seen.categories, REVIEW_CATEGORY],
    flag: seen.flag === 'notFlagged' ? 'flagged' : null,
  };
}
