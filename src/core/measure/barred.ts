import { MEASURES } from './kinds.ts';
import type { MeasureKind } from './measure.ts';

/** What is never done, whoever asks for it: looked at before anybody is asked, and again right before it would be done. */

export const BARS = [
  /** Nobody of this id is known to the directory. */
  'unknown-account',
  'break-glass',
  'privileged',
  /** Whether it is privileged cannot be found out. */
  'roles-unknown',
  /** In a set of mailboxes that is never touched. */
  'protected',
  /** No rule of the policy allows it. */
  'policy',
  /** It is not switched on for this tenant. */
  'not-on',
] as const;
export type Bar = (typeof BARS)[number];

/** An account as it was seen. */
export interface AccountSeen {
  /** False: the directory has none. */
  readonly known: boolean;
  /** Null where that cannot be told. */
  readonly privileged: boolean | null;
  /** Names of the roles that make it so: in force, or to be switched on. */
  readonly roles: readonly string[];
  /** Kept in step with a directory on premises, which switches it on again; null where that cannot be told. */
  readonly synced: boolean | null;
  /** Why it cannot be told: the permission that is missing; empty for no reason. */
  readonly missing: string;
  /** The permission without which roles to switch on, and those of a part of the directory, were not looked at; empty: they were. */
  readonly unseen: string;
}

/** Null where nothing about the account bars it. */
export function barOf(kind: MeasureKind, account: AccountSeen, isBreakGlass: boolean): Bar | null {
  if (isBreakGlass) return 'break-glass';
  if (!account.known) return 'unknown-account';
  if (account.privileged === true) return 'privileged';
  // What is done to the account itself is not tried where it may turn out to be an administrator's.
  return account.privileged === null && MEASURES[kind].ofAccount ? 'roles-unknown' : null;
}
