import type { CopyTask, Ending, Judgement, SeenCopy } from './copy.ts';
import { define } from './definition.ts';
import { locationIn, placeByDefender } from './engine-names.ts';

/**
 * What Defender took out on its own goes back: where the list says that it was, or into the Inbox where nobody knows. It is no
 * undo, because nothing here has taken it out; its marks are left as they are.
 */
export const release = define({
  name: 'release',
  word: 'release',
  verb: 'release',
  target: 'copy',
  does: 'give back',
  undo: 'none',
  begins: 'approved',
  done: 'restored',
  // People read again what a filter took from them: it is asked for as a removal is.
  usesCaps: true,
  effect: {
    of: 'putBack',
    wanted: (seen, { home }) => ({
      isRead: seen.isRead,
      flag: seen.flag,
      ...(seen.flagDates === undefined ? {} : { flagDates: seen.flagDates }),
      categories: seen.categories,
      folderId: home?.folderId ?? seen.folderId,
      moved: !seen.inRecoverableItems,
    }),
  },
  judge: judgeRelease,
  judgeAbsent: (): Ending => ({ outcome: 'failed', detail: 'no longer in Recoverable Items: it cannot be put back' }),
  giveUp: (_, seen): Ending =>
    locationIn(seen.folderId) === null
      ? { outcome: 'failed', detail: 'still in Recoverable Items after our move' }
      : { outcome: 'failed', detail: 'Defender took it on and still tells it in its place' },
  words: {
    button: 'Put back',
    style: 'primary',
    needs: 'press',
    tooltip: 'Your approval of exactly this list',
    effect: (amount) =>
      `Puts ${amount} back where they were, and into the Inbox where that is not known: people can open them again.`,
    confirmation: {
      title: 'Put this mail back?',
      yes: 'Put it back',
      no: 'Leave it out',
    },
    reason: {
      title: 'Why?',
      send: 'Put it back',
      purpose: 'Putting back what Defender took out needs a reason.',
      question: 'Why do you approve?',
      isFinal: false,
    },
    voted: 'approved putting it back',
    signInFor: 'approve putting mail back',
    work: 'Putting back',
    running: 'Approved. Putting the copies back into the mailboxes and looking after each one.',
    doneBy: 'put back by',
  },
});

const DELETED = placeByDefender('deletedFolder');
const INBOX = placeByDefender('inbox_folder');

function judgeRelease(task: CopyTask, seen: SeenCopy): Judgement {
  if (locationIn(seen.folderId) !== null) return judgeByDefender(task, seen);
  if (seen.inRecoverableItems) return 'act';
  if (!task.intended) return { outcome: 'movedByUser', detail: 'was out of Recoverable Items before we came' };
  const { home } = task;
  if (home && seen.folderId !== home.folderId)
    return { outcome: 'restoredElsewhere', detail: 'its folder is gone, or somebody moved it: seen in another' };
  if (seen.folderDeleted)
    return { outcome: 'restoredElsewhere', detail: 'seen in its folder, which lies below Deleted Items' };
  return { outcome: 'restored', detail: home ? SEEN[home.known] : SEEN['not known'] };
}

const SEEN: Readonly<Record<NonNullable<CopyTask['home']>['known'], string>> = {
  'our list': 'seen in its folder, where an earlier list had seen it',
  delivery: 'seen in Junk Email, where it had been delivered to',
  'not known': 'seen in the Inbox; in which folder it was is not known',
};

/** It goes to the Inbox, wherever it was. */
function judgeByDefender(task: CopyTask, { folderId }: SeenCopy): Judgement {
  if (folderId === DELETED) return 'act';
  if (!task.intended)
    return { outcome: 'movedByUser', detail: 'not where it was taken to any more before we came, as Defender tells' };
  return folderId === INBOX
    ? { outcome: 'restored', detail: 'in the Inbox, as Defender tells; in which folder it was is not known' }
    : { outcome: 'movedByUser', detail: 'moved from where it was put back, as Defender tells' };
}
