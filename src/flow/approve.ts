import { askedTerms, type CaseFacts, type Count, countOf, possible } from '../core/case.ts';
import { type Action, advance, policyActionOf } from '../core/incident.ts';
import type { Plan } from '../core/plan.ts';
import { type Asked, seatWords } from '../core/rule.ts';
import type { Vote, Voter } from '../core/tally.ts';
import { count, inertOr } from '../core/text.ts';
import type { Reply } from '../ports/desk.ts';
import type { Tx } from '../ports/store.ts';
import type { Decided, Ready } from './decide.ts';
import type { Flow } from './flow.ts';
import { announce, type Note, personOf, record } from './record.ts';
import { startRun } from './start.ts';
import { sendToSignIn } from './ticket.ts';
import { NOT_WAITING } from './wait.ts';

export const MAX_REASON = 1_000;

export interface Approval extends Ready {
  readonly plan: Plan;
  readonly action: Action;
  readonly facts: CaseFacts;
}

/**
 * One vote for one action on one plan, and what follows if it was the last that was needed. Whoever counted before is
 * looked at again at that moment: the vote of somebody who was locked out since does not start anything.
 */
export async function approve(flow: Flow, tx: Tx, approval: Approval): Promise<Decided> {
  const { incident, standing, action, plan, facts, proof } = approval;
  const terms = askedTerms(plan, action);
  if (!terms) return { refusal: { code: 'policy', why: refusalOf(plan, action) } };
  if (!possible(facts)[action]) return { refusal: { code: 'too-late', state: incident.state } };
  const notBefore = action === 'restore' ? undoVotesSince(flow, facts, terms) : '';
  const vote = voteOf(flow, approval);
  const result = countWith(approval, vote, notBefore);
  if (!result.seats.some(({ role }) => standing.roles.includes(role)))
    return { refusal: { code: 'not-asked', seats: seatWords(result.seats) } };
  const missingReason = terms.reason ? reasonNeeded(approval, vote.reason) : null;
  if (missingReason) return missingReason;
  if (terms.stepUp !== null && proof?.context !== terms.stepUp) return sendToSignIn(flow, tx, approval, terms.stepUp);
  const unasked = result.people.filter((person) => person !== standing.person && !approval.voters.has(person));
  if (result.approved && unasked.length > 0) return { askAbout: unasked };
  // Pressed again by the same person: counted once, but a quorum that was held up by an unreachable directory starts now.
  const isNew = await tx.decisions.add(incident.id, vote, notBefore);
  if (!isNew && !result.approved) return { refusal: { code: 'repeated' } };
  await record(flow, tx, [noteOf(approval, vote, terms, result)]);
  if (result.approved) return carryOut(flow, tx, approval, terms, result);
  await announce(flow, tx, incident.id);
  return said(countedLine(incident.id, vote, result));
}

function voteOf(flow: Flow, { press, standing, action, proof }: Approval): Vote {
  return {
    person: standing.person,
    name: standing.name,
    platform: press.by.platform,
    account: press.by.id,
    action,
    planDigest: press.digest,
    at: flow.clock.now(),
    roles: standing.roles,
    addresses: standing.addresses,
    reason: press.reason?.trim().toWellFormed().replaceAll('\0', '') ?? null,
    signIn: proof,
  };
}

function noteOf({ incident, standing }: Approval, vote: Vote, terms: Asked, result: Count): Note {
  return {
    type: 'decision.approved',
    incident: incident.id,
    actor: personOf(standing),
    platform: vote.platform === 'slack' ? 'slack' : 'teams',
    planDigest: vote.planDigest,
    detail: {
      action: policyActionOf(vote.action),
      count: result.people.length,
      needed: result.needed,
      rule: terms.rule,
      seats: seatWords(result.seats),
      roles: standing.roles.join(' '),
      over: result.over,
      reason: vote.reason,
      signIn: vote.signIn ? `${vote.signIn.context} ${vote.signIn.at}` : null,
    },
  };
}

