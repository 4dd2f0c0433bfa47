import {
  ACTIONS,
  type Action,
  beginsAtOnce,
  definitionOf,
  isApprovedRemoval,
  isUndo,
  isUndoable,
} from '../action/action.ts';
import type { Asker, TakenAlert } from '../find/alert.ts';
import type { Unread } from '../unread.ts';

export type IncidentState =
  | 'received' // durable; copies are being looked for
  | 'open' // plan made, waiting for approval
  | 'running' // an approved action is being carried out
  | 'flagged' // mailboxes flagged; a purge can still be approved
  | 'contained' // removed at once by policy, waiting for confirmation; rolled back without it
  | 'rehearsed' // a dry run has ended: looked at, nothing touched
  | 'purged'
  | 'restored'
  | 'rejected'
  | 'expired';

export interface Incident {
  readonly tenant: string;
  readonly id: string;
  readonly dedupeKey: string;
  readonly alert: TakenAlert;
  /** How many alerts reported this mail. */
  readonly alerts: number;
  readonly state: IncidentState;
  /** Grows with everything a card shows; a card at a lower revision is out of date. */
  readonly revision: number;
  readonly planDigest: string | null;
  /** Since when a decision has been waited for; null while nothing is being asked. */
  readonly askedAt: string | null;
  /** Last instant at which anything can be decided; null while nothing is being asked. */
  readonly deadline: string | null;
  /** How many escalation steps have been taken of those that the plan's terms name. */
  readonly nudges: number;
  /** When the next one is due; null when there is none. */
  readonly nudgeAt: string | null;
  /** The incident whose approved plan this one's copies were not in; null for one that an alert made. */
  readonly parent: string | null;
  /** Everybody who reported this mail or asked for its removal. */
  readonly askers: readonly Asker[];
  /** Keys of the unsure groups that people took in: their copies are looked for as copies of this mail. */
  readonly takenIn: readonly string[];
  /** What runs of other incidents did to copies that this one speaks of; oldest first. */
  readonly elsewhere: readonly Elsewhere[];
  /** What is stored and what the record says differ, in our words; nothing runs any more. Null while they agree. */
  readonly breach: string | null;
  /** The closed incident about the same mail that this one follows; null for none. */
  readonly previous: string | null;
  /** The run in progress, or the last one. */
  readonly runId: string | null;
  readonly closedBy: string | null;
  readonly reason: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** What of its row could not be read: nothing is decided or begun. */
  readonly unread?: Unread;
}

/** As every incident begins, whatever it is about. */
export const AT_FIRST = {
  alerts: 1,
  state: 'received',
  revision: 1,
  planDigest: null,
  askedAt: null,
  deadline: null,
  nudges: 0,
  nudgeAt: null,
  elsewhere: [],
  breach: null,
  previous: null,
  runId: null,
  closedBy: null,
  reason: null,
} as const satisfies Partial<Incident>;

export interface Elsewhere {
  /** The other incident. */
  readonly incident: string;
  readonly action: Action;
  readonly copies: number;
  /** ISO time. */
  readonly at: string;
  /** They were out already, and a roll-back by time left them out. */
  readonly kept?: boolean;
}

export type Step =
  | 'plan-made'
  | `${Action}-approved`
  | `${Action}-finished`
  | 'rehearsal-finished'
  | 'confirmed'
  // What an approved removal took out is back by a request that came late, and nobody has decided otherwise.
  | `${Action}-once-more`
  | 'rejected'
  | 'expired'
  | 'reopened';

type Steps = Partial<Record<Step, IncidentState>>;

const stepsOf = (suffix: 'approved' | 'once-more', which: (action: Action) => boolean): Steps =>
  Object.fromEntries(ACTIONS.filter(which).map((action) => [`${action}-${suffix}`, 'running']));

/** What an open question can turn into. */
const DECIDABLE: Steps = {
  ...stepsOf('approved', (action) => isUndo(action) || isApprovedRemoval(action)),
  rejected: 'rejected',
  expired: 'expired',
  reopened: 'received',
};
const UNDONE = stepsOf('approved', isUndo);
const FINISHED: Steps = { ...UNDONE, reopened: 'received' };

/** The one table of state changes. What is not listed here cannot happen. */
const TABLE: Readonly<Record<IncidentState, Steps>> = {
  received: { 'plan-made': 'open', rejected: 'rejected' },
  open: { ...DECIDABLE, ...stepsOf('approved', () => true) },
  flagged: DECIDABLE,
  running: {
    ...Object.fromEntries(ACTIONS.map((action) => [`${action}-finished`, endOf(action)])),
    'rehearsal-finished': 'rehearsed',
  },
  // People roll it back as they would undo it; without a confirmation it comes back by itself.
  contained: { ...UNDONE, confirmed: 'purged', expired: 'running' },
  purged: { ...FINISHED, ...stepsOf('once-more', (action) => isApprovedRemoval(action) && isUndoable(action)) },
  restored: FINISHED,
  rejected: FINISHED,
  expired: FINISHED,
  rehearsed: { reopened: 'received' },
};

/** Where an incident is once a run of this action has ended. */
export function endOf(action: Action): IncidentState {
  const { does, begins } = definitionOf(action);
  if (does === 'put back') return 'restored';
  if (does === 'mark') return 'flagged';
  return begins === 'at once' ? 'contained' : 'purged';
}

export const CLOSED: ReadonlySet<IncidentState> = new Set(['rejected', 'expired', 'purged', 'restored', 'rehearsed']);

/** Something can still come of these by itself, or is being done. */
export const NOT_CLOSED: readonly IncidentState[] = (Object.keys(TABLE) as IncidentState[]).filter(
  (state) => !CLOSED.has(state),
);

/** Nobody is waited for any more. */
export function isClosed(state: IncidentState): boolean {
  return CLOSED.has(state);
}

/** The state after `step`, or null where that step is not possible now. */
export function advance(state: IncidentState, step: Step): IncidentState | null {
  return TABLE[state][step] ?? null;
}

/** Whether `action` can be asked for in this state; for one that began at once that is to confirm it. */
export function canRequest(state: IncidentState, action: Action): boolean {
  return advance(state, beginsAtOnce(action) ? 'confirmed' : `${action}-approved`) !== null;
}
