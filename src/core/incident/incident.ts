import {
  ACTIONS,
  type Action,
  beginsAtOnce,
  definitionOf,
  isApprovedRemoval,
  isUndo,
  isUndoable,
  setsAside,
} from '../action/action.ts';
import type { Mode } from '../ask/rule.ts';
import type { Asker, TakenAlert } from '../find/alert.ts';
import type { Unread } from '../unread.ts';

/** As it is stored: how far the question has come, whatever was asked for. What was done about it, its runs say. */
export type IncidentState =
  | 'received' // durable; copies are being looked for
  | 'open' // there is a list, and a decision about it is waited for
  | 'running' // an action is being carried out
  | 'settled' // it has been carried out, and nobody is waited for
  | 'closed'; // decided against, or nobody decided in time

/** The last run about an incident's list. */
export interface LastRun {
  readonly action: Action;
  readonly mode: Mode;
  readonly planDigest: string;
}

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
  /** The first incident of the campaign that it is shown with; null where it is shown by itself. Nothing is decided by it. */
  readonly campaign: string | null;
  /** How many people are known to have followed its link: the most that a look at them, or the search that it came from, saw. */
  readonly clicked: number;
  /** The run in progress, or the last one. */
  readonly runId: string | null;
  /** What that run does or did; read from the run itself, never stored beside it. */
  readonly lastRun: LastRun | null;
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
  campaign: null,
  clicked: 0,
  runId: null,
  lastRun: null,
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

/** Where a case stands: its state together with what its last run did about the list that is asked about. */
export type Situation =
  | Extract<IncidentState, 'received' | 'open' | 'running'>
  | 'flagged' // open: mailboxes flagged; a purge can still be approved
  | 'contained' // open: removed at once by policy, waiting for confirmation; rolled back without it
  | 'rehearsed' // settled: a dry run has ended; looked at, nothing touched
  | 'purged' // settled: taken out
  | 'junked' // settled: in Junk Email, where people still see it
  | 'restored' // settled: put back
  | 'rejected' // closed: people called it not malicious
  | 'expired'; // closed: nobody decided in time

const STATE_OF: Readonly<Record<Situation, IncidentState>> = {
  received: 'received',
  open: 'open',
  flagged: 'open',
  contained: 'open',
  running: 'running',
  rehearsed: 'settled',
  purged: 'settled',
  junked: 'settled',
  restored: 'settled',
  rejected: 'closed',
  expired: 'closed',
};

/** As much of an incident as shows where it stands. */
export type Situated = Pick<Incident, 'state' | 'planDigest' | 'lastRun' | 'closedBy'>;

export function situationOf({ state, planDigest, lastRun, closedBy }: Situated): Situation {
  if (state === 'closed') return closedBy === null ? 'expired' : 'rejected';
  if (state !== 'open' && state !== 'settled') return state;
  // What was done about an earlier list is no answer to the question that this one asks.
  const done = lastRun?.planDigest === planDigest ? lastRun : null;
  const end = done && (done.mode === 'dry-run' ? 'rehearsed' : endOf(done.action));
  if (state === 'settled') return end === 'restored' || end === 'rehearsed' || end === 'junked' ? end : 'purged';
  return end === 'flagged' || end === 'contained' ? end : 'open';
}

/** As it is stored. */
export function stateOf(situation: Situation): IncidentState {
  return STATE_OF[situation];
}

type Steps = Partial<Record<Step, Situation>>;

const stepsOf = (suffix: 'approved' | 'once-more', which: (action: Action) => boolean): Steps =>
  Object.fromEntries(ACTIONS.filter(which).map((action) => [`${action}-${suffix}`, 'running']));

/** What an open question can turn into. */
const DECIDABLE: Steps = {
  ...stepsOf('approved', (action) => isUndo(action) || isApprovedRemoval(action) || setsAside(action)),
  rejected: 'rejected',
  expired: 'expired',
  reopened: 'received',
};
const UNDONE = stepsOf('approved', isUndo);
const FINISHED: Steps = { ...UNDONE, reopened: 'received' };

/** The one table of what can follow. What is not listed here cannot happen. */
const TABLE: Readonly<Record<Situation, Steps>> = {
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
  // Taken out of there, too, it is by another list: this one says where the copies were before.
  junked: FINISHED,
  restored: FINISHED,
  rejected: FINISHED,
  expired: FINISHED,
  rehearsed: { reopened: 'received' },
};

/** Where a case stands once a run of this action has ended. */
export function endOf(action: Action): Situation {
  const { does, begins } = definitionOf(action);
  if (does === 'put back' || does === 'give back') return 'restored';
  if (does === 'mark') return 'flagged';
  if (does === 'set aside') return 'junked';
  return begins === 'at once' ? 'contained' : 'purged';
}

/** Nobody is waited for any more. */
export const CLOSED: readonly IncidentState[] = ['settled', 'closed'];

/** Something can still come of these by itself, or is being done. */
export const NOT_CLOSED: readonly IncidentState[] = ['received', 'open', 'running'];

export function isClosed(state: IncidentState): boolean {
  return CLOSED.includes(state);
}

/** What follows on `step`, or null where that is not possible now. */
export function follows(situation: Situation, step: Step): Situation | null {
  return TABLE[situation][step] ?? null;
}

/** The same, as it is stored. */
export function advance(situation: Situation, step: Step): IncidentState | null {
  const next = follows(situation, step);
  return next && STATE_OF[next];
}

/** Whether `action` can be asked for now; for one that began at once that is to confirm it. */
export function canRequest(situation: Situation, action: Action): boolean {
  return follows(situation, beginsAtOnce(action) ? 'confirmed' : `${action}-approved`) !== null;
}
