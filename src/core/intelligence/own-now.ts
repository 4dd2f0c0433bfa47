import { instantOf } from '../instant.ts';
import type { Consent, PersonFacts, RuleChange } from './facts.ts';

/** What the mailbox and the account say now, put beside what the log says was done. */

interface RuleNow {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** Left out where it is not told. */
  readonly does?: RuleDoes;
}

export interface RuleDoes {
  readonly deletes: boolean;
  readonly moves: boolean;
  readonly copies: boolean;
  readonly marksRead: boolean;
  /** Lower case, as they are told: not always mail addresses. */
  readonly sendsTo: readonly string[];
}

interface GrantNow {
  readonly id: string;
  readonly scopes: readonly string[];
}

/**
 * Null: nobody has asked the mailbox. A rule goes by its name, which several may share, and by what it does: whoever hides one names it
 * like one that can be seen, and what is seen must not answer for it.
 */
export function withRulesNow(rules: PersonFacts['rules'], now: readonly RuleNow[] | null): readonly RuleChange[] {
  if (now === null) return rules;
  return rules.map((rule) => {
    const same = now.filter(({ name }) => name === rule.name);
    const fitting = same.filter(({ does }) => does === undefined || mayBe(rule, does));
    const on = fitting.filter(({ isEnabled }) => isEnabled);
    const isMissing = same.length > 0 && (fitting.length === 0 || madeAs(rules, rule.name) > same.length);
    const stands = isMissing ? 'beside' : on.length > 0 ? 'on' : same.length > 0 ? 'off' : 'not shown';
    return { ...rule, stands, id: on.length === 1 && !isMissing ? (on[0]?.id ?? null) : null };
  });
}

/** Whether what is shown can be what the log tells of. Exchange deletes by moving as well. */
function mayBe({ isEnd, deletes, moveTo, marksRead, sendsTo }: RuleChange, does: RuleDoes): boolean {
  if (isEnd) return true;
  const takesAway = does.deletes || does.moves;
  if (deletes && !takesAway) return false;
  // What Outlook on a desktop copies is told as moved.
  if (moveTo !== null && !takesAway && !does.copies) return false;
  if (marksRead && !does.marksRead) return false;
  // Of people inside, Graph may tell a name of the directory, which nobody here can compare.
  return does.sendsTo.some((to) => !to.includes('@')) || sendsTo.every((to) => does.sendsTo.includes(to.toLowerCase()));
}

/** Rules that were made under this name and are not gone, as the log has them, of which it may tell one twice. */
function madeAs(rules: PersonFacts['rules'], name: string): number {
  const of = (turn: RuleChange['turn']) =>
    new Set(rules.filter((one) => one.name === name && one.turn === turn).map((one) => JSON.stringify(one))).size;
  return of('made') - of('gone');
}

/** What was given a moment ago is not in the list of a person yet [learn: oauth2permissiongrant-list]; for how long, nobody says: ours. */
const LISTED_AFTER_MS = 3_600_000;

/**
 * By the id that the log names, and by nothing else: another app of the same person may be let to as much, and would be taken
 * for this one. Where that id is not there but something lets an app do the same, nobody says whether it was given again.
 * `at`: ISO time of the list, in which a fresh consent may be missing: nothing is said then of whether it is there.
 */
export function withGrantsNow(
  consents: PersonFacts['consents'],
  now: readonly GrantNow[] | null,
  at: string,
): readonly Consent[] {
  if (now === null) return consents;
  return consents.map((consent) => {
    // What holds for everybody is no grant of this person.
    if (consent.isForAll) return consent;
    if (now.some(({ id }) => id === consent.grant)) return { ...consent, isThere: true };
    const isLike = now.some(({ scopes }) => consent.scopes.every((scope) => scopes.includes(scope)));
    const isFresh = instantOf(at) - instantOf(consent.at) < LISTED_AFTER_MS;
    return { ...consent, isThere: isLike || isFresh ? null : false };
  });
}
