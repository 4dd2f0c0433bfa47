import { overCap, type Usage } from './cap.ts';
import { type Conflict, conflictOf } from './conflict.ts';
import { type Action, type Ask, advance, canRequest, type Incident, isAction } from './incident.ts';
import type { Looked } from './looked.ts';
import { noOutcomes, type Outcome, type OutcomeCounts, type Troubled } from './outcome.ts';
import { blastRadius, notAskedYet, type Plan } from './plan.ts';
import { type Seat, type TenantPolicy, type Verb, verbSeats } from './policy.ts';
import { type Asked, seatsAfter } from './rule.ts';
import { seatPeople, type Tally, type Vote, votesFor } from './tally.ts';

/** A case with everything known of it, and what follows from that. */

export interface RunFacts {
  readonly id: string;
  readonly action: Action;
  readonly planDigest: string;
  readonly mode: 'live' | 'dry-run';
  readonly cause: 'approved' | 'policy' | 'roll-back' | 'late';
  readonly state: 'running' | 'finished';
  /** ISO times. */
  readonly startedAt: string;
  readonly cancelledAt: string | null;
  readonly finishedAt: string | null;
  readonly total: number;
  readonly open: number;
  /** Open ones that wait because the mail service asked for it, or before another try. */
  readonly resting: number;
  readonly outcomes: OutcomeCounts;
  /** Only of the last run, and only where there was any. */
  readonly troubled?: readonly Troubled[];
}

export interface CaseFacts {
  readonly tenantName: string;
  readonly incident: Incident;
  readonly plan: Plan | null;
  /** The policy the plan was made under; the current one while there is no plan. */
  readonly policy: TenantPolicy;
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
  /** Chats whose room takes nothing any more, so that nobody there sees the card as it is. */
  readonly deadRooms: readonly ('slack' | 'teams')[];
  /** The incidents that ask for the copies which were not in this one's approved plan. */
  readonly children: readonly string[];
  /** The newest look after the plan was made; null while there was none. */
  readonly looked: Looked | null;
  /** Minutes since the decision has been waited for; 0 while nothing is being asked. */
  readonly waited: number;
}

/** The terms of an action, where the policy allows it. */
export function askedTerms(plan: Plan | null, action: Action): Asked | null {
  const terms = plan?.terms[action];
  return terms?.is === 'asked' ? terms : null;
}

/** The same at this moment: what is contained is rolled back by those whom the policy names for it, if it names any. */
export function termsNow(
  { plan, incident, policy }: Pick<CaseFacts, 'plan' | 'incident' | 'policy'>,
  action: Action,
): Asked | null {
  const terms = askedTerms(plan, action);
  const seats = action === 'restore' && incident.state === 'contained' ? policy.verbs?.rollBack : undefined;
  if (!plan || !seats) return terms;
  return { ...(terms ?? UNRULED), rule: 'verbs.rollBack', seats, escalation: [], recipientsMay: false };
}

const UNRULED = { is: 'asked', expiryMinutes: 60, reason: false, stepUp: null, actFirst: false } as const;

/** Whether this may be decided by people who received the mail, because nobody else is left. */
export function recipientsMay(facts: Pick<CaseFacts, 'plan' | 'incident' | 'policy'>, ask: Ask): boolean {
  // Another look gives nothing away: it makes a new list, whose terms say who may decide now.
  if (ask === 'reopen') return true;
  const terms = isAction(ask) ? termsNow(facts, ask) : askedTerms(facts.plan, 'purge');
  return terms?.recipientsMay ?? false;
}

/** What of an interest in the case keeps somebody from deciding. Who asked for it never decides. */
export function barredBy(conflict: Conflict | null, mayReceive: boolean): Conflict | null {
  return conflict === 'recipient' && mayReceive ? null : conflict;
}

