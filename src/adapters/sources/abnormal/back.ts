import type { Back, End, TellingBack, ToldBack } from '../../../ports/source.ts';
import { type Answered, askJson } from '../reading/ask.ts';
import { later } from '../reading/cursor.ts';
import { listAt, readJson, textAt } from '../reading/payload.ts';

export const HOME = 'https://api.abnormalplatform.com/v1';

/**
 * Abnormal takes one word about a message: that it was none (`/detection360/reports`, report type false-positive). Its actions
 * on threats move mail, and are left alone. A report has no key of its own: those of the last month are looked through before
 * one is made.
 */
export const back: Back = { needs: 'an access token that may file Detection 360 reports', url: HOME, tell };

const NO_REPORTS: ToldBack = { kind: 'nothing', why: 'it takes no reports at this address (404)' };
const BACK_MS = 30 * 86_400_000;

async function tell({ url, secrets, now }: TellingBack, end: End, until: AbortSignal): Promise<ToldBack> {
  if (end.is !== 'harmless')
    return { kind: 'nothing', why: 'Abnormal takes no word about what was removed or put back' };
  const link = linkOf(end);
  if (link === null) return { kind: 'nothing', why: 'no page of Abnormal is known for the message' };
  const at = `${(url ?? HOME).replace(/\/$/, '')}/detection360/reports`;
  const headers = { authorization: `Bearer ${secrets[0] ?? ''}` };
  const times = `start=${encodeURIComponent(second(later(now, -BACK_MS)))}&end=${encodeURIComponent(second(now))}`;
  const known = await askJson({ url: `${at}?inquiry_type=false-positive&${times}`, headers, until });
  if (known.kind === 'failed') return failed(known);
  if (known.status === 404) return NO_REPORTS;
  const about = listAt(known.value).flatMap((one) => listAt(one, 'messages').flatMap((id) => textAt(id) ?? []));
  if (about.includes(end.alert)) return { kind: 'known' };
  const post = { report_type: 'false-positive', portal_link: link, description: end.words };
  const said = await askJson({ url: at, headers, until, post });
  if (said.kind === 'failed') return failed(said);
  return said.status === 404 ? NO_REPORTS : { kind: 'told' };
}

const second = (time: string) => time.replace(/\.\d+Z$/, 'Z');

/** Of the row of this message: one threat tells of many. */
function linkOf({ alert, rows }: End): string | null {
  for (const text of rows) {
    const row = readJson(text)?.value;
    const link = textAt(row, 'abxPortalUrl');
    const id = textAt(row, 'abxMessageIdStr') ?? textAt(row, 'abxMessageId');
    if (id === alert && link !== null && URL.parse(link)?.protocol === 'https:') return link;
  }
  return null;
}

function failed({ why, waitMs }: Extract<Answered, { readonly kind: 'failed' }>): ToldBack {
  return { kind: 'failed', why, waitMs };
}
