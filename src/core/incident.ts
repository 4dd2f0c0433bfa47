import type { Alert } from './alert.ts';

/** What analysts can have done. `restore` is the undo of a finished purge. */
export const ACTIONS = ['purge', 'flag', 'restore'] as const;
export type Action = (typeof ACTIONS)[number];

export type IncidentState =
  | 'received' // durable; copies are being looked for
  | 'open' // plan made, waiting for approval
  | 'running' // an approved action is being carried out
  | 'flagged' // mailboxes flagged; a purge can still be approved
  | 'purged'
  | 'restored'
  | 'rejected'
  | 'expired';

export interface Incident {
  readonly tenant: string;
  readonly id: string;
  readonly dedupeKey: string;
  readonly alert: Alert;
  /** How many alerts reported this mail. */
  readonly alerts: number;
  readonly state: IncidentState;
  /** Grows with everything a card shows; a card at a lower revision is out of date. */
  readonly revision: number;
  readonly planDigest: string | null;
  /** Last instant at which an approval counts; null while nothing is being asked. */
  readonly deadline: string | null;
  /** The run in progress, or the last one. */
  readonly runId: string | null;
  readonly closedBy: string | null;
  readonly reason: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type Step =
  | 'plan-made'
  | 'purge-approved'
  | 'flag-approved'
  | 'restore-approved'
  | 'purge-finished'
  | 'flag-finished'
  | 'restore-finished'
  | 'rejected'
  | 'expired'
  | 'reopened';

/** The one table of state changes. What is not listed here cannot happen. */
const TABLE: Readonly<Record<IncidentState, Partial<Record<Step, IncidentState>>>> = {
  received: { 'plan-made': 'open', rejected: 'rejected' },
  open: {
    'purge-approved': 'running',
    'flag-approved': 'running',
    'restore-approved': 'running',
    rejected: 'rejected',
    expired: 'expired',
    reopened: 'received',
  },
  running: { 'purge-finished': 'purged', 'flag-finished': 'flagged', 'restore-finished': 'restored' },
  flagged: {
    'purge-approved': 'running',
    'restore-approved': 'running',
    rejected: 'rejected',
    expired: 'expired',
    reopened: 'received',
  },
  purged: { 'restore-approved': 'running', reopened: 'received' },
  restored: { 'restore-approved': 'running', reopened: 'received' },
  rejected: { 'restore-approved': 'running', reopened: 'received' },
  expired: { 'restore-approved': 'running', reopened: 'received' },
};

/** The state after `step`, or null where that step is not possible now. */
export function advance(state: IncidentState, step: Step): IncidentState | null {
  return TABLE[state][step] ?? null;
}

/** Whether `action` can be asked for in this state. */
export function canRequest(state: IncidentState, action: Action): boolean {
  return advance(state, `${action}-approved`) !== null;
}
