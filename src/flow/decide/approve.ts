import { type Action, beginsAtOnce, definitionOf, isUndo } from '../../core/action/action.ts';
import { type Ask, wordOf } from '../../core/ask/ask.ts';
import { conflictOf } from '../../core/ask/conflict.ts';
import { type Asked, NO_RULE } from '../../core/ask/rule.ts';
import { type Cast, type Tally, type Vote, votesFor } from '../../core/ask/tally.ts';
import { advance, situationOf } from '../../core/incident/incident.ts';
import type { Answer } from '../../core/tell/answer.ts';
import { barredBy, type CaseFacts, type Count, countOf, recipientsMay, termsNow } from '../../core/tell/case.ts';
import { amountOf } from '../../core/tell/effect.ts';
import { storable } from '../../core/text.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { endReached } from '../record/ended.ts';
import { announce, type Note, personOf, record } from '../record/record.ts';
import { NOT_WAITING } from '../record/wait.ts';
import { type Gathered, gather, othersIn, withdraw } from './again.ts';
import { type Approval, type Decided, type Ready, type Refusal, said } from './decision.ts';
import { formNeeded } from './form.ts';
import type { Standing } from './standing.ts';
import { startRun } from './start.ts';
import { sendToSignIn } from './ticket.ts';

/**
 * One vote for one action on one plan, and what follows if it was the last that was needed. Whoever counted before is
 * looked at again at that moment: the vote of somebody who was locked out since does not start anything.
 */
export async function approve(flow: Deciding, tx: Tx, approval: Approval): Promise<Decided> {
  const { incident, standing, action, facts, proof, looked } = approval;
  const terms = termsNow(facts, action);
  if (!terms) return { refusal: { code: 'policy', why: NO_RULE } };
  const notBefore = isUndo(action) ? undoVotesSince(flow, facts, terms) : '';
  const vote = voteOf(flow, approval, action);
  const count = (votes: readonly Vote[]) => countOf({ ...facts, votes }, { action, notBefore });
  const earlier = earlierVotes(facts, vote, notBefore);
  const { seats } = count([...earlier, vote]);
  if (!seats.some(({ role }) => standing.roles.includes(role))) return { refusal: { code: 'not-asked', seats } };
  // Whoever comes back from a sign-in was asked before.
  const asks = { reason: terms.reason, word: definitionOf(action).words.needs === 'word' && proof === null };
  const form = formNeeded(approval.press, amountOf(facts, action), asks);
  if (form) return form;
  if (terms.stepUp !== null && proof?.context !== terms.stepUp) return sendToSignIn(flow, tx, approval, terms.stepUp);
  const gathered = gather({ earlier, vote, looked, count, conflict: conflictIn(facts, action) });
  if ('askAbout' in gathered) return gathered;
  const { result, starts, gone, unsure, refused } = gathered;
  const notes = await withdraw(tx, incident.id, gone);
  // Pressed again by the same person: counted once, but a quorum that was held up by an unreachable directory starts now.
  const isNew = refused === null && (await tx.decisions.add(incident.id, vote, notBefore));
  if (!isNew && !starts) {
    await record(flow, tx, notes);
    if (gone.length > 0) await announce(flow, tx, incident.id);
    return { refusal: refused ?? notStarted(unsure, result) };
  }
  await record(flow, tx, [...notes, voteNote(approval, vote, terms, result)]);
  if (starts) return beginOrConfirm(flow, tx, approval, terms, result);
  await drawWhenAged(tx, incident.id, action, terms);
  await announce(flow, tx, incident.id);
  return said(countedAnswer(incident.id, vote, gathered));
}

/** Said before by the same person: why it still starts nothing. */
export function notStarted(unsure: readonly Cast[], { people, needed }: Tally): Refusal {
  if (unsure.length === 0) return { code: 'repeated' };
  return { code: 'unchecked', people: unsure.map(({ name }) => name), counted: people.length, needed };
}

