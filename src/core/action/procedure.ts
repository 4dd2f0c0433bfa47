import { addressKey } from '../address.ts';
import { type Action, definitionOf } from './action.ts';
import type { CopyTask, Ending, Judgement, SeenCopy, SeenForms } from './copy.ts';

/** How an action judges one copy by what was read of it. The same judgement serves before the act and after it. */

/** One copy under an action, and which. */
export type ActionTask = CopyTask & { readonly action: Action };

/** `act`: the effect is (still) needed. Otherwise what may be said of this copy, because it was seen. */
export function judge(task: ActionTask, seen: SeenCopy, forms: SeenForms): Judgement {
  if (!isTheApprovedMail(seen, forms)) {
    return { outcome: 'failed', detail: 'the message under this id is not the approved mail any more: left alone' };
  }
  return definitionOf(task.action).judge(task, seen);
}

/**
 * The copy cannot be found by its id. `beyond`: it was seen, in a part of Recoverable Items that neither its owner nor an
 * administrator gets anything back from.
 */
export function judgeAbsent(task: ActionTask, beyond = false): Ending {
  return definitionOf(task.action).judgeAbsent(task, beyond);
}

/** The effect was tried as often as is sensible and the copy still is not as it should be. */
export function giveUp(task: Pick<ActionTask, 'action' | 'before'>, seen: SeenCopy): Ending {
  return definitionOf(task.action).giveUp(task, seen);
}

/** As it was seen when the list was made, in each value that any of its copies bore. */
function isTheApprovedMail(seen: SeenCopy, { internetMessageIds, senders }: SeenForms): boolean {
  const sameId = seen.internetMessageId !== null && internetMessageIds.includes(seen.internetMessageId);
  // Plans from before senders were kept name none.
  return sameId && (senders.length === 0 || senders.includes(addressKey(seen.sender ?? '')));
}
