import { type Action, beginsAtOnce, bringsBack, definitionOf } from './action.ts';
import { defenderNameOf, isByDefenderAlone, type KnownCopy } from './engine-names.ts';

/**
 * Who carries an action out: the mailbox itself, copy by copy, or Microsoft Defender for Office 365, which takes an order on and
 * needs no permission on mailboxes. Which of them it is, is settled with the list that people approve.
 */

export const ENGINES = ['mailbox', 'defender'] as const;
export type Engine = (typeof ENGINES)[number];

/** Part of what people approve. A list without it is from before there was a choice, or of a tenant without one: by mailbox. */
export interface EngineTerms {
  readonly first: Engine;
  /** Whether the other one takes what the first cannot do. */
  readonly fallback: boolean;
}

/**
 * Who does this to this copy; null: nobody whom the list allows. Marks can only be set in the mailbox. What is done before
 * people have looked has to come back exactly, which Defender cannot: it puts mail back into the Inbox, whatever folder it was
 * in. So a mailbox that may be asked is the first choice for what brings mail back.
 */
export function engineFor(action: Action, copy: KnownCopy, terms: EngineTerms | undefined): Engine | null {
  const able = orderOf(terms).filter((engine) =>
    engine === 'mailbox' ? !isByDefenderAlone(copy) : canByDefender(action) && defenderNameOf(copy) !== null,
  );
  return bringsBack(action) && able.includes('mailbox') ? 'mailbox' : (able[0] ?? null);
}

export function canByDefender(action: Action): boolean {
  const { of } = definitionOf(action).effect;
  return !beginsAtOnce(action) && of !== 'mark';
}

export function orderOf(terms: EngineTerms | undefined): readonly Engine[] {
  if (!terms) return ['mailbox'];
  const second = terms.first === 'mailbox' ? 'defender' : 'mailbox';
  return terms.fallback ? [terms.first, second] : [terms.first];
}

/** What has to become of a request to Defender whose effect is not to be seen: it may take hours. */
export type Awaiting = 'wait' | 'once more' | 'enough';

/** Asked twice at most: Defender's own documentation advises to try again what is under way for long. */
const MOST_REQUESTS = 2;

/** `requests`: that may have left so far, the last of them `sinceMs` ago. */
export function awaiting(requests: number, sinceMs: number, patienceMs: number): Awaiting {
  if (sinceMs < patienceMs) return 'wait';
  return requests < MOST_REQUESTS ? 'once more' : 'enough';
}

const SHORTEST_REST_MS = 1_500;
const LONGEST_REST_MS = 60_000;

/** How long until it is looked for again. */
export function restByDefender(patienceMs: number): number {
  const part = patienceMs / 20;
  if (part < SHORTEST_REST_MS) return SHORTEST_REST_MS;
  if (part > LONGEST_REST_MS) return LONGEST_REST_MS;
  return part;
}
