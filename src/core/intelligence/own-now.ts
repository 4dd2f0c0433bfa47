import { instantOf } from '../instant.ts';
import type { Consent, PersonFacts, RuleChange } from './facts.ts';

/** What the mailbox and the account say now, put beside what the log says was done. */

interface RuleNow {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
}

interface GrantNow {
  readonly id: string;
  readonly scopes: readonly string[];
}

/** Null: nobody has asked the mailbox. A rule goes by its name, which several may share: then it is there, and nobody says which. */
export function withRulesNow(rules: PersonFacts['rules'], now: readonly RuleNow[] | null): readonly RuleChange[] {
  if (now === null) return rules;
  return rules.map((rule) => {
    const same = now.filter(({ name }) => name === rule.name);
    const on = same.filter(({ isEnabled }) => isEnabled);
    const stands = on.length > 0 ? 'on' : same.length > 0 ? 'off' : 'not shown';
    return { ...rule, stands, id: on.length === 1 ? (on[0]?.id ?? null) : null };
  });
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
