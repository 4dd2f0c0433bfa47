import { linesOf, PAGE_LABELS, problemWords } from '../../core/tell/answer.ts';
import { presentDetails } from '../../core/tell/details.ts';
import type { DetailsView } from '../../core/tell/details-view.ts';
import type { Reply } from '../../ports/desk.ts';

/** What the desk answers, in words. Lines are plain text and must be shown literally. */
export type Shown =
  | { readonly kind: 'said'; readonly lines: readonly string[] }
  /** `problem`: empty where nothing is wrong yet. */
  | (Omit<Extract<Reply, { readonly kind: 'reason-needed' }>, 'problem'> & { readonly problem: string })
  | { readonly kind: 'link'; readonly lines: readonly string[]; readonly label: string; readonly url: string }
  | { readonly kind: 'details'; readonly view: DetailsView };

/** The one place where a chat gets words for an answer: whoever reads it in another language would be named here. */
export function inWords(reply: Reply): Shown {
  switch (reply.kind) {
    case 'said':
      return { kind: 'said', lines: linesOf(reply.answer) };
    case 'reason-needed':
      return { ...reply, problem: problemWords(reply.problem) };
    case 'link':
      return { kind: 'link', lines: linesOf(reply.answer), label: PAGE_LABELS[reply.to], url: reply.url };
    case 'details':
      return { kind: 'details', view: presentDetails(reply.page) };
  }
}