/** What can be asked for now: the state and the policy allow it and there is something to do it to. */
export function possible(facts: CaseFacts): Readonly<Record<Action, boolean>> {
  const { plan, incident } = facts;
  const hasCopies = (plan?.copies.length ?? 0) > 0;
  const may = (action: Action) => canRequest(incident.state, action) && termsNow(facts, action) !== null;
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

/** An approved run under way can be ended early. An undo only gives back, and what ran unasked is confirmed or rolled back. */
export function canCancel({ incident, runs }: CaseFacts): boolean {
  const run = runs.at(-1);
  if (incident.state !== 'running' || run?.state !== 'running' || run.open === 0) return false;
  return run.cause === 'approved' && run.action !== 'restore' && run.cancelledAt === null;
}

/** Without the votes that started the last undo: they have done their work. */
export function sinceLastUndo(facts: CaseFacts): CaseFacts {
  const last = facts.runs.findLast((run) => run.action === 'restore');
  if (!last) return facts;
  return { ...facts, votes: facts.votes.filter(({ action, at }) => action !== 'restore' || at > last.startedAt) };
}

/** Where an undo leaves a copy that its owner sees again. */
export const BACK: readonly Outcome[] = ['restored', 'restoredElsewhere'];
/** Where an undo leaves a copy that it could not put back: out of its owner's sight. */
export const LEFT_OUT: readonly Outcome[] = ['stillThere', 'notAllowed', 'noMailbox', 'unreachable', 'failed'];

/** Copies that purges and containments removed and no restore has brought back since. */
export function restorable(runs: readonly RunFacts[]): number {
  return runs.reduce((out, { action, cause, outcomes }) => {
    // Its copies had been put back and were out again: what it puts back was not counted as removed.
    if (cause === 'late') return out + LEFT_OUT.reduce((sum, outcome) => sum + outcomes[outcome], 0);
    if (action === 'restore') return out - BACK.reduce((sum, outcome) => sum + outcomes[outcome], 0);
    return action === 'purge' || action === 'contain' ? out + outcomes.removed : out;
  }, 0);
}

/** The last run: the one in progress, or the one whose outcome the card tells. */
export function lastRun(facts: CaseFacts): RunFacts | undefined {
  return facts.runs.at(-1);
}

/** Copies of which an analyst still has to think. */
export const TROUBLE: readonly Outcome[] = [
  'stillThere',
  'notAllowed',
  'failed',
  'movedByUser',
  'unreachable',
  'noMailbox',
  'vanished',
  'cancelled',
];
/** What was seen where no reader comes across it. */
const SEEN_GONE: readonly Outcome[] = ['removed', 'destroyed', 'alreadyGone'];

/** Every copy of the run, and not merely those that could be looked at. */
export function allSeenGone({ outcomes, total }: Pick<RunFacts, 'outcomes' | 'total'>): boolean {
  return SEEN_GONE.reduce((sum, outcome) => sum + outcomes[outcome], 0) === total;
}

export function hasTrouble(outcomes: OutcomeCounts): boolean {
  return TROUBLE.some((outcome) => outcomes[outcome] > 0);
}

/** Copies that the last run removed and that were seen in a mailbox again, without us. */
export function recoveredSince(facts: Pick<CaseFacts, 'runs' | 'looked'>): number {
  const { looked, runs } = facts;
  const run = runs.at(-1);
  return looked && run && looked.at > run.startedAt ? looked.recovered : 0;
}

export interface Question {
  readonly action: Ask;
  /** Votes before this ISO time have aged. */
  readonly notBefore: string;
  /** The group of unsure copies that is to be taken in: a vote for another group says nothing about this one. */
  readonly group?: string;
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

/** Seats of what is asked at this moment, with those that a cap adds, and the people on them. */
export function countOf(facts: CaseFacts, question: Question): Count {
  const { plan, incident, policy } = facts;
  const ask = question.action;
  // Who turned out to be part of the case after voting does not count any more.
  const voters = votesFor(facts.votes, { ...question, planDigest: incident.planDigest ?? '' }).filter(
    (vote) =>
      (question.group === undefined || vote.reason === question.group) &&
      barredBy(conflictOf(vote, plan, incident.askers, incident.alert.received), recipientsMay(facts, ask)) === null,
  );
  const seats = seatsNow(facts, ask);
  const base = seatPeople(voters, seats);
  if (!plan || !isAction(ask) || !USES_CAPS[ask]) return { ...base, over: null };
  const { mailboxes } = blastRadius(plan.copies);
  const over = overCap(policy.caps, facts.lastHour, { mailboxes, people: base.people });
  return over === null ? { ...base, over } : { ...seatPeople(voters, [...seats, ...policy.caps.override]), over };
}

/** Who is asked: by the terms, after the escalation steps whose time has come; for a verb by the policy itself. */
function seatsNow(facts: CaseFacts, ask: Ask): readonly Seat[] {
  if (!isAction(ask)) return verbSeats(facts.policy, ask);
  const terms = termsNow(facts, ask);
  return terms ? seatsAfter(terms, facts.waited) : [];
}

/** Since when votes for a verb count: to cancel speaks of the run under way, not of the one before it. */
export function verbVotesSince({ runs }: CaseFacts, verb: Verb): string {
  return verb === 'cancel' ? (runs.at(-1)?.startedAt ?? '') : '';
}
