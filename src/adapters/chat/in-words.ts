import { linesOf, PAGE_LABELS, problemWords } from '../../core/tell/answer.ts';
import type { FormWords } from '../../core/tell/button.ts';
import { type ContainFormView, presentContainForm } from '../../core/tell/contain-form.ts';
import { presentDetails } from '../../core/tell/details.ts';
import type { DetailsView } from '../../core/tell/details-view.ts';
import { type FlagFormView, presentFlagForm } from '../../core/tell/flag-view.ts';
import { type FoundView, presentFound } from '../../core/tell/found-view.ts';
import { formFor } from '../../core/tell/read-rights.ts';
import { presentSearchForm, type SearchFormView } from '../../core/tell/search-form.ts';
import type { Reply } from '../../ports/desk.ts';

/** What the desk answers, in words. Lines are plain text and must be shown literally. */
export type Shown =
  | { readonly kind: 'said'; readonly lines: readonly string[] }
  | (Omit<Extract<Reply, { readonly kind: 'form-needed' }>, 'amount' | 'problem'> & {
      readonly form: FormWords;
      /** Empty where nothing is wrong yet. */
      readonly problem: string;
      /** Where it is wrong. */
      readonly field: 'reason' | 'word';
    })
  | { readonly kind: 'link'; readonly lines: readonly string[]; readonly label: string; readonly url: string }
  | { readonly kind: 'details'; readonly view: DetailsView }
  | { readonly kind: 'search-form'; readonly form: SearchFormView }
  | { readonly kind: 'found'; readonly found: FoundView }
  | { readonly kind: 'flag-form'; readonly form: FlagFormView }
  /** Lines, with a button that asks for measures. */
  | { readonly kind: 'people'; readonly lines: readonly string[]; readonly incident: string; readonly digest: string }
  | { readonly kind: 'contain-form'; readonly form: ContainFormView }
  /** As it is: how much of it has room is for each place to say. */
  | Extract<Reply, { readonly kind: 'queue' | 'flags' }>;

/** Of what was found: with their words and buttons they stay below what a message of either chat holds. */
const MOST_FOUND = 6;

/** The one place where a chat gets words for an answer: whoever reads it in another language would be named here. */
export function inWords(reply: Reply): Shown {
  switch (reply.kind) {
    case 'said':
      return { kind: 'said', lines: linesOf(reply.answer) };
    case 'form-needed': {
      const { amount, problem, ...form } = reply;
      const field = problem?.code === 'word-missing' ? 'word' : 'reason';
      return { ...form, form: formFor(form.verb, amount), problem: problemWords(problem), field };
    }
    case 'link':
      return { kind: 'link', lines: linesOf(reply.answer), label: PAGE_LABELS[reply.to], url: reply.url };
    case 'details':
      return { kind: 'details', view: presentDetails(reply.page) };
    case 'queue':
    case 'flags':
      return reply;
    case 'people': {
      const { incident, digest, answer } = reply;
      return { kind: 'people', lines: linesOf(answer), incident, digest };
    }
    case 'contain-form':
      return { kind: 'contain-form', form: presentContainForm(reply.form) };
    case 'flag-form':
      return { kind: 'flag-form', form: presentFlagForm(reply.form) };
    case 'search-form':
      return { kind: 'search-form', form: presentSearchForm(reply.form) };
    case 'found':
      return { kind: 'found', found: presentFound(reply.page, MOST_FOUND) };
  }
}
