import type { Back, End, EndName, GraphReading, TellingBack, ToldBack } from '../../../ports/source.ts';
import { textAt } from '../reading/payload.ts';

/**
 * A submission of a user is reviewed with what people here found it to be; Microsoft tells the reporter by its own mail, as
 * the tenant has set it up, and does nothing to mailboxes because of it
 * [learn.microsoft.com/graph/api/security-emailthreatsubmission-review]. A review has no words of its own, and there is one of
 * each submission: what people there have reviewed stays as they have it.
 */
export const back: Back = {
  needs: 'ThreatSubmission.ReadWrite.All for the mail executor',
  url: '',
  byGraph: 'review',
  tell,
};

async function tell({ graph }: TellingBack, end: End): Promise<ToldBack> {
  if (!graph) return failed('there is no way to Microsoft Graph');
  const category = categoryOf(end);
  if (category === null) return { kind: 'nothing', why: WITHOUT_A_WORD[end.is] ?? NO_WORD };
  const path = `/security/threatSubmission/emailThreats/${encodeURIComponent(end.alert)}`;
  try {
    const known = await graph.get(path, 'beta');
    if (known.status === 404) return { kind: 'nothing', why: 'the submission is not there any more' };
    if (known.status !== 200) return refused(known);
    const reviewed = reviewIn(known.body);
    if (reviewed === category) return { kind: 'known' };
    if (reviewed !== null) return { kind: 'nothing', why: `it was reviewed as ${reviewed} before, and that stays` };
    if (textAt(known.body, 'source')?.toLowerCase() !== 'user')
      return { kind: 'nothing', why: 'only what a user submitted can be reviewed' };
    const said = await graph.change('POST', `${path}/review`, { category }, 'beta');
    return said.status === 204 || said.status === 200 ? { kind: 'told' } : refused(said);
  } catch (error) {
    return failed(`no answer: ${error instanceof Error ? error.message.slice(0, 150) : 'no reason given'}`);
  }
}

/** The values of submissionCategory; what is confirmed as bad without a better word is phishing. */
const CATEGORIES: Readonly<Record<End['verdict'], string>> = {
  phishing: 'phishing',
  bec: 'phishing',
  suspicious: 'phishing',
  malware: 'malware',
  spam: 'spam',
};

function categoryOf({ is, verdict }: End): string | null {
  if (is === 'harmless') return 'notJunk';
  return is === 'removed' || is === 'set-aside' ? CATEGORIES[verdict] : null;
}

const NO_WORD = 'a review has no word for it';
const WITHOUT_A_WORD: Readonly<Partial<Record<EndName, string>>> = {
  exercise: 'a review has no word for an exercise; Microsoft answers reports of its own by itself',
  'put-back': 'a review has no word for mail that was put back',
};

/** What it was reviewed as; null while nobody has. */
function reviewIn(submission: unknown): string | null {
  if (textAt(submission, 'adminReview', 'reviewDateTime') === null) return null;
  return textAt(submission, 'adminReview', 'reviewResult') ?? 'something else';
}

function refused({ status, waitMs }: Awaited<ReturnType<GraphReading['get']>>): ToldBack {
  const why =
    status === 401 || status === 403
      ? `Microsoft Graph refuses (${status}): grant ThreatSubmission.ReadWrite.All`
      : `Microsoft Graph answers with ${status}`;
  return { kind: 'failed', why, waitMs };
}

const failed = (why: string): ToldBack => ({ kind: 'failed', why, waitMs: null });
