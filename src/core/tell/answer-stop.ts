import type { Seat } from '../ask/policy.ts';
import { seatWords } from '../ask/rule.ts';
import type { Nothing, Words } from './coded.ts';
import { type Others, othersWords } from './voters.ts';

/** What somebody is told who stops Clawback, or wants it to go on. */

export interface StopFacts {
  readonly 'stop-begun': Nothing;
  readonly 'stop-holds': Nothing;
  readonly 'stop-not-allowed': Nothing;
  readonly 'not-stopped': Nothing;
  readonly lifted: Nothing;
  /** Put there by somebody who has this machine: nobody lifts it from a chat. */
  readonly 'stop-file-there': Nothing;
  readonly 'lift-not-asked': { readonly seats: readonly Seat[] };
  /** Locked out, or without the role, since the command was typed. */
  readonly 'lift-not-counted': Nothing;
  readonly 'lift-counted': { readonly counted: number; readonly needed: number; readonly others: Others };
  readonly 'lift-repeated': { readonly counted: number; readonly needed: number; readonly others: Others };
}

export const STOP_WORDS: Words<StopFacts> = {
  'stop-begun': () => ['Stopped. Nothing new begins; a chunk under way still ends.'],
  'stop-holds': () => ['Clawback is stopped already.'],
  'stop-not-allowed': () => ['You hold no role here, so I do not stop for you. Nothing was done.'],
  'not-stopped': () => ['Clawback is not stopped.'],
  lifted: () => ['The stop is lifted. What was held up goes on.'],
  'stop-file-there': () => ['The stop file is still there: whoever put it there has to take it away first.'],
  'lift-not-asked': ({ seats }) => [`Your roles are not asked for this: it takes ${seatWords(seats)}.`],
  'lift-not-counted': () => ['Who you are and what you may do was looked at again: your vote does not count now.'],
  'lift-counted': ({ counted, needed, others }) => [
    `Your vote counts: ${counted} of ${needed} to go on.${othersWords(others)}`,
  ],
  'lift-repeated': ({ counted, needed, others }) => [
    `Your vote is counted already: ${counted} of ${needed}.${othersWords(others) || ' It takes another person to go on.'}`,
  ],
};
