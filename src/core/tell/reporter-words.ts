import type { Ended, EndName } from '../record/ends.ts';
import { count, inertOr } from '../text.ts';

/** What somebody who reported a mail is told of its end: what was seen, in plain words, and no names of others. */

const WHOLE: Readonly<Record<EndName, (copies: number) => string>> = {
  removed: (copies) =>
    `It was malicious and has been taken out of mailboxes: ${count(copies, 'copy', 'copies')} of it, each seen gone.`,
  'set-aside': (copies) => `It was moved to Junk Email: ${count(copies, 'copy', 'copies')} of it, each seen there.`,
  harmless: () => 'People have looked at it and found it harmless. Nothing was removed.',
  'put-back': (copies) =>
    `It was put back into mailboxes after it had been taken out: ${count(copies, 'copy', 'copies')} of it, each seen back.`,
  exercise: () => 'It was a phishing exercise of your own organisation. Nothing was removed.',
};
/** Where not every copy was seen where this end says that it is. */
const IN_PART: Readonly<Partial<Record<EndName, string>>> = {
  removed: 'It was malicious and is being taken out of mailboxes. Not every copy was seen gone yet: leave yours alone.',
  'set-aside': 'It is being moved to Junk Email. Not every copy was seen there yet.',
  'put-back': 'It is being put back into mailboxes. Not every copy was seen back yet.',
};

/** `subject`: of the reported mail, as it is. */
export function reporterLines(
  { is, whole, outcome }: Pick<Ended, 'is' | 'whole' | 'outcome'>,
  subject: string | null,
): readonly string[] {
  const mail =
    subject === null ? 'A mail without a subject' : `The mail \u201c${inertOr(subject, '(no subject)', 120)}\u201d`;
  const end = whole ? WHOLE[is](outcome?.copies ?? 0) : (IN_PART[is] ?? WHOLE[is](outcome?.copies ?? 0));
  return [`${mail}, which you reported or asked about, was looked at.`, end, 'Thank you for telling.'];
}
