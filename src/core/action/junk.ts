import type { CopyTask, Judgement, SeenCopy } from './copy.ts';
import { define } from './definition.ts';
import { giveUpRemoval, judgeAbsentRemoval } from './removal.ts';

/**
 * Out of the Inbox and into Junk Email, where its owner still sees it: that is nowhere called removed. A plain move, which
 * changes no list of blocked senders: `markAsJunk` and `reportMessage` would, and they are in beta only
 * [learn.microsoft.com/graph/api: message-move, message-markasjunk]. Only where a rule of the policy names it.
 */
export const junk = define({
  name: 'junk',
  word: 'junk',
  verb: 'junk',
  target: 'copy',
  does: 'set aside',
  undo: 'exact',
  begins: 'approved',
  done: 'junked',
  usesCaps: true,
  effect: { of: 'toJunk' },
  judge: judgeJunk,
  judgeAbsent: judgeAbsentRemoval,
  giveUp: giveUpRemoval,
  words: {
    button: 'Move to Junk',
    style: 'plain',
    needs: 'press',
    tooltip: 'Out of the Inbox; owners still see it in Junk Email',
    effect: (amount) =>
      `Moves ${amount} to Junk Email, where owners can still open them. Can be undone for as long as they lie there.`,
    confirmation: {
      title: 'Move this mail to Junk?',
      yes: 'Move to Junk',
      no: 'Not now',
    },
    reason: {
      title: 'Why?',
      send: 'Move to Junk',
      purpose: 'Moving this mail to Junk Email needs a reason.',
      question: 'Why do you approve?',
      isFinal: false,
    },
    voted: 'approved the move to Junk',
    signInFor: 'approve a move to Junk',
    work: 'Moving to Junk',
    running: 'Approved. Moving the copies to Junk Email and looking after each one.',
    doneBy: 'moved to Junk Email by',
  },
});

function judgeJunk(task: CopyTask, seen: SeenCopy): Judgement {
  if (seen.inRecoverableItems)
    return { outcome: 'alreadyGone', detail: 'in Recoverable Items: nothing to move to Junk Email' };
  if (seen.junk === 'inside') {
    if (!task.intended) return { outcome: 'alreadyJunk', detail: 'was in Junk Email before we came: left there' };
    return {
      outcome: 'junked',
      detail: task.late ? `${IN_JUNK}; our move was intended, its answer is not on record` : IN_JUNK,
    };
  }
  return seen.junk === 'none'
    ? { outcome: 'stillThere', detail: 'its mailbox has no Junk Email folder: left where it is' }
    : 'act';
}

const IN_JUNK = 'seen in Junk Email, where its owner can still open it';