function countedLine(id: string, vote: Vote, { people, needed, over }: Count): string {
  const more = over ? ` It is over ${over}, so more people are needed.` : '';
  const counts = people.includes(vote.person) ? 'counts' : 'is recorded, but other roles are missing';
  return `Your approval of ${id} ${counts}: ${people.length} of ${needed}. Plan ${vote.planDigest.slice(0, 8)}.${more}`;
}

function refusalOf(plan: Plan, action: Action): string {
  const terms = plan.terms[action];
  return terms.is === 'refused' ? terms.why : 'no rule allows it';
}

/** What has to be answered first; null when a usable reason was given. */
function reasonNeeded({ press, incident }: Approval, reason: string | null): Reply | null {
  const ask = (problem: string): Reply => ({
    kind: 'reason-needed',
    incident: incident.id,
    digest: press.digest,
    verb: press.verb,
    problem,
  });
  if (reason === null) return ask('');
  if (reason === '') return ask('Please say why: the policy wants a reason with each approval.');
  return reason.length > MAX_REASON ? ask(`Please use at most ${MAX_REASON} characters.`) : null;
}

/** An undo has no deadline: its votes age, and each undo needs new ones. */
function undoVotesSince(flow: Flow, { runs }: CaseFacts, terms: Asked): string {
  const aged = Date.parse(flow.clock.now()) - terms.expiryMinutes * 60_000;
  const lastUndo = runs.findLast((run) => run.action === 'restore');
  // Later than the votes that started the last one, which may bear the same millisecond.
  return new Date(lastUndo ? Math.max(aged, Date.parse(lastUndo.startedAt) + 1) : aged).toISOString();
}

/** The count as it would be with this vote: earlier voters as the directory knows them now, where it was asked. */
function countWith({ facts, voters, standing, action }: Approval, vote: Vote, notBefore: string): Count {
  const votes = [
    ...facts.votes.filter(({ person, ...other }) => person !== vote.person || other.action !== action),
    vote,
  ];
  const now = new Map<string, Voter>();
  for (const cast of votes) {
    const voter = voters.has(cast.person) ? voters.get(cast.person) : cast;
    if (voter) now.set(cast.person, voter);
  }
  now.set(standing.person, standing);
  return countOf({ ...facts, votes }, { action, notBefore, voters: now });
}

const WORK: Readonly<Record<Action, string>> = {
  purge: 'Purging',
  'hard-purge': 'Deleting for good',
  flag: 'Flagging',
  contain: 'Keeping removed',
  restore: 'Restoring',
};

async function carryOut(
  flow: Flow,
  tx: Tx,
  { incident, plan, action }: Approval,
  terms: Asked,
  { people, seats, over }: Count,
): Promise<Decided> {
  if (action === 'contain') return confirm(flow, tx, incident.id, people);
  const copies = await startRun(flow, tx, {
    incident,
    plan,
    action,
    cause: 'approved',
    approvedBy: people,
    because: { rule: terms.rule, seats: seatWords(seats), ...(over ? { over } : {}) },
  });
  const what = plan.mode === 'dry-run' ? 'Dry run over' : WORK[action];
  return said(
    `Approved. ${what} ${count(copies, 'copy', 'copies')} of ${incident.id} now; the card shows what is seen.`,
  );
}

/** What was done first is now approved: there is nothing more to do. */
async function confirm(flow: Flow, tx: Tx, id: string, people: readonly string[]): Promise<Decided> {
  const incident = await tx.incidents.get(id);
  const state = incident && advance(incident.state, 'confirmed');
  if (!state) throw new Error('only a containment can be confirmed');
  await record(flow, tx, [
    {
      type: 'containment.confirmed',
      incident: id,
      planDigest: incident.planDigest,
      detail: { approvedBy: people.join(' ') },
    },
  ]);
  await announce(flow, tx, id, { state, ...NOT_WAITING });
  return said(`Confirmed. The copies of ${id} stay removed.`);
}

export function said(line: string): Reply {
  return { kind: 'said', lines: [inertOr(line, ' ', 400)] };
}
