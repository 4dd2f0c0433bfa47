import { inertOr } from '../text.ts';
import { isSame } from './compare.ts';
import type { MeasureDefinition } from './definition.ts';

/** An inbox rule is switched off and never deleted: one that is made anew has another id, and hidden ones cannot be made at all. */
export const ruleOff: MeasureDefinition = {
  undo: 'exact',
  ofAccount: false,
  isDone: (now) => now.is === 'there' && now.image['isEnabled'] === false,
  back(before, after, now) {
    if (now.is === 'gone' || after.is === 'gone') return 'changed';
    // The service works `hasError` out itself.
    if (isSame(now.image, before, ['hasError'])) return 'as before';
    return isSame(now.image, after.image, ['hasError']) ? 'ours' : 'changed';
  },
  isBack: (before, now) => now.is === 'there' && isSame(now.image, before, ['hasError']),
  words: {
    does: ({ name }) => `switch the inbox rule \u201c${inertOr(name, 'without a name', 80)}\u201d off`,
    done: 'the rule is off',
    back: 'switch the rule on again',
    isBack: 'the rule is on again, as it was',
  },
};
