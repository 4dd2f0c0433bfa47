import { lag } from './account-tables.ts';
import { pageOf, positionIn, skipToken } from './page.ts';
import { badRequest, fail, type Json, ok, problem, Refused, type Reply } from './reply.ts';
import type { AuditSearch, Route, Service, Task } from './types.ts';

/**
 * Searches of the audit log: learn.microsoft.com/graph/api/security-auditcoreroot-post-auditlogqueries. Ordered, run for minutes, and then
 * read. A tenant has at least 200 a day, and 50 that are not done.
 */

const PATTERN = ['security', 'auditlog', 'queries'];
/** The one for Exchange shows what was done there alone. */
const ROLES = ['AuditLogsQuery-Exchange.Read.All', 'AuditLogsQuery.Read.All'];

export const AUDIT_SEARCH_ROUTES: readonly Route[] = [
  {
    operation: 'orderAuditSearch',
    method: 'POST',
    pattern: PATTERN,
    outlook: false,
    roles: ROLES,
    handle: order,
  },
  {
    operation: 'getAuditSearch',
    method: 'GET',
    pattern: [...PATTERN, ':search'],
    outlook: false,
    roles: ROLES,
    handle: (task) => ok(searchJson(task.service, searchOr404(task))),
  },
  {
    operation: 'listAuditRecords',
    method: 'GET',
    pattern: [...PATTERN, ':search', 'records'],
    outlook: false,
    roles: ROLES,
    handle: listRecords,
  },
];

const DAY_MS = 86_400_000;
const MOST_A_DAY = 200;
const MOST_RUNNING = 50;
const BEGINS_MS = 5_000;
/** No figure is documented: fewer than anybody asks for. */
const PAGE = 150;
const KNOWN = new Set([
  ...['@odata.type', 'displayName', 'filterStartDateTime', 'filterEndDateTime', 'recordTypeFilters', 'keywordFilter'],
  ...['serviceFilter', 'operationFilters', 'userPrincipalNameFilters', 'ipAddressFilters', 'objectIdFilters'],
  'administrativeUnitIdFilters',
]);

function order({ service, json, call }: Task): Reply {
  const body = json();
  const stray = Object.keys(body).find((name) => !KNOWN.has(name));
  if (stray !== undefined) badRequest(`The property '${stray}' does not exist on type 'auditLogQuery'.`);
  const now = service.clock();
  const all = [...service.auditSearches.values()];
  if (all.filter(({ at }) => now - at < DAY_MS).length >= MOST_A_DAY) throw new Refused(tooMany('3600'));
  if (all.filter(({ doneAt }) => doneAt > now).length >= MOST_RUNNING) throw new Refused(tooMany('60'));
  const [from, to] = service.limits().auditSearchMs;
  const search: AuditSearch = {
    id: guidOf(service),
    at: now,
    doneAt: now + from + service.random() * (to - from),
    from: timeIn(body['filterStartDateTime']) ?? 0,
    until: timeIn(body['filterEndDateTime']) ?? now,
    operations: textsIn(body['operationFilters']),
    users: textsIn(body['userPrincipalNameFilters']),
    objects: textsIn(body['objectIdFilters']),
    seesAll: call.roles.has('AuditLogsQuery.Read.All'),
  };
  service.auditSearches.set(search.id, search);
  return ok(searchJson(service, search), 201);
}

const tooMany = (seconds: string) =>
  problem(429, 'TooManyRequests', 'Too many audit log searches.', { 'Retry-After': seconds });

const guidOf = ({ random }: Service) =>
  'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replaceAll('x', () => Math.floor(random() * 16).toString(16));

function timeIn(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  const at = Date.parse(String(value));
  return Number.isNaN(at) ? badRequest('The date is not valid.') : at;
}

function textsIn(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(String) : badRequest('A collection of strings was expected.');
}

function searchJson(service: Service, { id, at, doneAt, from, until, operations }: AuditSearch): Json {
  const now = service.clock();
  const status = now >= doneAt ? 'succeeded' : now >= at + BEGINS_MS ? 'running' : 'notStarted';
  return {
    '@odata.context': `${service.origin()}/v1.0/$metadata#security/auditLog/queries/$entity`,
    id,
    status: service.beliefs().auditSearchFails && status === 'succeeded' ? 'failed' : status,
    filterStartDateTime: new Date(from).toISOString(),
    filterEndDateTime: new Date(until).toISOString(),
    operationFilters: operations,
    isRecordCountLimitExceeded: false,
  };
}

function searchOr404({ params, service }: Task): AuditSearch {
  const found = service.auditSearches.get(params['search'] ?? '');
  return found ?? fail(404, 'NotFound', 'The audit log search does not exist.');
}

/** Nothing before it is done. */
function listRecords(task: Task): Reply {
  const { query, call, service } = task;
  const search = searchOr404(task);
  if (query.filter !== null || query.select !== null || query.skip > 0 || query.orderBy.length > 0)
    badRequest('Only $top is simulated for records.');
  const rows = service.clock() < search.doneAt ? [] : recordsOf(service, search);
  return ok(
    pageOf(rows, query, {
      ...{ origin: service.origin(), path: call.path, rawQuery: call.rawQuery, next: skipToken },
      context: `security/auditLog/queries('${search.id}')/records`,
      start: positionIn(query.skipToken),
      size: Math.min(query.top ?? PAGE, PAGE),
      json: recordJson,
    }),
  );
}

type Audit = ReturnType<Service['tenant']['audits']>[number];

function recordsOf({ tenant, limits }: Service, search: AuditSearch): readonly Audit[] {
  const isNamed = (names: readonly string[], name: unknown) =>
    names.length === 0 || names.some((one) => one.toLowerCase() === String(name ?? '').toLowerCase());
  return tenant
    .audits()
    .filter(({ at }) => at >= search.from && at <= search.until)
    .filter(({ at, upn, action }) => at + lag(limits().auditLagMs, `${upn} ${action} ${at}`) <= search.at)
    .filter(({ raw }) => search.seesAll || raw['Workload'] === 'Exchange')
    .filter(
      ({ action, upn, raw }) =>
        isNamed(search.operations, action) && isNamed(search.users, upn) && isNamed(search.objects, raw['ObjectId']),
    )
    .toSorted((a, b) => b.at - a.at);
}

function recordJson(one: Audit): Json {
  return {
    '@odata.type': '#microsoft.graph.security.auditLogRecord',
    id: `${one.userId}-${one.at}`,
    createdDateTime: new Date(one.at).toISOString(),
    auditLogRecordType: 'ExchangeAdmin',
    operation: one.action,
    userType: 'Regular',
    userId: one.upn,
    service: 'Exchange',
    objectId: one.raw['ObjectId'] ?? null,
    userPrincipalName: one.upn,
    clientIp: one.ip,
    auditData: { '@odata.type': '#microsoft.graph.security.defaultAuditData', ...one.raw },
  };
}
