import {
  ACTIONS,
  type Action,
  beginsAtOnce,
  definitionOf,
  forEachAction,
  givesBack,
  isApprovedRemoval,
  isUndo,
  policyActionOf,
} from '../action/action.ts';
import { type Ask, isAction } from '../ask/ask.ts';
import { overCap, type Usage } from '../ask/cap.ts';
import { type Conflict, conflictOf } from '../ask/conflict.ts';
import { type Evidence, evidenceNow, withEvidence } from '../ask/evidence.ts';
import { type Seat, type TenantPolicy, type Verb, verbSeats } from '../ask/policy.ts';
import { type Asked, seatsAfter } from '../ask/rule.ts';
import { seatPeople, type Tally, type Vote, votesFor } from '../ask/tally.ts';
import type { Containable } from '../find/containing.ts';
import type { Exercise } from '../find/exercise.ts';
import { blastRadius, type Plan } from '../find/plan.ts';
import { advance, canRequest, type Incident, type Situation, situationOf } from '../incident/incident.ts';
import { instantOf, isoOf } from '../instant.ts';
import type { CampaignFacts } from '../record/campaign.ts';
import type { Twin } from '../record/joined.ts';
import type { Late } from '../record/late.ts';
import type { Looked } from '../record/looked.ts';
import type { Recovered } from '../record/recovered.ts';
import type { UnreadSet } from '../record/unread-sets.ts';
import type { ChatNames } from './chats.ts';
import type { Delay } from './delay.ts';
import type { FlagsOnCard } from './flags-line.ts';
import type { Looking } from './looking-words.ts';
import type { ListStands } from './measure-state.ts';
import type { Pace } from './pace-words.ts';
import type { PeopleNow } from './people-words.ts';
import { type Child, type RunFacts, restorable } from './run-facts.ts';
import type { ToldEnd } from './told-words.ts';

/** A case with everything known of it, and what follows from that. */

export interface CaseFacts {
  readonly tenantName: string;
  readonly incident: Incident;
  readonly plan: Plan | null;
  /** A newer version of Clawback wrote something of it that this one cannot read. */
  readonly isOfNewerVersion?: boolean;
  /** The policy the plan was made under; the current one while there is no plan. */
  readonly policy: TenantPolicy;
  readonly votes: readonly Vote[];
  /** Oldest first. */
  readonly runs: readonly RunFacts[];
  /** Copies that an undo would put back, where they were counted one by one; else the runs tell it. */
  readonly leftToUndo?: number | null;
  /** What was done in the tenant in the last hour. */
  readonly lastHour: readonly Usage[];
  readonly brake: {
    readonly stopped: boolean;
    readonly by: string | null;
    readonly reason: string | null;
    readonly at: string | null;
  };
  /** Chats whose room takes nothing any more, so that nobody there sees the card as it is. */
  readonly deadRooms: readonly string[];
  /** Chats whose room takes messages, and this card not. */
  readonly turnedAwayIn: readonly string[];
  readonly chatNames: ChatNames;
  /** The incidents that ask for the copies which were not in this one's approved plan, and those that grew out of them. */
  readonly children: readonly Child[];
  /** The incident where this one goes on, because it is about the same mail; null where it stands for itself. */
  readonly joinedInto: string | null;
  /** Other incidents about the same mail. */
  readonly twins: readonly Twin[];
  /** What is shown with it; left out where it was not asked for. */
  readonly campaign?: CampaignFacts;
  /** The incident on whose card another look is asked for: the first that this one grew out of, or itself. */
  readonly root: string;
  /** The newest look after the plan was made; null while there was none. */
  readonly looked: Looked | null;
  /** Copies that are back without us, as the newest look saw it; null while there was none. */
  readonly recovered: Recovered | null;
  /** The set of mailboxes that everything waits for; null while all can be read. */
  readonly unreadSet: UnreadSet | null;
  /** What of it is a phishing exercise, as it was seen when the list was made; null for nothing. */
  readonly exercise?: Exercise | null;
  /** Lists of measures about its people, and where each stands; left out for none. */
  readonly measures?: readonly ListStands[];
  /** Mailboxes that were flagged for it; null or left out for none. */
  readonly flags?: FlagsOnCard | null;
  /** Copies that are invitations, as it was seen when the list was made; left out for none. */
  readonly invitations?: number;
  /** What measures may be asked for about its people in a form; null or left out for none. */
  readonly containable?: Containable | null;
  /** What has spoken in any look, and how right it has been; left out where the policy does not ask for it. */
  readonly evidence?: Evidence;
  /** What the newest look at its people found; null where nobody has looked. */
  readonly people?: PeopleNow | null;
  /** Sources that were told how it ended; left out for none. */
  readonly told?: readonly ToldEnd[];
  /** What came late, and what is not known of it. */
  readonly late: Late;
  /** ISO time at which this was read; votes for an undo age by it. */
  readonly now: string;
  /** Hosts that a card may link to. */
  readonly linkHosts: readonly string[];
  /** How far looking into many mailboxes is; null where there are few, or it is over. */
  readonly looking: Looking | null;
  /** What the work waits for, as it was last seen; null while it goes on. */
  readonly delay: Delay | null;
  /** How fast Microsoft answers; null where it was not seen. */
  readonly pace?: Pace | null;
  /** Minutes since the decision has been waited for; 0 while nothing is being asked. */
  readonly waited: number;
}

/** The terms of an action, where the policy allows it. */
export function askedTerms(plan: Plan | null, action: Action): Asked | null {
  const terms = plan?.terms[action];
  return terms?.is === 'asked' ? terms : null;
}

