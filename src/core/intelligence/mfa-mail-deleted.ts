import { instantOf } from '../instant.ts';
import { inert } from '../text.ts';
import type { PersonFacts } from './facts.ts';
import { found, latestOf, type PersonFinding } from './finding.ts';

const NOTICE =
  /\b(?:mfa|multi-?factor|two-?factor|2fa|authenticat(?:or|ion)|security info(?:rmation)?|verification code|new sign-?in|anmeldung|sicherheitsinfo)/i;

/** A notice about sign-in was deleted since the mail came: detection-rules "mfa_notification_email_deleted", low. People do it as well. */
export function mfaMailDeleted({ person, deletions, mailAt }: PersonFacts): readonly PersonFinding[] {
  const own = deletions.filter(({ at, subject }) => NOTICE.test(subject) && instantOf(at) >= instantOf(mailAt));
  const [notice] = own;
  if (!notice) return [];
  return [
    found('mfa-mail-deleted', person, {
      strength: 8,
      sentence: `A notice about signing in was deleted: \u201c${inert(notice.subject, 80)}\u201d.`,
      sources: ['mailbox events'],
      at: notice.at,
      row: { subject: notice.subject, last: latestOf(own.map(({ at }) => at)) },
    }),
  ];
}
