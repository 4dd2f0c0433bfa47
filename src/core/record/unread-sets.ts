import type { Situation } from '../incident/incident.ts';
import { inertOr, shortTime } from '../text.ts';
import type { Recorded } from './ledger.ts';

/** A set of mailboxes that the policy names and that cannot be read in full: everything waits for it, and says so. */

export interface UnreadSet {
  /** When it was met first, ISO time. */
  readonly at: string;
  /** As people call it: `the protected set “board”`. */
  readonly set: string;
  readonly why: string;
}

/** What the newest entry says, null where all sets could be read; `before` for entries of other kinds. */
export function unreadSetIn(entry: Recorded, before: UnreadSet | null): UnreadSet | null {
  if (entry.type !== 'sets.checked') return before;
  const { at, outcome, detail } = entry;
  return outcome === 'readable' ? null : { at, set: detail.set ?? '', why: detail.why ?? '' };
}

/** Nothing is looked for any more once people, or time, closed it and nothing was done. */
const OVER: readonly Situation[] = ['rejected', 'expired', 'rehearsed'];

export function unreadSetLines(unread: UnreadSet | null, situation: Situation): readonly string[] {
  if (!unread || OVER.includes(situation)) return [];
  const set = inertOr(unread.set, 'a set of mailboxes', 80);
  return [
    `Nothing is looked for or removed since ${shortTime(unread.at)}: ${set} of the policy cannot be read in full (${inertOr(unread.why, 'no reason given', 110)}). It is tried again by itself; “clawback doctor” says what to mend.`,
  ];
}
