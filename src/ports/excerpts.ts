import type { Target } from '../core/find/plan.ts';
import type { MailText } from '../core/tell/excerpt.ts';

/**
 * Reads what one copy says, for the few who have the right to see how it begins. Apart from the reader of mailboxes, so that
 * only what shows excerpts has a way to the text of a mail. Never throws for what the service answers.
 */
export interface Excerpts {
  /** `detail`: why it could not be read, in the words of the service or ours. */
  text(
    target: Target,
  ): Promise<
    | { readonly status: 'ok'; readonly text: MailText; readonly requestId: string }
    | { readonly status: 'not read'; readonly detail: string; readonly requestId: string }
  >;
}
