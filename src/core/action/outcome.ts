/** What was SEEN of one copy after an action, never what was merely asked for. */
export const OUTCOMES = [
  'removed',
  'destroyed',
  'junked',
  'flagged',
  'restored',
  'restoredChanged',
  'alreadyGone',
  'alreadyJunk',
  'movedByUser',
  'stillThere',
  'notAllowed',
  'noMailbox',
  'vanished',
  'unreachable',
  'restoredElsewhere',
  'shielded',
  'cancelled',
  'rehearsed',
  'failed',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What was seen where no reader comes across it. */
export const SEEN_GONE: readonly Outcome[] = ['removed', 'destroyed', 'alreadyGone'];
/** What was seen in Junk Email. */
export const SEEN_IN_JUNK: readonly Outcome[] = ['junked', 'alreadyJunk'];
/** What was seen in a mailbox again. */
export const SEEN_BACK: readonly Outcome[] = ['restored', 'restoredChanged', 'restoredElsewhere'];

export type OutcomeCounts = Readonly<Record<Outcome, number>>;

export function noOutcomes(): Record<Outcome, number> {
  return {
    removed: 0,
    destroyed: 0,
    junked: 0,
    flagged: 0,
    restored: 0,
    restoredChanged: 0,
    alreadyGone: 0,
    alreadyJunk: 0,
    movedByUser: 0,
    stillThere: 0,
    notAllowed: 0,
    noMailbox: 0,
    vanished: 0,
    unreachable: 0,
    restoredElsewhere: 0,
    shielded: 0,
    cancelled: 0,
    rehearsed: 0,
    failed: 0,
  };
}

/** Mailboxes behind one outcome that people have to think about: the first of them, and how many there are. */
export interface Troubled {
  readonly outcome: Outcome;
  readonly addresses: readonly string[];
  readonly mailboxes: number;
}

/** The words people read. "Removed" stands only for copies that were looked for again and seen gone. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  removed: 'Removed, seen gone',
  destroyed: 'Deleted for good, seen gone',
  junked: 'In Junk Email, seen there',
  flagged: 'Flagged',
  restored: 'Restored, seen back',
  restoredChanged: 'Restored, later changes kept',
  alreadyGone: 'Already gone',
  alreadyJunk: 'Was in Junk Email already',
  movedByUser: 'Moved by the user',
  stillThere: 'Still there',
  notAllowed: 'Not allowed',
  noMailbox: 'Mailbox not found any more',
  vanished: 'Gone without us',
  unreachable: 'Mailbox not reachable this way',
  restoredElsewhere: 'Restored, not in its old place',
  shielded: 'Protected, left alone',
  cancelled: 'Cancelled, left alone',
  rehearsed: 'Dry run, would be done',
  failed: 'Failed',
};
