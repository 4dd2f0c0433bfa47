import type { CopyTask, Ending, Judgement } from './copy.ts';
import { locationIn } from './engine-names.ts';

/**
 * How a copy is judged that only Defender tells of. Its word is where it last put a mail; what an owner does with it is not in
 * it. Deleted Items and what was deleted from there have one word, so that only a change to it proves anything.
 */

const DELETED = 'deletedFolder';
const INBOX = 'inbox_folder';
const JUNK = 'junkFolder';

const wasDeleted = ({ before }: Pick<CopyTask, 'before'>) => before !== null && locationIn(before.folderId) === DELETED;

/** `detail`: what a change to "deleted" shows, of what was asked for. */
export function judgeRemovalByDefender(task: CopyTask, location: string, detail: string): Judgement {
  if (location === 'quarantine') return { outcome: 'alreadyGone', detail: 'in quarantine, as Defender tells' };
  return location === DELETED && task.intended && !wasDeleted(task) ? { outcome: 'removed', detail } : 'act';
}

export const OUT_OF_PLACE = 'deleted from its place, as Defender tells';
export const PERHAPS_FOR_GOOD = `${OUT_OF_PLACE}; that nobody can bring it back, Defender does not tell`;

export function giveUpByDefender(task: Pick<CopyTask, 'before'>, location: string): Ending {
  if (location === DELETED && wasDeleted(task))
    return {
      outcome: 'failed',
      detail:
        'in Deleted Items or deleted from there, before we came as now: whether its owner sees it, Defender does not tell',
    };
  return { outcome: 'stillThere', detail: 'Defender took it on and still tells it in its place' };
}

/** It goes to the Inbox, wherever it was. */
export function judgeRestoreByDefender(task: CopyTask, location: string): Judgement {
  const { put = 'bin' } = task;
  if (location === (put === 'junk' ? JUNK : DELETED)) return 'act';
  if (!task.intended && task.late) return 'act';
  // What was only set aside, and deleted since, stays deleted.
  if (!task.intended || location === DELETED)
    return { outcome: 'movedByUser', detail: 'moved from where it was put before we came, as Defender tells' };
  if (location !== INBOX) return 'act';
  const from = task.before ? locationIn(task.before.folderId) : null;
  return from === INBOX
    ? { outcome: 'restored', detail: 'in the Inbox, as Defender tells; in which folder it was is not known' }
    : { outcome: 'restoredElsewhere', detail: 'in the Inbox, as Defender tells; it was not there before' };
}
