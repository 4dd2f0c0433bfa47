import { type FlagTerms, maySeeFlags, unlookedTerm } from '../ask/flags.ts';
import { seatPeople, type Tally, type Voter } from '../ask/tally.ts';
import { type Flag, type FlagLook, isOwnMailbox, type Somebody } from './flag.ts';
import { isBlind } from './look-is.ts';

/** What people do about a flagged mailbox, and who may. */

export const FLAG_VERBS = ['take', 'contain', 'clear', 'reopen'] as const;
export type FlagVerb = (typeof FLAG_VERBS)[number];

/** Each of these says why in the record. */
export const NEEDS_WHY: ReadonlySet<FlagVerb> = new Set<FlagVerb>(['clear', 'reopen']);

export type FlagRefusal =
  /** Nobody decides about their own mailbox. */
  | 'own-mailbox'
  | 'no-role'
  /** It is theirs already. */
  | 'is-yours'
  /** Somebody has to take it first, or somebody else has. */
  | 'not-yours'
  /** It is not in a state in which there is anything to do. */
  | 'not-now'
  /** A second look saw findings, or was not possible now, and the policy clears nothing then. */
  | 'not-clean'
  /** Nothing was found, and something can never be looked at: the policy clears nothing then. */
  | 'not-looked';

const FROM: Readonly<Record<FlagVerb, readonly Flag['state'][]>> = {
  take: ['raised', 'in review'],
  contain: ['in review'],
  clear: ['in review', 'contained'],
  reopen: ['contained', 'cleared'],
};

export interface FlagPerson extends Somebody, Voter {}

/** Why somebody cannot do it now; null where they can. */
export function whyNot(verb: FlagVerb, flag: Flag, who: FlagPerson, terms: FlagTerms): FlagRefusal | null {
  if (!maySeeFlags(terms, who.roles)) return 'no-role';
  if (isOwnMailbox(flag, who)) return 'own-mailbox';
  const asked = verb === 'clear' ? terms.clear.map(({ role }) => role) : terms.review;
  if (!asked.some((role) => who.roles.includes(role))) return 'no-role';
  if (!FROM[verb].includes(flag.state)) return 'not-now';
  const isTheirs = flag.owner?.person === who.person;
  if (verb === 'take') return isTheirs ? 'is-yours' : null;
  return verb === 'contain' && !isTheirs ? 'not-yours' : null;
}

/** No findings were seen: whoever clears it need not rely on their word alone. */
const isClean = (look: FlagLook | null) => look?.is === 'seen' && look.findings === 0;

/** What the policy wants where a look was not clean. What can never be looked at is no finding, and is not waited for. */
function termFor(look: FlagLook, terms: FlagTerms): FlagTerms['unclean'] {
  if (isClean(look)) return 'accept';
  return isBlind(look) ? unlookedTerm(terms) : terms.unclean;
}

/** Why the policy clears nothing after such a look, whoever agrees; null where it does. */
export function whyNotClear(look: FlagLook, terms: FlagTerms): Extract<FlagRefusal, 'not-clean' | 'not-looked'> | null {
  if (termFor(look, terms) !== 'refuse') return null;
  return isBlind(look) ? 'not-looked' : 'not-clean';
}

/**
 * Who has agreed to clear it, and who is still needed. A second person is where the look was not clean, unless the policy does
 * without; and where the only one is whoever flagged it alone.
 */
export function clearTally(
  { byHand }: Pick<Flag, 'byHand'>,
  voters: readonly Voter[],
  look: FlagLook,
  terms: FlagTerms,
): Tally {
  const { clear } = terms;
  const tally = seatPeople(voters, clear);
  if (tally.needed > 1) return tally;
  const isUnclean = termFor(look, terms) === 'second person';
  const isAlone = tally.people.length === 1 && tally.people[0] === byHand;
  return isUnclean || isAlone
    ? seatPeople(
        voters,
        clear.map((seat) => ({ ...seat, count: 2 })),
      )
    : tally;
}
