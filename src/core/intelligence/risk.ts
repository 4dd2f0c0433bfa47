import { instantOf } from '../instant.ts';
import { inert } from '../text.ts';
import type { PersonFacts, Risk } from './facts.ts';
import { found, type PersonFinding, type Told } from './finding.ts';

const RANK = { low: 1, medium: 2, high: 3 } as const;
const STRENGTH = { low: 8, medium: 'medium', high: 'strong' } as const satisfies Record<
  Risk['level'],
  Told['strength']
>;

/**
 * What Entra ID Protection says of the account since the mail came. Confirmed by an administrator is strong whatever its level; what is
 * remediated or dismissed is over. learn.microsoft.com/entra/id-protection/concept-identity-protection-risks.
 */
export function risk({ person, risks, mailAt }: PersonFacts): readonly PersonFinding[] {
  const since = risks.filter(({ at, state }) => state !== 'over' && instantOf(at) >= instantOf(mailAt));
  const weigh = ({ state, level }: Risk) => (state === 'confirmed' ? 4 : RANK[level]);
  const [worst] = since.toSorted((a, b) => weigh(b) - weigh(a));
  if (!worst) return [];
  const isConfirmed = worst.state === 'confirmed';
  const why = worst.type === null ? '' : `: ${inert(worst.type, 60)}`;
  return [
    found('risk', person, {
      strength: isConfirmed ? 'strong' : STRENGTH[worst.level],
      sentence: isConfirmed ? `Confirmed as compromised in Entra${why}.` : `Entra sees a ${worst.level} risk${why}.`,
      sources: [worst.source],
      at: worst.at,
      row: { level: worst.level, state: worst.state, type: worst.type, times: since.length },
      measure: { kind: isConfirmed ? 'disable-account' : 'mark-compromised', ref: '', name: '' },
    }),
  ];
}