/** What others said of the same, as far as it counts. */
export function earlierVotes({ votes }: CaseFacts, vote: Vote, notBefore: string): readonly Vote[] {
  return votesFor(votes, { ...vote, notBefore }).filter(({ person }) => person !== vote.person);
}

export function conflictIn(facts: CaseFacts, ask: Ask) {
  const { plan, incident } = facts;
  return (who: Standing) =>
    barredBy(conflictOf(who, plan, incident.askers, incident.alert.received), recipientsMay(facts, ask));
}

export function voteOf(flow: Deciding, { press, standing, proof }: Ready, action: Ask): Vote {
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
    reason: press.reason === null ? null : storable(press.reason.trim()),
    signIn: proof,
  };
}

function voteNote({ incident, standing }: Approval, vote: Vote, terms: Asked, result: Count): Note {
  return {
    type: 'decision.approved',
    incident: incident.id,
    actor: personOf(standing),
    platform: vote.platform,
    planDigest: vote.planDigest,
    detail: {
      action: wordOf(vote.action),
      count: result.people.length,
      needed: result.needed,
      rule: terms.rule,
      seats: result.seats,
      roles: standing.roles,
      over: result.over,
      reason: vote.reason,
      signIn: vote.signIn,
      account: vote.account,
      votedAt: vote.at,
    },
  };
}

function countedAnswer(incident: string, vote: Vote, gathered: Gathered<Vote, Count>): Answer {
  const { people, needed, over } = gathered.result;
  const code = people.includes(vote.person) ? 'vote-counted' : 'vote-recorded';
  return { code, incident, plan: vote.planDigest, counted: people.length, needed, over, others: othersIn(gathered) };
}

/** A second after it has aged. Whatever is queued for the incident comes sooner, or is brought forward by this. */
async function drawWhenAged(tx: Tx, incident: string, action: Action, { expiryMinutes }: Asked): Promise<void> {
  if (isUndo(action)) await tx.jobs.send({ queue: 'expire', incident }, expiryMinutes * 60_000 + 1_000);
}

/** An undo has no deadline: its votes age, and each undo needs new ones. */
function undoVotesSince(flow: Deciding, { runs }: CaseFacts, terms: Asked): string {
  const aged = Date.parse(flow.clock.now()) - terms.expiryMinutes * 60_000;
  const lastUndo = runs.findLast((run) => isUndo(run.action));
  // Later than the votes that started the last one, which may bear the same millisecond.
  return new Date(lastUndo ? Math.max(aged, Date.parse(lastUndo.startedAt) + 1) : aged).toISOString();
}

async function beginOrConfirm(
  flow: Deciding,
  tx: Tx,
  { incident, plan, action, brake }: Approval,
  terms: Asked,
  { people, seats, over }: Count,
): Promise<Decided> {
  if (beginsAtOnce(action)) return confirmContainment(flow, tx, incident.id, people);
  const copies = await startRun(flow, tx, {
    incident,
    plan,
    action,
    cause: situationOf(incident) === 'contained' ? 'roll-back' : 'approved',
    brake,
    approvedBy: people,
    because: { rule: terms.rule, seats, over },
  });
  return said({ code: 'run-started', action, mode: plan.mode, incident: incident.id, copies });
}

/** What was done first is now approved: there is nothing more to do. */
async function confirmContainment(flow: Deciding, tx: Tx, id: string, people: readonly string[]): Promise<Decided> {
  const incident = await tx.incidents.get(id);
  const state = incident && advance(situationOf(incident), 'confirmed');
  if (!state) throw new Error('only a containment can be confirmed');
  await record(flow, tx, [
    {
      type: 'containment.confirmed',
      incident: id,
      planDigest: incident.planDigest,
      detail: { approvedBy: people },
    },
  ]);
  await announce(flow, tx, id, { state, ...NOT_WAITING });
  await endReached(flow, tx, id);
  return said({ code: 'containment-confirmed', incident: id });
}
