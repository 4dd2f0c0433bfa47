import type { AskWords } from '../action/definition.ts';
import type { Verb } from '../ask/policy.ts';

/** What people read where they are asked something that is not carried out copy by copy. */
export const VERB_WORDS: Readonly<Record<Verb, AskWords>> = {
  reject: {
    button: 'Not malicious',
    style: 'plain',
    needs: 'reason',
    tooltip: '',
    effect: () => 'Closes this as not malicious. Nothing is removed.',
    confirmation: null,
    reason: {
      title: 'Not malicious',
      send: 'Close as not malicious',
      purpose: 'Closing this as not malicious needs a reason.',
      question: 'Why is this mail not malicious?',
      isFinal: false,
    },
    voted: 'called it not malicious',
  },
  reopen: {
    button: 'Look again',
    style: 'plain',
    needs: 'press',
    tooltip: '',
    effect: () => 'Looks for copies again and makes a new list: approvals given so far are void.',
    confirmation: null,
    reason: {
      title: 'Why?',
      send: 'Look again',
      purpose: 'Looking again needs a reason.',
      question: 'Why shall Clawback look again?',
      isFinal: false,
    },
    voted: 'asked to look again',
  },
  'take-in': {
    button: 'Take in',
    style: 'plain',
    needs: 'press',
    tooltip: 'A new list with these copies, and a new approval',
    effect: () => 'Makes a new list with these copies, which needs an approval of its own.',
    confirmation: null,
    reason: {
      title: 'Why?',
      send: 'Take in',
      purpose: 'Taking these copies in needs a reason.',
      question: 'Why are these copies of the mail?',
      isFinal: false,
    },
    voted: 'asked to take unsure copies in',
  },
  cancel: {
    button: 'Cancel',
    style: 'plain',
    needs: 'press',
    tooltip: 'What is not begun yet is left alone',
    effect: () => 'What was begun is finished; every other copy stays where it is. Nothing that was done is undone.',
    confirmation: {
      title: 'Cancel what is under way?',
      yes: 'Cancel what is under way',
      no: 'Go on',
    },
    reason: {
      title: 'Why?',
      send: 'Cancel it',
      purpose: 'Cancelling what is under way needs a reason.',
      question: 'Why shall it end early?',
      isFinal: false,
    },
    voted: 'asked to cancel',
  },
};
