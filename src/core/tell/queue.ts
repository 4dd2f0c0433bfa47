import { type Ask, isAction } from '../ask/ask.ts';
import { type Conflict, conflictOf } from '../ask/conflict.ts';
import { type Vote, votesFor } from '../ask/tally.ts';
import { type Incident, situationOf } from '../incident/incident.ts';
import { NO_LATE } from '../record/late.ts';
import { askedUntil, barredBy, type CaseFacts, countOf, isLate, leadAction, possible, recipientsMay } from './case.ts';
import type { FlagList } from './flags.ts';
import { rankWords } from './rank.ts';

/** What waits for one person, what waits for their role, what runs and what went wrong: seen by them, at one moment. */

/** Whoever looks, as directory and chat describe them. */
export interface Looker {
  /** Entra object id. */
  readonly person: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly addresses: readonly string[];
  /** False where a group could not be asked: there may be more roles. */
  readonly certain: boolean;
}

/** Why somebody does not decide what waits for a role of theirs. */
export type Barred = Conflict | 'voted' | 'enough' | 'late';

/** What went wrong with an incident. */
export type Trouble = 'marked' | 'not done' | 'nobody decided';

export interface QueueLine {
  readonly incident: Incident;
  /** Why it stands where it stands; empty where nothing is known of it. */
  readonly why: string;
  /** Of its list; null while there is none. */
  readonly copies: number | null;
  /** What is asked; null where nobody is. */
  readonly votes: { readonly ask: Ask; readonly counted: number; readonly needed: number } | null;
  readonly barred: Barred | null;
  /** Until when what is asked can be decided, ISO time; null where nothing is asked. */
  readonly until: string | null;
  readonly trouble: Trouble | null;
}

/** So many of so many were looked at. */
export interface Part {
  readonly looked: number;
  readonly all: number;
}

export interface Queue {
  readonly tenantName: string;
  /** When it was made, ISO time. It is not live. */
  readonly at: string;
  readonly stopped: { readonly by: string | null; readonly reason: string | null } | null;
  readonly who: Looker;
  readonly mine: readonly QueueLine[];
  readonly role: readonly QueueLine[];
  readonly running: readonly QueueLine[];
  readonly trouble: readonly QueueLine[];
  /** Of those that were looked at, how many wait for roles that this person does not hold. */
  readonly others: number;
  /** What all of this is counted over: of those that are open the ones that rank highest, of what ended lately the newest. */
  readonly over: Readonly<Record<'open' | 'ended', Part>>;
  /** Flagged mailboxes, where they may see them; left out for none. */
  readonly flags?: FlagList;
}

/** What is read of a case that waits; what else a card knows has no part in whom it waits for. */
export type WaitingCase = Pick<
  CaseFacts,
  | 'tenantName'
  | 'incident'
  | 'plan'
  | 'policy'
  | 'votes'
  | 'evidence'
  | 'lastHour'
  | 'brake'
  | 'chatNames'
  | 'waited'
  | 'now'
>;

function asCase(waiting: WaitingCase): CaseFacts {
  return {
    ...waiting,
    runs: [],
    deadRooms: [],
    turnedAwayIn: [],
    children: [],
    joinedInto: null,
    twins: [],
    root: waiting.incident.id,
    looked: null,
    recovered: null,
    unreadSet: null,
    late: NO_LATE,
    looking: null,
    delay: null,
    linkHosts: [],
  };
}

/** What people are asked: the action that reminders speak about, or to close a case in which nothing can be done. */
function askIn(facts: CaseFacts): Ask {
  const lead = leadAction(facts.plan, situationOf(facts.incident));
  return lead !== null && possible(facts)[lead] ? lead : 'reject';
}

type Waits = { readonly place: 'mine' | 'role' | 'others'; readonly line: QueueLine };

/**
 * Whom it waits for is not told from a list of names: it is tried what a vote of this person would do, by the same count
 * that decides about a press.
 */
export function waitsFor(waiting: WaitingCase, who: Looker): Waits {
  const facts = asCase(waiting);
  const { plan, incident } = facts;
  const ask = askIn(facts);
  const about = { action: ask, notBefore: '' };
  const { people, needed } = countOf(facts, about);
  const line = (barred: Barred | null): QueueLine => ({
    incident,
    why: rankWords({ ...incident, plan }),
    copies: plan?.copies.length ?? null,
    votes: { ask, counted: people.length, needed },
    barred,
    until: (isAction(ask) ? askedUntil(facts, ask) : null) ?? incident.deadline,
    trouble: null,
  });
  const said = votesFor(facts.votes, { ...about, planDigest: incident.planDigest ?? '' });
  const others = facts.votes.filter(({ person }) => person !== who.person);
  const counted = countOf({ ...facts, votes: [...others, voteOf(who, facts, ask)] }, about);
  if (!counted.seats.some(({ role }) => who.roles.includes(role))) return { place: 'others', line: line(null) };
  const role = (barred: Barred): Waits => ({ place: 'role', line: line(barred) });
  const conflict = barredBy(conflictOf(who, plan, incident.askers, incident.alert.received), recipientsMay(facts, ask));
  if (conflict) return role(conflict);
  if (said.some(({ person }) => person === who.person)) return role('voted');
  if (isAction(ask) && isLate(facts, ask)) return role('late');
  return counted.people.includes(who.person) ? { place: 'mine', line: line(null) } : role('enough');
}

/** As it would be cast now. */
function voteOf({ person, name, roles, addresses }: Looker, { incident }: CaseFacts, action: Ask): Vote {
  return {
    ...{ person, name, roles, addresses, action, planDigest: incident.planDigest ?? '' },
    ...{ platform: '', account: '', at: '', reason: null, signIn: null },
  };
}

/** A case of which nothing is asked: it is looked into, it runs, or it ended. */
export function lineOf(incident: Incident, copies: number | null, trouble: Trouble | null = null): QueueLine {
  const why = trouble === null ? rankWords({ ...incident, plan: null }) : '';
  return { incident, why, copies, votes: null, barred: null, until: incident.deadline, trouble };
}
