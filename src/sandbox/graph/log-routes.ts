import { lag } from './account-tables.ts';
import { type Fields, predicate, type Value } from './filter.ts';
import { type Filter, parseFilter } from './filter-parser.ts';
import { pageOf, positionIn, skipToken } from './page.ts';
import type { Query } from './query.ts';
import { badRequest, fail, type Json, ok, type Reply } from './reply.ts';
import type { Route, Task } from './types.ts';

/** Entra's own logs: learn.microsoft.com/graph/api/signin-list and directoryaudit-list. */

const ROLES = ['AuditLog.Read.All'];

export const LOG_ROUTES: readonly Route[] = [
  {
    operation: 'listSignIns',
    method: 'GET',
    pattern: ['auditlogs', 'signins'],
    outlook: false,
    roles: ROLES,
    handle: listSignIns,
  },
  {
    operation: 'listDirectoryAudits',
    method: 'GET',
    pattern: ['auditlogs', 'directoryaudits'],
    outlook: false,
    roles: ROLES,
    handle: listDirectoryAudits,
  },
];

const MOST_PAGE = 1_000;
/** No figure is documented: beyond this a condition is refused, so that nobody leans on more. */
const MOST_CONDITIONS = 16;
const NO_PREMIUM = "Neither tenant is B2C or tenant doesn't have premium license";

type SignIn = ReturnType<Task['service']['tenant']['signIns']>[number];

const SIGN_INS: Fields<SignIn> = {
  readers: new Map<string, (one: SignIn) => Value>([
    ['userId', ({ userId }) => userId],
    ['userPrincipalName', ({ upn }) => upn],
    ['createdDateTime', ({ at }) => at],
    ['ipAddress', ({ ip }) => ip],
    ['appDisplayName', ({ app }) => app],
    ['status/errorCode', errorOf],
  ]),
  caseless: new Set(['userPrincipalName']),
};

const LEVELS: Readonly<Record<number, string>> = { 10: 'low', 50: 'medium', 100: 'high' };
const STATES = ['none', 'confirmedSafe', 'remediated', 'dismissed', 'atRisk', 'confirmedCompromised'];

/** Entra ID P1. Newest first; a list of values, a choice of fields and an order of one's own are not among its options. */
function listSignIns({ query, call, service }: Task): Reply {
  if (!service.premium()) fail(403, 'Authentication_RequestFromNonPremiumTenantOrB2CTenant', NO_PREMIUM);
  const { tenant, clock, limits } = service;
  const rows = tenant
    .signIns()
    .filter(({ at, userId }) => at + lag(limits().signInLagMs, `${userId} ${at}`) <= clock())
    .filter(fitting(query, SIGN_INS))
    .toSorted((a, b) => b.at - a.at);
  return ok(
    pageOf(rows, query, {
      ...{ origin: service.origin(), path: call.path, rawQuery: call.rawQuery, context: 'auditLogs/signIns' },
      ...{ start: positionIn(query.skipToken), size: sizeOf(query), next: skipToken },
      json: (one) => signInJson(one, service.identityProtection()),
    }),
  );
}

function signInJson(one: SignIn, seesRisk: boolean): Json {
  return {
    id: `${one.userId}-${one.at}`,
    createdDateTime: new Date(one.at).toISOString(),
    userId: one.userId,
    userPrincipalName: one.upn,
    appDisplayName: one.app,
    ipAddress: one.ip,
    isInteractive: true,
    status: { errorCode: errorOf(one), failureReason: null, additionalDetails: null },
    location: { city: null, state: null, countryOrRegion: one.country, geoCoordinates: null },
    deviceDetail: { deviceId: '', displayName: null, isManaged: one.managed, isCompliant: null },
    riskLevelAggregated: seesRisk ? (LEVELS[one.risk] ?? 'none') : 'hidden',
    riskState: STATES[one.riskState] ?? 'none',
  };
}

function errorOf({ failed }: SignIn): number {
  return failed ? 50_126 : 0;
}

type Audit = ReturnType<Task['service']['tenant']['audits']>[number];

const AUDITS: Fields<Audit> = {
  readers: new Map<string, (one: Audit) => Value>([
    ['activityDateTime', ({ at }) => at],
    ['activityDisplayName', ({ action }) => action.replace(/\.$/, '')],
    ['initiatedBy/user/id', ({ userId }) => userId],
    ['initiatedBy/user/userPrincipalName', ({ upn }) => upn],
  ]),
  caseless: new Set(),
};

/** Of any licence. Only what was done in the directory is in it. */
function listDirectoryAudits({ query, call, service }: Task): Reply {
  const { tenant, clock, limits } = service;
  const rows = tenant
    .audits()
    .filter(({ raw }) => raw['Workload'] === 'AzureActiveDirectory')
    .filter(({ at, upn, action }) => at + lag(limits().signInLagMs, `${upn} ${action} ${at}`) <= clock())
    .filter(fitting(query, AUDITS))
    .toSorted((a, b) => b.at - a.at);
  return ok(
    pageOf(rows, query, {
      ...{ origin: service.origin(), path: call.path, rawQuery: call.rawQuery, context: 'auditLogs/directoryAudits' },
      ...{ start: positionIn(query.skipToken), size: sizeOf(query), next: skipToken },
      json: auditJson,
    }),
  );
}

function auditJson(one: Audit): Json {
  const changed = (one.raw['ModifiedProperties'] ?? []) as readonly {
    readonly Name: string;
    readonly NewValue: string;
  }[];
  return {
    id: `Directory_${one.userId}_${one.at}`,
    category: 'ApplicationManagement',
    result: 'success',
    activityDisplayName: one.action.replace(/\.$/, ''),
    activityDateTime: new Date(one.at).toISOString(),
    initiatedBy: { app: null, user: { id: one.userId, userPrincipalName: one.upn, ipAddress: one.ip } },
    targetResources: [
      {
        id: one.raw['ObjectId'],
        displayName: one.objectName,
        type: 'ServicePrincipal',
        // What was changed stands as JSON in a text.
        modifiedProperties: changed.map(({ Name, NewValue }) => {
          return { displayName: Name, oldValue: '""', newValue: JSON.stringify(NewValue) };
        }),
      },
    ],
    additionalDetails: [],
  };
}

function sizeOf({ top }: Query): number {
  const size = top ?? MOST_PAGE;
  return size < 1 || size > MOST_PAGE ? badRequest(`The value of $top must be between 1 and ${MOST_PAGE}.`) : size;
}

function fitting<T>({ filter, select, skip, count, orderBy }: Query, fields: Fields<T>): (one: T) => boolean {
  if (select !== null || skip > 0 || count || orderBy.length > 0)
    badRequest('Only $filter, $top and $skiptoken are supported for this log.');
  if (filter === null) return () => true;
  const parsed = parseFilter(filter);
  if (conditionsIn(parsed) > MOST_CONDITIONS + 2) badRequest('The filter is too complex.');
  return predicate(parsed, fields);
}

/** `in`, `not` and the like are refused. */
function conditionsIn(filter: Filter): number {
  if ('left' in filter) return conditionsIn(filter.left) + conditionsIn(filter.right);
  const isKnown =
    (filter.kind === 'compare' && ['eq', 'ge', 'le'].includes(filter.op)) ||
    (filter.kind === 'call' && filter.name === 'startswith');
  return isKnown ? 1 : badRequest('Invalid filter clause: the operator is not supported for this log.');
}