/** What the policy has done at once, and people confirm afterwards; null where it has no rule for that. */
export function atOnce(plan: Plan | null): { readonly action: Action; readonly terms: Asked } | null {
  for (const action of ACTIONS.filter(beginsAtOnce)) {
    const terms = askedTerms(plan, action);
    if (terms) return { action, terms };
  }
  return null;
}

/**
 * The same at this moment: what is contained is rolled back by those whom the policy names for it, if it names any; and what has spoken
 * since asks for more where the policy says so.
 */
export function termsNow(
  { plan, incident, policy, evidence }: Pick<CaseFacts, 'plan' | 'incident' | 'policy' | 'evidence'>,
  action: Action,
): Asked | null {
  const terms = askedTerms(plan, action);
  const seats = isUndo(action) && situationOf(incident) === 'contained' ? policy.verbs?.rollBack : undefined;
  const asked: Asked | null =
    plan && seats
      ? { ...(terms ?? UNRULED), rule: 'verbs.rollBack', seats, escalation: [], recipientsMay: false }
      : terms;
  return asked && withEvidence(asked, policyActionOf(action), evidenceNow(policy.evidence ?? [], evidence));
}

const UNRULED = { is: 'asked', expiryMinutes: 60, reason: false, stepUp: null, actFirst: false } as const;

/** Whether this may be decided by people who received the mail, because nobody else is left. */
export function recipientsMay(facts: Pick<CaseFacts, 'plan' | 'incident' | 'policy'>, ask: Ask): boolean {
  // Another look gives nothing away: it makes a new list, whose terms say who may decide now.
  if (ask === 'reopen') return true;
  if (isAction(ask)) return termsNow(facts, ask)?.recipientsMay ?? false;
  return ACTIONS.some(
    (action) =>
      (isApprovedRemoval(action) || givesBack(action)) && askedTerms(facts.plan, action)?.recipientsMay === true,
  );
}

/** What of an interest in the case keeps somebody from deciding. Who asked for it never decides. */
export function barredBy(conflict: Conflict | null, mayReceive: boolean): Conflict | null {
  return conflict === 'recipient' && mayReceive ? null : conflict;
}

/** What can be asked for now: the state and the policy allow it and there is something to do it to. */
export function possible(facts: CaseFacts): Readonly<Record<Action, boolean>> {
  const { plan, incident } = facts;
  const hasCopies = (plan?.copies.length ?? 0) > 0;
  const may = (action: Action) => canRequest(situationOf(incident), action) && termsNow(facts, action) !== null;
  const isThere = (action: Action) => (isUndo(action) ? canBeRestored(facts) > 0 : hasCopies);
  return forEachAction((action) => may(action) && isThere(action));
}

/** Copies that are out because of us and would be put back. */
export function canBeRestored({ leftToUndo, runs }: Pick<CaseFacts, 'leftToUndo' | 'runs'>): number {
  return leftToUndo ?? restorable(runs);
}

/** The action whose decision is waited for: the one that reminders and the card speak about. */
export function leadAction(plan: Plan | null, situation: Situation): Action | null {
  const order = ACTIONS.filter((action) =>
    situation === 'contained' ? beginsAtOnce(action) : !beginsAtOnce(action) && !isUndo(action),
  );
  return order.find((action) => canRequest(situation, action) && askedTerms(plan, action) !== null) ?? null;
}

/** Whether a vote for this action comes too late. An undo has no deadline: its votes age instead. */
export function isLate({ plan, incident, waited }: CaseFacts, action: Action): boolean {
  const terms = askedTerms(plan, action);
  return !isUndo(action) && terms !== null && incident.askedAt !== null && waited >= terms.expiryMinutes;
}

/** Until when a vote for it comes in time, ISO time; null where it has no end. The incident stays open for the longest of all. */
export function askedUntil({ plan, incident }: Pick<CaseFacts, 'plan' | 'incident'>, action: Action): string | null {
  const terms = isUndo(action) ? null : askedTerms(plan, action);
  if (terms === null || incident.askedAt === null) return null;
  return isoOf(instantOf(incident.askedAt) + terms.expiryMinutes * 60_000);
}

/** Groups of unsure mails can be taken in wherever another list can be asked for. */
export function canTakeIn({ incident, plan }: CaseFacts): boolean {
  const isOwn = incident.parent === null && plan !== null && plan.unsure.length > 0;
  return isOwn && advance(situationOf(incident), 'reopened') !== null;
}

/**
 * An approved run under way can be ended early, an undo too; so can a containment, which is then confirmed or rolled back,
 * and a removal once more. What comes back by itself comes back.
 */
export function canCancel({ incident, runs }: CaseFacts): boolean {
  const run = runs.at(-1);
  if (situationOf(incident) !== 'running' || run?.state !== 'running' || run.open === 0) return false;
  const comesBack = run.cause === 'roll-back' || (run.cause === 'late' && isUndo(run.action));
  return !comesBack && run.cancelledAt === null;
}

/** Without the votes that started the last undo: they have done their work. */
export function sinceLastUndo(facts: CaseFacts): CaseFacts {
  const last = facts.runs.findLast((run) => isUndo(run.action));
  if (!last) return facts;
  return {
    ...facts,
    votes: facts.votes.filter(({ action, at }) => !isAction(action) || !isUndo(action) || at > last.startedAt),
  };
}

/** The last run: the one in progress, or the one whose outcome the card tells. */
export function lastRun(facts: CaseFacts): RunFacts | undefined {
  return facts.runs.at(-1);
}

export interface Question {
  readonly action: Ask;
  /** Votes before this ISO time have aged. */
  readonly notBefore: string;
  /** The group of unsure copies that is to be taken in: a vote for another group says nothing about this one. */
  readonly group?: string;
}

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
  if (!plan || !isAction(ask) || !definitionOf(ask).usesCaps) return { ...base, over: null };
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
