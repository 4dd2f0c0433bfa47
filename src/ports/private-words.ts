import type { Platform } from './rooms.ts';

/** A few words for one person, in a chat where nobody else sees them. */
export interface PrivateWords {
  readonly platform: Platform;
  /**
   * One attempt. The lines are plain text and have to be shown literally; `title`: what stands where a chat shows only the
   * beginning, left out for a mail that was reported. Never throws for what the chat or the network answers.
   */
  send(account: string, lines: readonly string[], title?: string): Promise<SentWords>;
}

export type SentWords =
  | { readonly is: 'sent' }
  /** It certainly did not get there. `againMs`: how soon it may be taken; null where another try changes nothing. `why`: for people. */
  | { readonly is: 'not sent'; readonly why: string; readonly againMs: number | null }
  /** It was handed over, and the answer did not come. Sent once more it could be there twice. */
  | { readonly is: 'not known'; readonly why: string };
