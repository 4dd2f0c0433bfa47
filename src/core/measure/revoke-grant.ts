import { inertOr } from '../text.ts';
import { isSame } from './compare.ts';
import type { MeasureDefinition } from './definition.ts';

/** A consent to an app is taken back. What is put back gives the same rights, under an id of its own. */
export const revokeGrant: MeasureDefinition = {
  undo: 'in effect',
  ofAccount: false,
  isDone: (now) => now.is === 'gone',
  back(before, _after, now) {
    if (now.is === 'gone') return 'ours';
    return isSame(now.image, before, ['id']) ? 'as before' : 'changed';
  },
  isBack: (before, now) => now.is === 'there' && isSame(now.image, before, ['id']),
  words: {
    does: ({ name }) => `take back the consent to the app \u201c${inertOr(name, 'without a name', 80)}\u201d`,
    done: 'the consent is gone',
    back: 'give the app the same rights again',
    isBack: 'the app has the same rights again, under another id',
  },
};
