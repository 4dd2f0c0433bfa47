import { instantOf } from '../instant.ts';
import { count } from '../text.ts';
import type { PersonFacts } from './facts.ts';
import { found, HOUR_MS, latestOf, type PersonFinding } from './finding.ts';

/** Our own floor: few people write to more in an hour by hand. */
const MANY_RECIPIENTS = 20;
/** So much more than in any hour before the mail. */
const TIMES_USUAL = 2;

/** The account wrote to very many within an hour since the mail came, and never did before. Who always does is weak. */
export function burst({ person, bursts, mailAt }: PersonFacts): readonly PersonFinding[] {
  const isSince = ({ at }: { readonly at: string }) => instantOf(at) >= instantOf(mailAt);
  const before = bursts.filter((one) => !isSince(one)).map(({ recipients }) => recipients);
  const usual = before.toSorted((one, other) => other - one)[0] ?? 0;
  const many = bursts.filter((one) => isSince(one) && one.recipients > MANY_RECIPIENTS);
  const [worst] = many.toSorted((a, b) => b.recipients - a.recipients);
  if (!worst) return [];
  const isUnusual = worst.recipients > usual * TIMES_USUAL;
  return [
    found('burst', person, {
      strength: isUnusual ? 'medium' : 6,
      sentence: `Wrote to ${count(worst.recipients, 'recipient')} within an hour${usual > 0 ? `; at most ${count(usual, 'recipient')} in an hour before` : ''}.`,
      sources: ['sent mail'],
      at: worst.at,
      row: {
        messages: worst.messages,
        recipients: worst.recipients,
        usual,
        last: latestOf(
          many.map(({ at }) => at),
          HOUR_MS,
        ),
      },
      measure: isUnusual ? { kind: 'revoke-sessions', ref: '', name: '' } : null,
    }),
  ];
}
