import type { Back, End, EndName, GraphChanging, TellingBack, ToldBack } from '../../../ports/source.ts';
import { listAt, textAt } from '../reading/payload.ts';

/**
 * An alert of Defender is told what became of its mail: status, classification and determination, and a comment with what was
 * seen [learn.microsoft.com/graph/api/security-alert-update, security-alert-post-comments]. What people there have classified
 * stays as they have it, and an alert that speaks of mails which are still open stays open.
 */
export const back: Back = {
  needs: 'SecurityAlert.ReadWrite.All for the mail executor',
  url: '',
  byGraph: 'tell',
  tell,
};

async function tell({ graph }: TellingBack, end: End): Promise<ToldBack> {
  if (!graph) return failed('there is no way to Microsoft Graph');
  const path = `/security/alerts_v2/${encodeURIComponent(end.alert)}`;
  try {
    const alert = await graph.get(path);
    if (alert.status === 404) return { kind: 'nothing', why: 'the alert is not there any more' };
    if (alert.status !== 200) return refused(alert);
    if (commentsOf(alert.body).some((comment) => comment.includes(`${end.mark}:`))) return { kind: 'known' };
    const change = changeFor(alert.body, end);
    // The comment comes last: where it is, all is done.
    const changed = change ? await graph.change('PATCH', path, change) : null;
    if (changed && changed.status !== 200) return refused(changed);
    const said = await graph.change('POST', `${path}/comments`, { '@odata.type': COMMENT, comment: end.words });
    return said.status === 200 || said.status === 201 ? { kind: 'told' } : refused(said);
  } catch (error) {
    return failed(`no answer: ${error instanceof Error ? error.message.slice(0, 150) : 'no reason given'}`);
  }
}

const COMMENT = 'microsoft.graph.security.alertComment';

const commentsOf = (alert: unknown) => listAt(alert, 'comments').flatMap((one) => textAt(one, 'comment') ?? []);

/** `determination` goes with its classification; the words are those of the v1.0 metadata. */
const CLASSES: Readonly<
  Record<EndName, { readonly classification: string; readonly determination: string | null } | null>
> = {
  removed: { classification: 'truePositive', determination: null },
  'set-aside': { classification: 'truePositive', determination: null },
  harmless: { classification: 'falsePositive', determination: 'notMalicious' },
  exercise: { classification: 'informationalExpectedActivity', determination: 'securityTesting' },
  'put-back': null,
};
const DETERMINATIONS: Readonly<Record<End['verdict'], string>> = {
  phishing: 'phishing',
  malware: 'malware',
  bec: 'phishing',
  spam: 'other',
  suspicious: 'other',
};

/** Null: only the comment is left to say. */
function changeFor(alert: unknown, { whole, verdict }: End): Readonly<Record<string, string>> | null {
  const classes = whole && CLASSES[whole];
  if (!classes) return null;
  const known = textAt(alert, 'classification') ?? 'unknown';
  const { classification, determination } = classes;
  const own = known === 'unknown' ? { classification, determination: determination ?? DETERMINATIONS[verdict] } : {};
  const status = textAt(alert, 'status') === 'resolved' ? {} : { status: 'resolved' };
  const change = { ...status, ...own };
  return Object.keys(change).length > 0 ? change : null;
}

type Answered = Awaited<ReturnType<GraphChanging['get']>>;

function refused({ status, waitMs }: Answered): ToldBack {
  const why =
    status === 401 || status === 403
      ? `Microsoft Graph refuses (${status}): grant SecurityAlert.ReadWrite.All`
      : `Microsoft Graph answers with ${status}`;
  return { kind: 'failed', why, waitMs };
}

const failed = (why: string): ToldBack => ({ kind: 'failed', why, waitMs: null });
