import { nextLink } from './query.ts';
import { badRequest, fail, type Json, ok, type Reply } from './reply.ts';
import type { Route, Task } from './types.ts';

/** learn.microsoft.com/graph/api/security-list-alerts_v2: $count, $filter, $skip and $top, the newest first, and no other order. */

export const ALERT_ROUTES: readonly Route[] = [
  {
    operation: 'listAlerts',
    method: 'GET',
    pattern: ['security', 'alerts_v2'],
    outlook: false,
    roles: ['SecurityAlert.Read.All'],
    handle: listAlerts,
  },
  {
    operation: 'getAlert',
    method: 'GET',
    pattern: ['security', 'alerts_v2', ':alert'],
    outlook: false,
    roles: ['SecurityAlert.Read.All'],
    handle: (task) => ok(alertOf(task)),
  },
  {
    operation: 'updateAlert',
    method: 'PATCH',
    pattern: ['security', 'alerts_v2', ':alert'],
    outlook: false,
    roles: ['SecurityAlert.ReadWrite.All'],
    handle: updateAlert,
  },
  {
    operation: 'commentAlert',
    method: 'POST',
    pattern: ['security', 'alerts_v2', ':alert', 'comments'],
    outlook: false,
    roles: ['SecurityAlert.ReadWrite.All'],
    handle: commentAlert,
  },
];

const timeNow = () => new Date().toISOString();

function alertOf({ service, params }: Task): Json {
  const found = service.alerts().find(({ id }) => id === params['alert']);
  return found ?? fail(404, 'NotFound', `Alert '${params['alert']}' was not found.`);
}

/** As the v1.0 metadata has them. */
const STATUSES = ['new', 'inProgress', 'resolved'];
const CLASSIFICATIONS = ['unknown', 'falsePositive', 'truePositive', 'informationalExpectedActivity'];
const DETERMINATIONS = [
  ...['unknown', 'apt', 'malware', 'securityPersonnel', 'securityTesting', 'unwantedSoftware', 'other'],
  ...['multiStagedAttack', 'compromisedAccount', 'phishing', 'maliciousUserActivity', 'notMalicious'],
  ...['notEnoughDataToValidate', 'confirmedActivity', 'lineOfBusinessApplication'],
];
const CHANGEABLE: Readonly<Record<string, readonly string[] | null>> = {
  status: STATUSES,
  classification: CLASSIFICATIONS,
  determination: DETERMINATIONS,
  assignedTo: null,
};

/** learn.microsoft.com/graph/api/security-alert-update: these properties, and of each one of its values. */
function updateAlert(task: Task): Reply {
  const alert = alertOf(task);
  const change = task.json();
  for (const [name, value] of Object.entries(change)) {
    const values = CHANGEABLE[name];
    if (values === undefined) badRequest(`The property '${name}' cannot be updated.`);
    if (values !== null && values?.includes(String(value)) !== true) badRequest(`Invalid value for '${name}'.`);
  }
  Object.assign(alert, change, { lastUpdateDateTime: timeNow() });
  if (change['status'] === 'resolved') Object.assign(alert, { resolvedDateTime: timeNow() });
  return ok(alert);
}

/** learn.microsoft.com/graph/api/security-alert-post-comments: answers all comments there are. Said twice, it is there twice. */
function commentAlert(task: Task): Reply {
  const alert = alertOf(task);
  const { comment, '@odata.type': type } = task.json();
  const isTyped = /^#?microsoft\.graph\.security\.alertComment$/.test(String(type));
  if (!isTyped || typeof comment !== 'string' || comment === '') badRequest('The comment is not valid.');
  const before = Array.isArray(alert['comments']) ? alert['comments'] : [];
  const added = { comment, createdByDisplayName: 'Clawback', createdDateTime: timeNow() };
  Object.assign(alert, { comments: [...before, added], lastUpdateDateTime: timeNow() });
  return ok({ value: alert['comments'] });
}

const DEFAULT_PAGE = 1_000;
/** Of these properties one can be asked for. */
const WORDS = ['assignedTo', 'classification', 'determination', 'severity', 'serviceSource', 'status'];
const TIMES = ['createdDateTime', 'lastUpdateDateTime'];
const ORDERS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  ge: (a, b) => a >= b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  lt: (a, b) => a < b,
};

function listAlerts({ service, call, query }: Task): Reply {
  if (query.orderBy.length > 0) badRequest("The query option '$orderby' is not supported here.");
  if (query.select !== null) badRequest("The query option '$select' is not supported here.");
  // Its own pages are counted by $skip: a token is one that it has never given out, or knows no more.
  if (query.skipToken !== null) badRequest('The skip token is not valid.');
  const top = query.top ?? DEFAULT_PAGE;
  if (top < 1 || top > DEFAULT_PAGE) badRequest(`Invalid value '${top}' for $top query option found.`);
  const fits = conditionOf(query.filter);
  const found = service.alerts().filter(fits);
  const newest = found.toSorted((a, b) => timeOf(b, 'createdDateTime') - timeOf(a, 'createdDateTime'));
  const page = newest.slice(query.skip, query.skip + top);
  const end = query.skip + page.length;
  const more = end < newest.length;
  return ok({
    '@odata.context': `${service.origin()}/v1.0/$metadata#security/alerts_v2`,
    ...(query.count ? { '@odata.count': newest.length } : {}),
    ...(more
      ? { '@odata.nextLink': nextLink(service.origin(), '/security/alerts_v2', call.rawQuery, { $skip: String(end) }) }
      : {}),
    value: page,
  });
}

type Condition = (alert: Json) => boolean;

function conditionOf(filter: string | null): Condition {
  if (filter === null) return () => true;
  const parts = filter.split(/ and /i).map(partOf);
  return (alert) => parts.every((fits) => fits(alert));
}

function partOf(text: string): Condition {
  const [, name = '', order = '', value = ''] = /^\s*(\w+) (eq|ge|gt|le|lt) (\S.*?)\s*$/.exec(text) ?? [];
  const compare = ORDERS[order];
  if (TIMES.includes(name) && compare && !Number.isNaN(Date.parse(value)))
    return (alert) => compare(timeOf(alert, name), Date.parse(value));
  const word = /^'((?:[^']|'')*)'$/.exec(value)?.[1];
  if (WORDS.includes(name) && order === 'eq' && word !== undefined) return (alert) => alert[name] === word;
  return badRequest(`Invalid filter clause: '${text}'.`);
}

const timeOf = (alert: Json, name: string) => Date.parse(String(alert[name] ?? ''));
