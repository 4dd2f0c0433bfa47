import type { MessageKey } from './alert.ts';

/** What a mailbox search brought back, before anyone believes it is the reported mail. */
export interface Candidate {
  readonly message: string;
  readonly internetMessageId: string | null;
  readonly sender: string | null;
  readonly subject: string | null;
  /** When the mail service received it, ISO time. */
  readonly receivedAt: string | null;
  /** From the message's own headers; null when it was not asked for or is not there. */
  readonly networkMessageId: string | null;
  readonly isDraft: boolean;
  readonly inSentItems: boolean;
}

export type Match = { readonly is: 'copy' } | { readonly is: 'other' | 'unsure'; readonly why: string };

/**
 * The Message-ID is the attacker's to choose: a reused one must not widen the search. A copy equals the key in every
 * part that is known, and in at least two of them.
 */
export function match(key: MessageKey, found: Candidate): Match {
  if (found.isDraft) return { is: 'other', why: 'a draft' };
  if (found.inSentItems) return { is: 'other', why: 'the sender’s own copy in Sent Items' };
  if (key.internetMessageId !== null && found.internetMessageId !== key.internetMessageId) {
    return { is: 'other', why: 'another Message-ID' };
  }
  if (key.sender !== null && found.sender?.toLowerCase() !== key.sender) {
    return { is: 'other', why: 'same Message-ID, another sender' };
  }
  const networkId = found.networkMessageId?.toLowerCase() ?? null;
  if (key.networkMessageId !== null && networkId !== null && networkId !== key.networkMessageId) {
    return { is: 'other', why: 'same Message-ID, another delivery' };
  }
  const agreeing = [
    key.internetMessageId !== null,
    key.sender !== null,
    key.networkMessageId !== null && networkId === key.networkMessageId,
  ].filter(Boolean).length;
  return agreeing >= 2 ? { is: 'copy' } : { is: 'unsure', why: 'only one fact to recognise it by' };
}
