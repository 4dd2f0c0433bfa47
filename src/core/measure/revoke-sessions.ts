import { instantOf } from '../instant.ts';
import type { MeasureDefinition } from './definition.ts';

/** Everybody who is signed in with the account has to sign in again. */
export const revokeSessions: MeasureDefinition = {
  undo: 'none',
  ofAccount: true,
  isDone(now, before) {
    if (now.is === 'gone' || before === null) return false;
    const since = now.image['signInSessionsValidFromDateTime'];
    const earlier = before['signInSessionsValidFromDateTime'];
    if (typeof since !== 'string') return false;
    return typeof earlier !== 'string' || instantOf(since) > instantOf(earlier);
  },
  back: () => 'changed',
  isBack: () => false,
  words: {
    does: () => 'end all sessions: whoever is signed in has to sign in again',
    done: 'all earlier sessions are ended',
    back: 'There is nothing to put back: people sign in again.',
    isBack: '',
  },
};
