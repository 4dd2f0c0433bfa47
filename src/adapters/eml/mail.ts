import { ClawbackError } from '../../core/error.ts';
import type { Alert } from '../../core/find/alert.ts';
import type { Header } from './headers.ts';

/** What a file says of one mail, whatever program has written it. Nothing is cut yet. */
export interface Mail {
  /** As they stand there; none where the file keeps none. */
  readonly headers: readonly Header[];
  readonly sender: string | null;
  readonly senderName: string | null;
  readonly internetMessageId: string | null;
  readonly networkMessageId: string | null;
  readonly subject: string | null;
  readonly urls: readonly string[];
  /** Names of files. */
  readonly attachments: readonly string[];
  /** The same with what is in them; none where the file cannot tell. */
  readonly files: NonNullable<Alert['evidence']>['files'];
  readonly recipients: readonly string[];
  readonly replyTo: string | null;
  /** Mails attached to this one, as files; those within them are theirs. */
  readonly inner: readonly Buffer[];
  /** Written by a mail server about a mail that it could not deliver. */
  readonly bounce: boolean;
  readonly findings: readonly string[];
}

export function unreadable(message: string, cause?: unknown): ClawbackError {
  return new ClawbackError('invalid', message, { field: 'file', ...(cause === undefined ? {} : { cause }) });
}

/** Well formed, and null where nothing is left. */
export function clean(text: string | null | undefined): string | null {
  return text?.toWellFormed().trim() || null;
}
