import { wordOf } from '../../core/ask/ask.ts';
import type { Seat, Verb } from '../../core/ask/policy.ts';
import type { Tally, Vote } from '../../core/ask/tally.ts';
import { askWords } from '../../core/tell/ask-words.ts';
import { countOf, verbVotesSince } from '../../core/tell/case.ts';
import { amountOf } from '../../core/tell/effect.ts';
import type { Reply } from '../../ports/desk.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { announce, type Note, personOf, record } from '../record/record.ts';
import { gather, othersIn, withdraw } from './again.ts';
import { conflictIn, earlierVotes, notStarted, voteOf } from './approve.ts';
import { cancel } from './cancel.ts';
import { reject, reopen } from './close.ts';
import { type Agreed, type Decided, said, type VerbPress } from './decision.ts';
import { formNeeded } from './form.ts';
import { groupOf, takeIn } from './take-in.ts';

/** Verbs are decided like actions: by as many people as the policy says, each once, all of them looked at again. */

type Effect = (flow: Deciding, tx: Tx, agreed: Agreed) => Promise<Reply>;

const EFFECTS: Readonly<Record<Verb, Effect>> = { reject, reopen, 'take-in': takeIn, cancel };

export function decideVerb(flow: Deciding, tx: Tx, press: VerbPress, verb: Verb): Promise<Decided> {
  const asks = { reason: askWords(verb).needs === 'reason', word: false };
  const form = formNeeded(press.press, amountOf(press.facts, verb), asks);
  return form && isAsked(press, verb) ? Promise.resolve(form) : byVote(flow, tx, press, verb);
}

function isAsked({ facts, standing }: VerbPress, verb: Verb): boolean {
  return countOf(facts, { action: verb, notBefore: '' }).seats.some(({ role }) => standing.roles.includes(role));
}

/** One vote for a verb, and its effect in the same transaction if it was the last that was needed. */
async function byVote(flow: Deciding, tx: Tx, press: VerbPress, verb: Verb): Promise<Decided> {
  const { incident, standing, facts, looked } = press;
  const notBefore = verbVotesSince(facts, verb);
  const group = verb === 'take-in' ? (groupOf(press)?.key ?? '') : undefined;
  const vote = { ...voteOf(flow, press, verb), ...(group === undefined ? {} : { reason: group }) };
  const about = { action: verb, notBefore, ...(group === undefined ? {} : { group }) };
  const count = (votes: readonly Vote[]) => countOf({ ...facts, votes }, about);
  const earlier = earlierVotes(facts, vote, notBefore);
  const { seats } = count([vote]);
  if (!isAsked(press, verb)) return { refusal: { code: 'not-asked', seats } };
  const gathered = gather({ earlier, vote, looked, count, conflict: conflictIn(facts, verb) });
  if ('askAbout' in gathered) return gathered;
  const { result, starts, gone, unsure, refused } = gathered;
  const notes = await withdraw(tx, incident.id, gone);
  if (starts) {
    const people = [...earlier, vote].filter(({ person }) => result.people.includes(person));
    return EFFECTS[verb](flow, tx, { press: press.press, facts, standing, people, seats, notes });
  }
  const isNew = refused === null && (await tx.decisions.add(incident.id, vote, notBefore));
  await record(flow, tx, isNew ? [...notes, verbNote(press, vote, result, seats)] : notes);
  if (isNew || gone.length > 0) await announce(flow, tx, incident.id);
  if (!isNew) return { refusal: refused ?? notStarted(unsure, result) };
  const tally = { counted: result.people.length, needed: result.needed };
  return said({ code: 'verb-counted', verb, incident: incident.id, ...tally, others: othersIn(gathered) });
}

function verbNote(
  { incident, standing }: VerbPress,
  vote: Vote,
  { people, needed }: Tally,
  seats: readonly Seat[],
): Note {
  return {
    type: 'decision.approved',
    incident: incident.id,
    actor: personOf(standing),
    platform: vote.platform,
    planDigest: incident.planDigest,
    detail: {
      action: wordOf(vote.action),
      count: people.length,
      needed,
      rule: `verbs.${vote.action === 'take-in' ? 'takeIn' : vote.action}`,
      seats,
      roles: standing.roles,
      over: null,
      reason: vote.reason,
      signIn: null,
      account: vote.account,
      votedAt: vote.at,
    },
  };
}
