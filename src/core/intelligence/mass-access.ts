import { instantOf } from '../instant.ts';
import { count, inert } from '../text.ts';
import type { PersonFacts } from './facts.ts';
import { found, HOUR_MS, latestOf, type PersonFinding } from './finding.ts';

/** detection-rules "excessive MailItemsAccessed": so many in one record, or more than Exchange counts. */
const MANY = 100;

/**
 * An application opened very much of the mailbox since the mail came. One that had not been there before is medium; Outlook itself does
 * it when it fills a new device. What we read ourselves is left out, by our client id.
 */
export function massAccess({ person, accesses, mailAt, ourApps }: PersonFacts): readonly PersonFinding[] {
  const theirs = accesses.filter(({ app }) => !ourApps.has(app));
  const isSince = ({ at }: { readonly at: string }) => instantOf(at) >= instantOf(mailAt);
  const known = new Set(theirs.filter((one) => !isSince(one)).map(({ app }) => app));
  const many = theirs.filter((one) => isSince(one) && (one.mails >= MANY || one.isThrottled));
  const [worst] = many.toSorted((a, b) => Number(known.has(a.app)) - Number(known.has(b.app)) || b.mails - a.mails);
  if (!worst) return [];
  const isNew = known.size > 0 && !known.has(worst.app);
  return [
    found('mass-access', person, {
      strength: isNew ? 'medium' : 8,
      sentence: `${isNew ? 'An application that had not been there before' : 'An application'} opened ${worst.isThrottled ? 'more mails than Exchange counts' : count(worst.mails, 'mail')} within an hour (client ${inert(worst.app || 'not told', 40)}).`,
      sources: ['mailbox events'],
      at: worst.at,
      row: {
        app: worst.app,
        mails: worst.mails,
        isThrottled: worst.isThrottled,
        last: latestOf(
          many.map(({ at }) => at),
          HOUR_MS,
        ),
      },
      measure: isNew ? { kind: 'revoke-sessions', ref: '', name: '' } : null,
    }),
  ];
}
