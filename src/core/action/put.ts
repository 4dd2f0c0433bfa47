/** Where an action puts copies, and where its undo takes them from: Recoverable Items, or Junk Email. */
export type Put = 'bin' | 'junk';

/** Of a copy that was read: in which of the two it lies. */
export interface Lying {
  /** True when that folder is the mailbox's Recoverable Items: the user cannot see the message any more. */
  readonly inRecoverableItems: boolean;
  /** Whether that folder is Junk Email; `none`: its mailbox has no such folder. Left out where nobody asked. */
  readonly junk?: 'inside' | 'outside' | 'none';
}

/** Whether a copy lies where it was put, so that an undo has it to move. */
export function isWherePut(seen: Lying, put: Put = 'bin'): boolean {
  return put === 'bin' ? seen.inRecoverableItems : seen.junk === 'inside';
}
