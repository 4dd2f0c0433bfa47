import type { FoundMessage, MessageState } from '../../src/ports/reader.ts';

/** A copy of the tenant in memory, as a reader answers it. */

export const RECOVERABLE = 'recoverable';

type Kept = Omit<FoundMessage, 'isDraft' | 'inSentItems'>;

export function toState(copy: Kept): MessageState {
  const { internetMessageId, sender, folderId, isRead, flag, categories } = copy;
  return {
    internetMessageId,
    sender,
    folderId,
    isRead,
    flag,
    categories,
    inRecoverableItems: folderId === RECOVERABLE,
  };
}

export function toFound(copy: Kept): FoundMessage {
  return {
    message: copy.message,
    internetMessageId: copy.internetMessageId,
    sender: copy.sender,
    subject: copy.subject,
    networkMessageId: copy.networkMessageId,
    isDraft: false,
    inSentItems: false,
    folderId: copy.folderId,
    receivedAt: copy.receivedAt,
    isRead: copy.isRead,
    flag: copy.flag,
    categories: copy.categories,
    ...(copy.origin ? { origin: copy.origin } : {}),
    ...(copy.isInvitation ? { isInvitation: true } : {}),
  };
}
