import type { Alert } from '../core/find/alert.ts';

/** Reads mail files that somebody else has written. */
export interface MailFiles {
  /**
   * What one says of the mail in it, or why it is none, in words that may quote it. `to`: where to look beside the recipients
   * in its headers. Never throws, and takes neither the time nor the memory of whoever asks.
   */
  toAlert(
    bytes: Buffer,
    about: { readonly now: string; readonly to: readonly string[] },
  ): Promise<{ readonly alert: Alert } | { readonly problem: string }>;
}
