/** How often a service of Microsoft may be asked, all processes together, and when the next turn is. */

export interface Limit {
  readonly name: string;
  /** So many in any stretch of `windowMs`. */
  readonly most: number;
  readonly windowMs: number;
}

/** learn.microsoft.com/defender-xdr/api-advanced-hunting: at least 45 calls a minute and tenant. A little longer, because calls take more or less time on their way. */
export const HUNTING_LIMIT: Limit = { name: 'hunting', most: 45, windowMs: 62_000 };

/** Of these, so many for looks at people at most: whoever waits for a list of mailboxes is never kept waiting by them. Ours. */
export const PEOPLE_LIMIT: Limit = { name: 'people', most: 12, windowMs: 62_000 };

/** learn.microsoft.com/graph/throttling-limits, Identity Protection: one request a second and tenant, for all apps. */
export const RISK_LIMIT: Limit = { name: 'identityProtection', most: 1, windowMs: 1_050 };

/** learn.microsoft.com/graph/throttling-limits, identity and access reports: five requests in ten seconds, app and tenant. */
export const AUDIT_LOG_LIMIT: Limit = { name: 'auditLogs', most: 5, windowMs: 10_500 };

/** learn.microsoft.com/graph/throttling-limits, message trace: 100 in five minutes and tenant, single traces among them. */
export const TRACE_LIMIT: Limit = { name: 'messageTrace', most: 100, windowMs: 310_000 };

/** Longer nobody is kept away, whatever a service asked for or a clock shows. */
export const LONGEST_REST_MS = 600_000;

export interface Turns {
  /** When turns were given, the oldest first; some may still be to come. Milliseconds since 1970. */
  readonly taken: readonly number[];
  /** Until when the service asked to be left alone. */
  readonly restUntil: number;
}

export const NO_TURNS: Turns = { taken: [], restUntil: Number.NEGATIVE_INFINITY };

/** When the next turn is. */
export function nextTurn({ taken, restUntil }: Turns, { most, windowMs }: Limit, now: number): number {
  const place = taken.at(-most);
  let next = now;
  for (const at of [place === undefined ? now : place + windowMs, restUntil])
    if (at > next && canBe(at, now)) next = at;
  return next;
}

/**
 * What lies further ahead was written under a clock that was set back since. It keeps nobody away: whoever waited until then
 * would wait for as long as the clock was wrong, and the service itself says where it is asked too often.
 */
function canBe(at: number, now: number): boolean {
  return at <= now + LONGEST_REST_MS;
}

/** The longest of what was asked for. `ms`: at most LONGEST_REST_MS. */
export function withRest(turns: Turns, ms: number, now: number): Turns {
  const until = now + ms;
  return canBe(turns.restUntil, now) && turns.restUntil > until ? turns : { ...turns, restUntil: until };
}

export function withTurn(turns: Turns, { most }: Limit, at: number): Turns {
  return { ...turns, taken: [...turns.taken, at].slice(-most) };
}
