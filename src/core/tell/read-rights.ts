import type { ReasonForm } from '../action/definition.ts';
import { isReadRight, type ReadRight } from '../ask/reads.ts';
import { type FormWords, formWords } from './button.ts';
import type { Amount } from './effect.ts';
import { MEASURE_VERBS, measureForm } from './measure-buttons.ts';

/** What people may read beyond cards and lists, where the policy gives them the right to: its buttons stand in the mailbox list. */

const FORMS: Readonly<Record<ReadRight, ReasonForm>> = {
  export: {
    title: 'Why?',
    send: 'Take the list along',
    purpose: 'Taking the list of mailboxes along needs a reason.',
    question: 'What is the list for?',
    isFinal: false,
  },
  excerpt: {
    title: 'Why?',
    send: 'Show the excerpt',
    purpose: 'ReadRight an excerpt of the mail needs a reason.',
    question: 'Why do you have to read it?',
    isFinal: false,
  },
};

/** What comes of it. */
const EFFECTS: Readonly<Record<ReadRight, string>> = {
  export: 'You get the list as a file, on a page that you sign in to. The record says that you took it, and why.',
  excerpt: 'You see how the text of one copy begins, without its links. The record says that you read it, and why.',
};

/** The form that a press of this verb may lead to, whatever it does. */
export function formFor(verb: string, amount: Amount): FormWords {
  if (MEASURE_VERBS.has(verb)) return measureForm(verb, amount);
  return isReadRight(verb) ? { ...FORMS[verb], effect: EFFECTS[verb] } : formWords(verb, amount);
}
