import { isSame } from './compare.ts';
import type { MeasureDefinition } from './definition.ts';

/** Nobody signs in with the account any more. One that is synced from on premises is switched on again by the next sync. */
export const disableAccount: MeasureDefinition = {
  undo: 'exact',
  ofAccount: true,
  isDone: (now) => now.is === 'there' && now.image['accountEnabled'] === false,
  back(before, after, now) {
    if (now.is === 'gone' || after.is === 'gone') return 'changed';
    if (now.image['accountEnabled'] === before['accountEnabled']) return 'as before';
    // Whoever was given more rights meanwhile is not let in again by us. Which of them we may look at is none of the account's.
    return isSame(now.image, after.image, ['rolesUnseen']) ? 'ours' : 'changed';
  },
  isBack: (before, now) => now.is === 'there' && now.image['accountEnabled'] === before['accountEnabled'],
  words: {
    does: () => 'disable the account',
    done: 'the account is disabled',
    back: 'enable the account again',
    isBack: 'the account is enabled again',
  },
};
