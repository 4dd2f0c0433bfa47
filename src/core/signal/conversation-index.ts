/**
 * PidTagConversationIndex, MS-OXOMSG 2.2.1.3 and learn.microsoft.com/office/client-developer/outlook/mapi/tracking-conversations: 22
 * bytes for the thread (one reserved, five of time, sixteen of a GUID), then five for each answer. Exchange and Outlook hand it on as
 * Thread-Index or Conversation-Index, in base64.
 */
export interface ConversationIndex {
  /** 44 hex digits. */
  readonly root: string;
  /** All of it in hex. */
  readonly bytes: string;
  readonly replies: number;
}

const ROOT_BYTES = 22;
const REPLY_BYTES = 5;
/** A thread of some hundred answers; nothing longer is read. */
const LONGEST = 4_000;
const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Null for what is none. */
export function readConversationIndex(base64: string): ConversationIndex | null {
  if (base64.length > LONGEST) return null;
  const text = base64.replace(/\s+/g, '').replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(text)) return null;
  const bytes = hexOf(text);
  const length = bytes.length / 2;
  if (length < ROOT_BYTES || (length - ROOT_BYTES) % REPLY_BYTES !== 0) return null;
  return { root: bytes.slice(0, ROOT_BYTES * 2), bytes, replies: (length - ROOT_BYTES) / REPLY_BYTES };
}

/** Whole bytes only: what is left over is filling. */
function hexOf(text: string): string {
  const bits = Array.from(text, (sign) => SIGNS.indexOf(sign).toString(2).padStart(6, '0')).join('');
  return (bits.match(/[01]{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2).toString(16).padStart(2, '0')).join('');
}
