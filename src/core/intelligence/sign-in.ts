import { instantOf } from '../instant.ts';
import { inertOr } from '../text.ts';
import { clickBefore } from './clicked.ts';
import type { PersonFacts, SignIns } from './facts.ts';
import { found, latestOf, type PersonFinding } from './finding.ts';
import { networkOf } from './network.ts';

/**
 * After the mail somebody signed in to the account from a network or a country that it had not been used from in the days before. Of
 * an account without earlier sign-ins nothing can be called new. A new network alone is weak: people travel, and telephones change it.
 */
export function signIn(facts: PersonFacts): readonly PersonFinding[] {
  const { person, signIns, mailAt } = facts;
  const isBefore = ({ first }: SignIns) => instantOf(first) < instantOf(mailAt);
  const before = signIns.filter(isBefore);
  if (before.length === 0) return [];
  const networks = new Set(before.map(({ ip }) => networkOf(ip)));
  const countries = new Set(before.map(({ country }) => country).filter((country) => country !== ''));
  const fresh = signIns.filter((group) => !isBefore(group) && !networks.has(networkOf(group.ip)));
  const judged = fresh.map((group) => judge(facts, group, countries));
  const [worst] = judged.sort((a, b) => b.points - a.points || (a.group.first < b.group.first ? -1 : 1));
  if (!worst) return [];
  const { group, isAbroad, isAfterClick, isSingle } = worst;
  const ways = [
    isAbroad
      ? `from a country it had not been used from, ${inertOr(group.country, '', 4)}`
      : 'from a network it had not been used from',
    ...(isAfterClick ? ['within an hour of the click'] : []),
    ...(isSingle ? ['with a single factor'] : []),
  ];
  return [
    found('sign-in', person, {
      strength: isAfterClick ? 'strong' : isAbroad ? 'medium' : 7,
      sentence: `Signed in ${ways.join(', ')} (${inertOr(group.ip, 'no address', 45)}).`,
      sources: isAfterClick ? ['sign-ins', 'link clicks'] : ['sign-ins'],
      at: group.first,
      row: {
        ip: group.ip,
        country: group.country,
        times: group.times,
        singleFactor: group.singleFactor,
        unmanaged: group.unmanaged,
        last: latestOf(fresh.map(({ last }) => last)),
        earlierNetworks: networks.size,
        earlierCountries: [...countries].sort().join(' '),
      },
      measure: { kind: 'revoke-sessions', ref: '', name: '' },
    }),
  ];
}

function judge(facts: PersonFacts, group: SignIns, countries: ReadonlySet<string>) {
  const isAbroad = group.country !== '' && countries.size > 0 && !countries.has(group.country);
  const isAfterClick = clickBefore(facts, group.first) !== null;
  const isSingle = group.singleFactor > 0;
  const points = (isAfterClick ? 4 : 0) + (isAbroad ? 2 : 0) + (isSingle ? 1 : 0);
  return { group, isAbroad, isAfterClick, isSingle, points };
}
