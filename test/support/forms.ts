import { inWords, type Shown } from '../../src/adapters/chat/in-words.ts';
import type { FormProblem } from '../../src/core/tell/answer.ts';
import type { Reply } from '../../src/ports/desk.ts';

/** The form that a press may be answered with, as the desk asks for it and as a chat shows it. */

type Needed = Extract<Reply, { readonly kind: 'form-needed' }>;
type Form = Extract<Shown, { readonly kind: 'form-needed' }>;

/** `hard-purge` asks for the word, everything else for a reason. */
export function formReply(verb: string, change: Partial<Needed> = {}): Needed {
  const word = verb === 'hard-purge';
  return {
    kind: 'form-needed',
    incident: 'CB-7F3K2M',
    digest: '',
    verb,
    asks: { reason: !word, word },
    amount: { copies: 12, mailboxes: 11, mode: 'live' },
    problem: null,
    ...change,
  };
}

export function formShown(verb: string, change: Partial<Form> = {}): Form {
  const shown = inWords(formReply(verb));
  if (shown.kind !== 'form-needed') throw new Error('a form is shown as a form');
  return { ...shown, ...change };
}

export const REASON_MISSING: FormProblem = { code: 'reason-missing', verb: 'reject' };

/** What people type into the form that a press of this verb leads to. */
export function typedFor(verb: string): { readonly word?: string } {
  return verb === 'hard-purge' ? { word: 'DELETE' } : {};
}
