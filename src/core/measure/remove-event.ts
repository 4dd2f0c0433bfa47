import type { MeasureDefinition } from './definition.ts';

/** The calendar entry that an invitation made. It is found through the mail, so that it goes before the mail does. */
export const removeEvent: MeasureDefinition = {
  undo: 'none',
  ofAccount: false,
  isDone: (now) => now.is === 'gone',
  back: () => 'changed',
  isBack: () => false,
  words: {
    does: () => 'remove the calendar entry that the invitation made',
    done: 'the calendar entry is gone',
    back: 'A calendar entry that was removed cannot be put back by Clawback.',
    isBack: '',
  },
};
