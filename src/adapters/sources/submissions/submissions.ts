import type { SourceVendor } from '../../../ports/source.ts';
import { askGraphList, type GraphList } from '../reading/graph-list.ts';
import { itemOf } from '../reading/item.ts';
import { readJson, textAt } from '../reading/payload.ts';
import { back } from './back.ts';
import { isReport, readSubmissions } from './read.ts';

/**
 * What users report to Microsoft with the button of Outlook, through the tenant's own Graph (ThreatSubmission.Read.All, beta
 * alone, public cloud), without a right on any mailbox. Analysis and review change a submission later without another time that
 * could be asked for, so that the last two hours are read again [learn.microsoft.com/graph/api/security-emailthreatsubmission-list].
 */
export const submissions = {
  kind: 'report',
  secrets: { form: /^$/, looks: 'none: it is asked as the mail executor' },
  read: (bytes, known) => {
    const body = readJson(bytes);
    return body ? readSubmissions(body.value, known) : [{ id: known.id, understood: { why: 'not-json' } }];
  },
  push: null,
  back,
  // 150 requests in 15 minutes are let through.
  pull: {
    byGraph: 'submissions',
    url: null,
    everyMs: 60_000,
    ask: (how, cursor) => askGraphList(SUBMISSIONS, how, cursor),
  },
} as const satisfies SourceVendor;

const PAGE = 100;

const SUBMISSIONS: GraphList = {
  what: 'submissions of users',
  version: 'beta',
  path: '/security/threatSubmission/emailThreats',
  query: (since) => `$top=${PAGE}&$filter=${encodeURIComponent(`createdDateTime ge ${since}`)}`,
  permission: 'ThreatSubmission.Read.All',
  firstBackMs: 24 * 3_600_000,
  overlapMs: 2 * 3_600_000,
  itemsOf: (all, now) =>
    all
      .filter(isReport)
      .flatMap((one) => readSubmissions(one, { now, id: textAt(one, 'id') ?? 'unnamed' }))
      .map(itemOf),
};
