import type { Asker, TakenAlert } from './alert.ts';
import type { PolicyAction } from './condition.ts';
import type { Verb } from './policy.ts';

/**
 * What analysts can have done. `restore` is the undo of a finished purge; `contain` removes like a purge, before it is
 * approved, and is confirmed or rolled back afterwards.
 */
export const ACTIONS = ['purge', 'hard-purge', 'flag', 'contain', 'restore'] as const;
export type Action = (typeof ACTIONS)[number];

/** What people are asked: to have an action carried out, or to move the case. */
export type Ask = Action | Verb;

export function isAction(ask: Ask): ask is Action {
  return (ACTIONS as readonly string[]).includes(ask);
}

/** The policy's word for an action. */
export function policyActionOf(action: Action): PolicyAction {
  return action === 'restore' ? 'undo' : action;
}

/** How the record calls what was voted for. */
export function wordOf(ask: Ask): string {
  return isAction(ask) ? policyActionOf(ask) : ask;
}

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
}

export type Step =
  | 'plan-made'
  | 'purge-approved'
  | 'hard-purge-approved'
  | 'flag-approved'
  | 'contain-approved'
  | 'restore-approved'
  | 'purge-finished'
  | 'hard-purge-finished'
  | 'flag-finished'
  | 'contain-finished'
  | 'restore-finished'
  | 'rehearsal-finished'
  | 'confirmed'
  | 'rejected'
  | 'expired'
  | 'reopened';

/** What an open question can turn into. */
const DECIDABLE = {
  'purge-approved': 'running',
  'hard-purge-approved': 'running',
  'restore-approved': 'running',
  rejected: 'rejected',
  expired: 'expired',
  reopened: 'received',
} as const;
const FINISHED = { 'restore-approved': 'running', reopened: 'received' } as const;

/** The one table of state changes. What is not listed here cannot happen. */
const TABLE: Readonly<Record<IncidentState, Partial<Record<Step, IncidentState>>>> = {
  received: { 'plan-made': 'open', rejected: 'rejected' },
  open: { ...DECIDABLE, 'flag-approved': 'running', 'contain-approved': 'running' },
  flagged: DECIDABLE,
  running: {
    'purge-finished': 'purged',
    'hard-purge-finished': 'purged',
    'flag-finished': 'flagged',
    'contain-finished': 'contained',
    'restore-finished': 'restored',
    'rehearsal-finished': 'rehearsed',
  },
  // People roll it back as they would undo it; without a confirmation it comes back by itself.
  contained: { confirmed: 'purged', expired: 'running', 'restore-approved': 'running' },
  purged: FINISHED,
  restored: FINISHED,
  rejected: FINISHED,
  expired: FINISHED,
  rehearsed: { reopened: 'received' },
};

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

/** Whether `action` can be asked for in this state; for `contain` that is to confirm it. */
export function canRequest(state: IncidentState, action: Action): boolean {
  return advance(state, action === 'contain' ? 'confirmed' : `${action}-approved`) !== null;
}
