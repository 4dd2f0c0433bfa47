import { engineFor } from '../action/engine.ts';
import { SEEN_BACK } from '../action/outcome.ts';
import type { Plan } from '../find/plan.ts';
import { countHomes } from '../find/release.ts';
import { type Situation, situationOf } from '../incident/incident.ts';
import { count, number } from '../text.ts';
import type { CaseFacts } from './case.ts';
import type { RunFacts } from './run-facts.ts';

/** The words of a case about what automation took out: nobody here removed it, and nothing of it is still there. */

export const isOfAutomation = ({ incident }: Pick<CaseFacts, 'incident'>): boolean =>
  incident.alert.automation !== undefined;

export const RELEASE_HEADLINE = 'Taken out by Defender on its own';
export const UNTOUCHED = 'Defender took it out on its own; nothing was put back yet.';

/** The sentence of what is over or empty; null where the usual one is true. `summary`: of the last run. */
export function releaseLine(facts: CaseFacts, run: RunFacts | undefined, summary: string): string | null {
  if (!isOfAutomation(facts)) return null;
  const situation = situationOf(facts.incident);
  if (situation === 'open' && facts.plan?.copies.length === 0) return emptyLine(facts.plan);
  if (situation === 'expired') return 'Nobody decided in time. Nothing was done; the mail stays out.';
  if (situation !== 'restored' || !run) return null;
  if (run.cancelledAt === null) return `Put back: ${summary}`;
  const back = SEEN_BACK.reduce((sum, outcome) => sum + run.outcomes[outcome], 0);
  return `Cancelled: ${number(back)} of ${count(run.total, 'copy', 'copies')} put back. ${summary}`;
}

function emptyLine({ denied, failed, unreachable, finders }: Plan): string {
  // Nobody was asked: there was nothing left to ask by.
  if (finders.length === 0)
    return 'Such lists are kept for 37 days, and this one is forgotten: nothing was looked for, and nothing can be put back from here.';
  const unseen = denied.length + failed.length + unreachable.length;
  return unseen > 0
    ? `Nothing seen that could be put back, but ${count(unseen, 'mailbox', 'mailboxes')} could not be looked into.`
    : 'Nothing of it lies where a mailbox could give it back any more.';
}

/** For a glance; null where the usual words are true. */
export function releaseState(facts: CaseFacts, situation: Situation, isTroubled: boolean): string | null {
  if (!isOfAutomation(facts) || situation !== 'restored') return null;
  return isTroubled ? 'Put back, with trouble' : 'Put back: can be read again';
}

/** Where the copies of the list go, and how that is known: part of what people approve. */
export function homeLines(plan: Plan): readonly string[] {
  const { copies, engine: terms } = plan;
  if (copies.length === 0) return [];
  const { 'our list': seen, delivery, 'not known': unknown } = countHomes(plan);
  const ordered = copies.filter((copy) => engineFor('release', copy, terms) === 'defender').length;
  const of = (n: number) =>
    n === copies.length ? `All ${count(n, 'copy', 'copies')}` : `${number(n)} of ${number(copies.length)} copies`;
  return [
    ...(unknown > 0
      ? [`${of(unknown)}: nobody knows in which folder ${unknown === 1 ? 'it was' : 'they were'}, so the Inbox it is.`]
      : []),
    ...(seen > 0
      ? [
          `${of(seen)}: back into the folder in which an earlier list of Clawback had seen ${seen === 1 ? 'it' : 'them'}.`,
        ]
      : []),
    ...(delivery > 0
      ? [
          `${of(delivery)}: back into Junk Email, into which ${delivery === 1 ? 'it was' : 'they were'} delivered, says Defender.`,
        ]
      : []),
    ...(ordered > 0
      ? [
          `${of(ordered)} through Defender: it takes an order on, does it minutes to hours later, and knows no folder but the Inbox.`,
        ]
      : []),
  ];
}
