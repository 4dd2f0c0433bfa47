import { instantOf, isoOf } from '../instant.ts';
import { storable } from '../text.ts';
import type { Hit } from './found.ts';

/**
 * A delivery as a service named it, in the form in which it can be kept, hashed and asked about: texts hold no half characters,
 * and an id that nothing can be asked by is none. What a sender chose for a Message-ID is the sender's, not ours to repair.
 */
export function soundHit(hit: Hit): Hit {
  const at = instantOf(hit.at);
  return {
    recipient: storable(hit.recipient),
    recipientId: idIn(hit.recipientId),
    networkMessageId: idIn(hit.networkMessageId),
    likelyId: idIn(hit.likelyId),
    internetMessageId: idIn(hit.internetMessageId),
    sender: textIn(hit.sender),
    subject: textIn(hit.subject),
    at: Number.isNaN(at) ? null : isoOf(at),
    where: textIn(hit.where),
  };
}

const textIn = (text: string | null) => (text === null ? null : storable(text));

function idIn(id: string | null): string | null {
  return id === null || id.trim() === '' || !isAskable(id) ? null : id;
}

/** Whether a service can be asked by this text: no query language has a sign for these. */
export function isAskable(text: string): boolean {
  return !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text);
}
