import { nextLink } from './query.ts';
import { badRequest, fail, type Json, ok, type Reply } from './reply.ts';
import type { Route, Task } from './types.ts';

/**
 * What users have submitted, beta alone: learn.microsoft.com/graph/api/security-emailthreatsubmission-list takes $filter, $top,
 * $skipToken and $count and no other option; -get none; -review is for what a user submitted.
 */

const PATH = '/security/threatSubmission/emailThreats';
const LIST = ['security', 'threatsubmission', 'emailthreats'];
const READ = ['ThreatSubmission.Read.All'];

export const SUBMISSION_ROUTES: readonly Route[] = [
  { operation: 'listSubmissions', method: 'GET', pattern: LIST, roles: READ, handle: listSubmissions },
  { operation: 'getSubmission', method: 'GET', pattern: [...LIST, ':submission'], roles: READ, handle: getSubmission },
  {
    operation: 'reviewSubmission',
    method: 'POST',
    pattern: [...LIST, ':submission', 'review'],
    roles: ['ThreatSubmission.ReadWrite.All'],
    handle: review,
  },
].map((route) => ({ ...route, outlook: false, version: 'beta' as const }));

const DEFAULT_PAGE = 100;
const MOST_PAGE = 1_000;

function listSubmissions({ service, call, query }: Task): Reply {
  if (query.select !== null || query.orderBy.length > 0 || query.skip > 0)
    badRequest('The query option is not supported here.');
  const top = query.top ?? DEFAULT_PAGE;
  if (top < 1 || top > MOST_PAGE) badRequest(`Invalid value '${top}' for $top query option found.`);
  const found = service.submissions().filter(conditionOf(query.filter));
  const first = placeOf(query.skipToken);
  const page = found.slice(first, first + top);
  const end = first + page.length;
  const link = () => nextLink(service.origin(), PATH, call.rawQuery, { $skiptoken: tokenOf(end) }, 'beta');
  return ok({
    '@odata.context': `${service.origin()}/beta/$metadata#security/threatSubmission/emailThreats`,
    ...(query.count ? { '@odata.count': found.length } : {}),
    ...(end < found.length ? { '@odata.nextLink': link() } : {}),
    value: page,
  });
}

/** Opaque to whoever gets one. */
const tokenOf = (place: number) => Buffer.from(`after ${place}`).toString('base64url');

function placeOf(token: string | null): number {
  if (token === null) return 0;
  const place = /^after (\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  return place === undefined ? badRequest('The skip token is not valid.') : Number(place);
}

type Condition = (submission: Json) => boolean;

function conditionOf(filter: string | null): Condition {
  if (filter === null) return () => true;
  const parts = filter.split(/ and /i).map(partOf);
  return (submission) => parts.every((fits) => fits(submission));
}

function partOf(text: string): Condition {
  const [, order = '', time = ''] = /^\s*createdDateTime (ge|gt|le|lt) (\S+)\s*$/.exec(text) ?? [];
  const at = Date.parse(time);
  if (Number.isNaN(at)) return badRequest(`Invalid filter clause: '${text}'.`);
  const of = (submission: Json) => Date.parse(String(submission['createdDateTime']));
  if (order === 'ge') return (submission) => of(submission) >= at;
  if (order === 'gt') return (submission) => of(submission) > at;
  return order === 'le' ? (submission) => of(submission) <= at : (submission) => of(submission) < at;
}

function submissionOf({ service, params }: Task): Json {
  const found = service.submissions().find(({ id }) => id === params['submission']);
  return found ?? fail(404, 'NotFound', 'The submission does not exist.');
}

function getSubmission(task: Task): Reply {
  return ok(submissionOf(task));
}

const CATEGORIES = ['notjunk', 'spam', 'phishing', 'malware'];

function review(task: Task): Reply {
  const submission = submissionOf(task);
  const { category } = task.json();
  if (typeof category !== 'string' || !CATEGORIES.includes(category.toLowerCase()))
    badRequest("Invalid value for 'category'.");
  if (submission['source'] !== 'user') badRequest('Only a submission of a user can be reviewed.');
  Object.assign(submission, {
    adminReview: {
      reviewBy: task.call.claims.appid,
      reviewDateTime: new Date(task.service.clock()).toISOString(),
      reviewResult: category,
    },
  });
  return { status: 204 };
}
