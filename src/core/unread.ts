import { ClawbackError } from './error.ts';

/** A part of a stored row that is not there as this version knows it, and what stands in its place here decides nothing. */
export interface Unread {
  /** Which, of whom and why, for people. */
  readonly what: string;
  /** A newer version of Clawback wrote it. */
  readonly newer: boolean;
}

/** What differs, in our words; null for nothing. Throws ClawbackError 'unavailable' where it is left to a newer version. */
export function unreadBreach(unread: Unread | null | undefined): string | null {
  if (!unread) return null;
  if (unread.newer) throw new ClawbackError('unavailable', `${unread.what}: left for a newer version of Clawback`);
  return unread.what;
}
