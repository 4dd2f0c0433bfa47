import { overCap, type Usage } from './cap.ts';
import { conflictOf } from './conflict.ts';
import { type Action, advance, canRequest, type Incident } from './incident.ts';
import { noOutcomes, type Outcome, type OutcomeCounts } from './outcome.ts';
import { blastRadius, notAskedYet, type Plan } from './plan.ts';
import type { Seat, TenantPolicy } from './policy.ts';
import { type Asked, seatsAfter } from './rule.ts';
import { seatPeople, type Tally, type Vote, type Voter, votesFor } from './tally.ts';

/** A case with everything known of it, and what follows from that. */

export interface RunFacts {
  readonly id: string;
  readonly action: Action;
  readonly planDigest: string;
  readonly mode: 'live' | 'dry-run';
  readonly cause: 'approved' | 'policy' | 'roll-back';
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
  /** The policy the plan was made under; null while there is no plan. */
  readonly policy: TenantPolicy | null;
  readonly votes: readonly Vote[];
  /** Oldest first. */
  readonly runs: readonly RunFacts[];
  /** What was done in the tenant in the last hour. */
  readonly lastHour: readonly Usage[];
  readonly brake: {
    readonly stopped: boolean;
    readonly by: string | null;
    readonly reason: string | null;
    readonly at: string | null;
  };
  /** The incident that asks for the copies which were not in this one's approved plan. */
  readonly child: string | null;
  /** Minutes since the decision has been waited for; 0 while nothing is being asked. */
  readonly waited: number;
}

/** The terms of an action, where the policy allows it. */
export function askedTerms(plan: Plan | null, action: Action): Asked | null {
  const terms = plan?.terms[action];
  return terms?.is === 'asked' ? terms : null;
}

/** What can be asked for now: the state and the policy allow it and there is something to do it to. */
export function possible(facts: CaseFacts): Readonly<Record<Action, boolean>> {
  const { plan, incident } = facts;
  const hasCopies = (plan?.copies.length ?? 0) > 0;
  const may = (action: Action) => canRequest(incident.state, action) && askedTerms(plan, action) !== null;
  return {
    purge: hasCopies && may('purge'),
    'hard-purge': hasCopies && may('hard-purge'),
    flag: hasCopies && may('flag'),
    contain: hasCopies && may('contain'),
    restore: may('restore') && restorable(facts.runs) > 0,
  };
}

/** The action whose decision is waited for: the one that reminders and the card speak about. */
export function leadAction(plan: Plan | null, state: Incident['state']): Action | null {
  const order: readonly Action[] = state === 'contained' ? ['contain'] : ['purge', 'hard-purge', 'flag'];
  return order.find((action) => canRequest(state, action) && askedTerms(plan, action) !== null) ?? null;
}

/** Whether a vote for this action comes too late. An undo has no deadline: its votes age instead. */
export function isLate({ plan, incident, waited }: CaseFacts, action: Action): boolean {
  const terms = askedTerms(plan, action);
  return action !== 'restore' && terms !== null && incident.askedAt !== null && waited >= terms.expiryMinutes;
}

/** Another look makes a new list and voids the approvals: offered only where it can find more than the last one. */
export function offersAnotherLook({ incident, plan, runs }: CaseFacts): boolean {
  if (advance(incident.state, 'reopened') === null || incident.parent !== null) return false;
  const late = plan ? notAskedYet(incident.alert.recipients, plan).length : 0;
  if (incident.state === 'open') return !plan || plan.copies.length === 0 || plan.failed.length > 0 || late > 0;
  if (incident.state === 'purged') return late > 0 || hasTrouble(runs.at(-1)?.outcomes ?? noOutcomes());
  return incident.state !== 'flagged';
}

/** Groups of unsure mails can be taken in wherever another list can be asked for. */
export function canTakeIn({ incident, plan }: CaseFacts): boolean {
  const isOwn = incident.parent === null && plan !== null && plan.unsure.length > 0;
  return isOwn && advance(incident.state, 'reopened') !== null;
}

/** Without the votes that started the last undo: they have done their work. */
export function sinceLastUndo(facts: CaseFacts): CaseFacts {
  const last = facts.runs.findLast((run) => run.action === 'restore');
  if (!last) return facts;
  return { ...facts, votes: facts.votes.filter(({ action, at }) => action !== 'restore' || at > last.startedAt) };
}

/** Copies that purges and containments removed and no restore has brought back since. */
export function restorable(runs: readonly RunFacts[]): number {
  const sum = (actions: readonly Action[], outcome: Outcome) =>
    runs.filter((run) => actions.includes(run.action)).reduce((total, run) => total + run.outcomes[outcome], 0);
  return sum(['purge', 'contain'], 'removed') - sum(['restore'], 'restored');
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

export interface Question {
  readonly action: Action;
  /** Votes before this ISO time have aged. */
  readonly notBefore: string;
  /** Whose votes may count, and with which roles: as the directory says now. Left out: as it said at each click. */
  readonly voters?: ReadonlyMap<string, Voter>;
}

/** An undo only gives back; what was contained was counted when it ran, and its confirmation does nothing more. */
const USES_CAPS: Readonly<Record<Action, boolean>> = {
  purge: true,
  'hard-purge': true,
  flag: true,
  contain: false,
  restore: false,
};

export interface Count extends Tally {
  /** Why more people are needed than the rule asks for; null when they are not. */
  readonly over: string | null;
}

/** Seats of an action at this moment, with those that a cap adds, and the people on them. */
export function countOf(facts: CaseFacts, question: Question): Count {
  const { plan, incident, policy } = facts;
  const terms = askedTerms(plan, question.action);
  if (!terms || !plan || !incident.planDigest || !policy) return { ...seatPeople([], []), over: null };
  // Who turned out to be part of the case after voting does not count any more.
  const votes = votesFor(facts.votes, { ...question, planDigest: incident.planDigest }).filter(
    (vote) => conflictOf(vote, plan, incident.askers, incident.alert.received) === null,
  );
  const voters = votes.flatMap((vote) => (question.voters ? (question.voters.get(vote.person) ?? []) : vote));
  const base = seatPeople(voters, seatsOf(facts, terms));
  const over = !USES_CAPS[question.action]
    ? null
    : overCap(policy.caps, facts.lastHour, {
        mailboxes: blastRadius(plan.copies).mailboxes,
        people: base.people,
      });
  if (over === null) return { ...base, over };
  return { ...seatPeople(voters, [...seatsOf(facts, terms), ...policy.caps.override]), over };
}

/** The seats of the terms, after the escalation steps whose time has come. */
function seatsOf({ waited }: CaseFacts, terms: Asked): readonly Seat[] {
  return seatsAfter(terms, waited);
}
