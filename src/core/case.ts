import { type Action, advance, canRequest, type Incident } from './incident.ts';
import { noOutcomes, type Outcome, type OutcomeCounts } from './outcome.ts';
import { notAskedYet, type Plan } from './plan.ts';
import { type Policy, tally, type Vote } from './policy.ts';

/** A case with everything known of it, and what follows from that. */

export interface RunFacts {
  readonly id: string;
  readonly action: Action;
  readonly planDigest: string;
  readonly state: 'running' | 'finished';
  /** ISO time. */
  readonly startedAt: string;
  readonly total: number;
  readonly open: number;
  /** Open ones that wait because the mail service asked for it, or before another try. */
  readonly resting: number;
  readonly outcomes: OutcomeCounts;
}

export interface CaseFacts {
  readonly tenantName: string;
  readonly incident: Incident;
  readonly plan: Plan | null;
  readonly votes: readonly Vote[];
  /** Oldest first. */
  readonly runs: readonly RunFacts[];
  readonly policy: Policy;
}

/** What can be asked for now: the state allows it and there is something to do it to. */
export function possible(facts: CaseFacts): Readonly<Record<Action, boolean>> {
  const hasCopies = (facts.plan?.copies.length ?? 0) > 0;
  const { state } = facts.incident;
  return {
    purge: hasCopies && canRequest(state, 'purge'),
    flag: hasCopies && canRequest(state, 'flag'),
    restore: canRequest(state, 'restore') && restorable(facts.runs) > 0,
  };
}

/** Another look makes a new list and voids the approvals: offered only where it can find more than the last one. */
export function offersAnotherLook({ incident, plan, runs }: CaseFacts): boolean {
  if (advance(incident.state, 'reopened') === null) return false;
  const late = plan ? notAskedYet(incident.alert.recipients, plan).length : 0;
  if (incident.state === 'open') return !plan || plan.copies.length === 0 || plan.failed.length > 0 || late > 0;
  if (incident.state === 'purged') return late > 0 || hasTrouble(runs.at(-1)?.outcomes ?? noOutcomes());
  return incident.state !== 'flagged';
}

/** Copies that purges removed and no restore has brought back since. */
export function restorable(runs: readonly RunFacts[]): number {
  const sum = (action: Action, outcome: Outcome) =>
    runs.filter((run) => run.action === action).reduce((total, run) => total + run.outcomes[outcome], 0);
  return sum('purge', 'removed') - sum('restore', 'restored');
}

/** The last run: the one in progress, or the one whose outcome the card tells. */
export function lastRun(facts: CaseFacts): RunFacts | undefined {
  return facts.runs.at(-1);
}

/** Copies of which an analyst still has to think. */
export const TROUBLE: readonly Outcome[] = ['stillThere', 'notAllowed', 'failed', 'movedByUser'];

export function hasTrouble(outcomes: OutcomeCounts): boolean {
  return TROUBLE.some((outcome) => outcomes[outcome] > 0);
}

/** People whose approval counts now; an undo's older votes may have aged, so there it is an upper bound. */
export function approvalsOf({ plan, incident, votes, policy }: CaseFacts, action: Action): number {
  if (!plan || !incident.planDigest) return 0;
  const asked = { action, plan, planDigest: incident.planDigest, notBefore: '' };
  return tally(votes, asked, policy, incident.alert).people.length;
}
