import { isSame } from './compare.ts';
import type { MeasureDefinition } from './definition.ts';

/** The copy that an internal sender keeps of a mail: whoever holds the account could send it again. */
export const takeSentCopy: MeasureDefinition = {
  undo: 'exact',
  ofAccount: false,
  isDone: (now, before) =>
    now.is === 'gone' ||
    now.image['inRecoverableItems'] === true ||
    (before !== null && now.image['folderId'] !== before['folderId']),
  back(before, after, now) {
    if (now.is === 'gone') return after.is === 'gone' ? 'ours' : 'changed';
    if (now.image['folderId'] === before['folderId']) return 'as before';
    return after.is === 'there' && isSame(now.image, after.image) ? 'ours' : 'changed';
  },
  isBack: (before, now) => now.is === 'there' && isSame(now.image, before),
  words: {
    does: () => 'take the mail out of Sent Items',
    done: 'the mail is out of Sent Items',
    back: 'put the mail back into Sent Items',
    isBack: 'the mail is in Sent Items again, as it was',
  },
};
