import type { ReasonForm } from '../action/definition.ts';
import { isReadRight, type ReadRight } from '../ask/reads.ts';
import { reasonForm } from './button.ts';

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

/** What is asked where this verb needs a reason, whatever it does. */
export function formFor(verb: string): ReasonForm {
  return isReadRight(verb) ? FORMS[verb] : reasonForm(verb);
}
