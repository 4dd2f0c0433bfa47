import { definitionOf } from '../action/action.ts';
import { noOutcomes } from '../action/outcome.ts';
import { type Situation, situationOf } from '../incident/incident.ts';
import { takenOutSince } from '../record/late.ts';
import type { CardView } from './card.ts';
import { type CaseFacts, lastRun } from './case.ts';
import { isIrreversible } from './effect.ts';
import { releaseState } from './release-words.ts';
import { hasTrouble, isInSight, leftBehind, type RunFacts, recoveredSince } from './run-facts.ts';

/** Where a case stands, in a few words and in a colour: for a glance, in the middle of the night. */

export function toneOf(facts: CaseFacts): CardView['tone'] {
  switch (situationOf(facts.incident)) {
    case 'received':
    case 'running':
      return 'busy';
    case 'open':
      return facts.plan && facts.plan.copies.length === 0 ? 'neutral' : 'attention';
    case 'flagged':
    case 'contained':
    case 'expired':
      return 'attention';
    case 'purged':
    case 'junked':
      return isPurgedWithTrouble(facts) ? 'bad' : 'good';
    case 'restored':
      // Nothing is wrong, and yet nothing is safe either: people read the mail again.
      return isTroubled(facts) ? 'bad' : 'neutral';
    case 'rejected':
      return isOutSince(facts) ? 'bad' : 'neutral';
    case 'rehearsed':
      return 'neutral';
  }
}

export function stateWords(facts: CaseFacts, asks: CardView['asks']): string {
  const run = lastRun(facts);
  const situation = situationOf(facts.incident);
  switch (situation) {
    case 'open':
    case 'flagged':
    case 'contained':
      return waiting(facts, asks, situation);
    case 'received':
      return facts.runs.length > 0 ? 'Looking again' : 'Looking for copies';
    case 'running':
      return run ? running(run) : 'Working';
    case 'rehearsed':
      return 'Dry run has ended';
    case 'purged':
      return withTrouble(facts, run && isIrreversible(run.action) ? 'Deleted for good' : 'Purged');
    case 'junked':
      return withTrouble(facts, 'In Junk Email');
    case 'restored':
      return (
        releaseState(facts, situation, isTroubled(facts)) ??
        (isTroubled(facts) ? 'Undone, with trouble' : 'Undone: can be read again')
      );
    case 'rejected':
      return facts.joinedInto === null ? 'Closed: not malicious' : 'Goes on elsewhere';
    case 'expired':
      return 'Nobody decided in time';
  }
}

function running({ action, mode }: RunFacts): string {
  return mode === 'dry-run' ? 'Dry run' : definitionOf(action).words.work;
}

function withTrouble(facts: CaseFacts, done: string): string {
  return isPurgedWithTrouble(facts) ? `${done}, with trouble` : done;
}

function waiting({ plan }: CaseFacts, asks: CardView['asks'], situation: Situation): string {
  if (asks === 'approval') return 'Approval needed';
  if (asks === 'confirmation') return 'Confirmation needed';
  if (plan && plan.copies.length === 0) return plan.unsure.length > 0 ? 'No copy is proven' : 'No copy seen';
  return situation === 'flagged' ? 'Flagged' : 'Nothing is allowed here';
}

function isPurgedWithTrouble(facts: CaseFacts): boolean {
  return isInSight(facts) || isTroubled(facts) || leftBehind(facts).length > 0;
}

function isTroubled(facts: CaseFacts): boolean {
  const run = lastRun(facts);
  // What is done once more is done for some of the copies: the others are as they were left before.
  const first = run?.cause === 'late' ? facts.runs.findLast(({ cause }) => cause !== 'late') : undefined;
  const isCancelled = run?.cancelledAt != null && facts.late.takenOut.some(({ run: of }) => of === run.id);
  const outcomes = [run, first?.cancelledAt == null ? undefined : first].map((one) => one?.outcomes ?? noOutcomes());
  return isOutSince(facts) || isCancelled || outcomes.some(hasTrouble) || recoveredSince(facts) > 0;
}

const isOutSince = (facts: CaseFacts) =>
  takenOutSince(facts.late, lastRun(facts), situationOf(facts.incident)).length > 0;
