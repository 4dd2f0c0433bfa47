import type { ListFormat } from './list-file.ts';

/** What becomes of a file that is sent to one person in a chat. */

/** Why it certainly did not get there. */
export type NotSent =
  /** Clawback's app may not send files to people. */
  | 'not allowed'
  /** Nobody may, or there is no room for it. */
  | 'files off'
  | 'too large'
  /** There are no messages between this person and Clawback. */
  | 'no messages'
  /** It might be taken in a minute. */
  | 'not now'
  | 'failed';

export type Sent =
  | { readonly is: 'sent' }
  /** `detail`: what the chat said. */
  | { readonly is: 'not sent'; readonly why: NotSent; readonly detail: string }
  /** It was handed over, and the answer did not come. Sent once more it could be there twice. */
  | { readonly is: 'not known'; readonly detail: string };

export const NOT_SENT_WORDS: Readonly<Record<NotSent, (chat: string) => string>> = {
  'not allowed': (chat) => `${chat} does not let Clawback send files to people. Whoever runs Clawback can allow it.`,
  'files off': (chat) => `${chat} takes no files of this kind from anybody in this workspace.`,
  'too large': (chat) => `The file is larger than ${chat} takes.`,
  'no messages': (chat) => `${chat} has no messages between you and Clawback to put it in.`,
  'not now': (chat) => `${chat} did not take it this moment.`,
  failed: (chat) => `${chat} refused it.`,
};

/** On the buttons that hand a list out on the page. */
export const TAKE_LABELS: Readonly<Record<ListFormat, string>> = { csv: 'Take it as CSV', json: 'Take it as JSON' };

/** On the button that sends it. */
export function sendLabel(format: ListFormat, chat: string): string {
  return `Send it to me in ${chat} as ${format.toUpperCase()}`;
}
