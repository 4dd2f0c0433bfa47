import { ACCOUNT_ROUTES } from './account-routes.ts';
import { ALERT_ROUTES } from './alert-routes.ts';
import { ANALYZED_ROUTES } from './analyzed.ts';
import { AUDIT_SEARCH_ROUTES } from './audit-search-routes.ts';
import { EVENT_ROUTES } from './event-routes.ts';
import { GRANT_ROUTES } from './grant-routes.ts';
import { GROUP_ROUTES } from './group-routes.ts';
import { HUNTING_ROUTES } from './hunting.ts';
import { IDENTITY_ROUTES } from './identity-routes.ts';
import { LOG_ROUTES } from './log-routes.ts';
import { MAILBOX_ROUTES } from './mailbox-routes.ts';
import { problem, type Reply } from './reply.ts';
import { RISK_JUDGING } from './risk-judging.ts';
import { RISK_ROUTES } from './risk-routes.ts';
import { ROLE_ROUTES } from './role-routes.ts';
import { RULE_ROUTES } from './rule-routes.ts';
import { SUBMISSION_ROUTES } from './submission-routes.ts';
import { SUBSCRIPTION_ROUTES } from './subscription-routes.ts';
import { TRACE_ROUTES } from './trace-routes.ts';
import type { Route, Version } from './types.ts';
import { USER_ROUTES } from './user-routes.ts';

const params = ({ pattern }: Route) => pattern.filter((part) => part.startsWith(':')).length;
/** Words win over parameters. */
const ROUTES = [
  ...USER_ROUTES,
  ...ACCOUNT_ROUTES,
  ...IDENTITY_ROUTES,
  ...GRANT_ROUTES,
  ...GROUP_ROUTES,
  ...RISK_ROUTES,
  ...RISK_JUDGING,
  ...MAILBOX_ROUTES,
  ...ROLE_ROUTES,
  ...LOG_ROUTES,
  ...AUDIT_SEARCH_ROUTES,
  ...RULE_ROUTES,
  ...EVENT_ROUTES,
  ...HUNTING_ROUTES,
  ...ALERT_ROUTES,
  ...ANALYZED_ROUTES,
  ...TRACE_ROUTES,
  ...SUBMISSION_ROUTES,
  ...SUBSCRIPTION_ROUTES,
].sort((a, b) => params(a) - params(b));

export interface Matched {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

function agrees(pattern: readonly string[], segments: readonly string[]): number {
  const length = Math.min(pattern.length, segments.length);
  for (let n = 0; n < length; n += 1) {
    const [part = '', segment = ''] = [pattern[n], segments[n]];
    if (segment === '' || (!part.startsWith(':') && part !== segment.toLowerCase())) return n;
  }
  return length;
}

/** The operation behind a decoded path, or Graph's answer when there is none. */
export function matchRoute(method: string, segments: readonly string[], version: Version): Matched | Reply {
  const routes = ROUTES.filter((route) => (route.version ?? 'v1.0') === version);
  const fitting = routes.filter(
    ({ pattern }) => pattern.length === segments.length && agrees(pattern, segments) === segments.length,
  );
  const route = fitting.find((one) => one.method === method);
  if (route) {
    const named = route.pattern.map((part, n) => [part, segments[n] ?? ''] as const);
    const entries = named.filter(([part]) => part.startsWith(':')).map(([part, value]) => [part.slice(1), value]);
    return { route, params: Object.fromEntries(entries) };
  }
  if (fitting.length > 0) return problem(405, 'Request_BadRequest', `The method ${method} is not allowed here.`);
  const known = Math.max(...routes.map(({ pattern }) => agrees(pattern, segments)));
  return problem(
    400,
    'BadRequest',
    `Resource not found for the segment '${segments[known] ?? segments.at(-1) ?? ''}'.`,
  );
}
