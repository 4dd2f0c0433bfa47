import type { Beliefs } from './beliefs.ts';
import { problem, type Reply } from './reply.ts';
import type { Limits, Range } from './types.ts';

const TEN_MINUTES_MS = 600_000;
const MINUTE_MS = 60_000;
const FIVE_MINUTES_MS = 300_000;
const QUARTER_MS = 900_000;

export const DEFAULT_LIMITS: Limits = {
  concurrent: 4,
  perTenMinutes: 10_000,
  huntingPerMinute: 45,
  tracesPerFiveMinutes: 100,
  submissionsPerQuarter: 150,
  auditLogsPerTenSeconds: 5,
  // Minutes, as people tell: no figure is documented.
  auditSearchMs: [120_000, 600_000],
  riskPerSecond: 1,
  retryAfter: [0.5, 3],
  serviceMs: [2, 8],
  // Five to fifteen minutes: no figure is documented.
  huntingLagMs: [300_000, 900_000],
  signInLagMs: [300_000, 900_000],
  // An hour to an hour and a half: typical, and nothing is promised.
  auditLagMs: [3_600_000, 5_400_000],
  huntingRows: 100_000,
  huntingSize: 50_000_000,
  // Minutes, up to a few hours [learn: remediate-malicious-email-delivered-office-365].
  remediateMs: [60_000, 600_000],
  remediationTellMs: [30_000, 300_000],
  remediateMost: 50,
  // Nobody documents how long it takes: minutes, for what other services look at.
  riskMs: [2_000, 5_000],
  identityActionMs: [1_000, 3_000],
  grantLagMs: 60_000,
  syncReads: 3,
};

export interface Limiter {
  /** A place for one more request of this app in this mailbox, or the 429 that says there is none. */
  enter(app: string, mailbox: string): { readonly leave: () => void } | Reply;
  /** null, or the 429. */
  hunt(): Reply | null;
  /** The same for message trace, per tenant 100 in five minutes. */
  trace(): Reply | null;
  /** The same for submissions, 150 in fifteen minutes (learn.microsoft.com/graph/throttling-limits, threat submission). */
  submissions(): Reply | null;
  /** null, or the 429, which names no wait (learn.microsoft.com/graph/throttling-limits, Identity Protection). */
  risk(): Reply | null;
  /** The same for the logs of Entra, five in ten seconds (learn.microsoft.com/graph/throttling-limits, identity and access reports). */
  auditLogs(): Reply | null;
  maxPerMailbox(): number;
}

/**
 * Per app and mailbox 4 at a time and 10,000 in 10 minutes, per tenant 45 hunting queries a minute
 * (learn.microsoft.com/graph/throttling-limits). A refused request counts as well.
 */
export function createLimiter(
  limits: () => Limits,
  beliefs: () => Beliefs,
  clock: () => number,
  random: () => number,
): Limiter {
  const inFlight = new Map<string, number>();
  const windows = new Map<string, { start: number; used: number }>();
  let hunts: number[] = [];
  let risks: number[] = [];
  let traces: number[] = [];
  let submissions: number[] = [];
  let logs: number[] = [];
  let most = 0;

  function used(key: string): { start: number; used: number } {
    const now = clock();
    const known = windows.get(key);
    const window = known && now - known.start < TEN_MINUTES_MS ? known : { start: now, used: 0 };
    window.used += 1;
    windows.set(key, window);
    return window;
  }

  const wait = () => seconds(limits().retryAfter, random);

  return {
    enter(app, mailbox) {
      const key = `${app} ${mailbox}`;
      const window = used(key);
      if (window.used > limits().perTenMinutes) {
        const rest = (window.start + TEN_MINUTES_MS - clock()) / 1_000;
        return throttled('Application is over its request limit for this mailbox.', rest.toFixed(3));
      }
      const place = beliefs().fourInAll ? app : key;
      const running = inFlight.get(place) ?? 0;
      if (running >= limits().concurrent) {
        return throttled('Application is over its MailboxConcurrency limit.', wait());
      }
      inFlight.set(place, running + 1);
      most = Math.max(most, running + 1);
      const leave = () => {
        const left = (inFlight.get(place) ?? 1) - 1;
        if (left > 0) inFlight.set(place, left);
        else inFlight.delete(place);
      };
      return { leave };
    },
    hunt() {
      const now = clock();
      hunts = hunts.filter((at) => now - at < MINUTE_MS);
      if (hunts.length >= limits().huntingPerMinute) {
        const rest = ((hunts[0] ?? now) + MINUTE_MS - now) / 1_000;
        const message = 'You have exceeded the number of calls per minute for this tenant.';
        return problem(429, 'TooManyRequests', message, { 'Retry-After': rest.toFixed(3) });
      }
      hunts.push(now);
      return null;
    },
    trace() {
      const now = clock();
      traces = traces.filter((at) => now - at < FIVE_MINUTES_MS);
      if (traces.length >= limits().tracesPerFiveMinutes) {
        const rest = ((traces[0] ?? now) + FIVE_MINUTES_MS - now) / 1_000;
        return problem(429, 'TooManyRequests', 'Too many message traces.', { 'Retry-After': rest.toFixed(3) });
      }
      traces.push(now);
      return null;
    },
    submissions() {
      const now = clock();
      submissions = submissions.filter((at) => now - at < QUARTER_MS);
      if (submissions.length >= limits().submissionsPerQuarter) {
        const rest = ((submissions[0] ?? now) + QUARTER_MS - now) / 1_000;
        return problem(429, 'TooManyRequests', 'Too many requests.', { 'Retry-After': rest.toFixed(3) });
      }
      submissions.push(now);
      return null;
    },
    risk() {
      const now = clock();
      risks = risks.filter((at) => now - at < 1_000);
      if (risks.length >= limits().riskPerSecond) return problem(429, 'TooManyRequests', 'Too many requests.');
      risks.push(now);
      return null;
    },
    auditLogs() {
      const now = clock();
      logs = logs.filter((at) => now - at < 10_000);
      if (logs.length >= limits().auditLogsPerTenSeconds) {
        const rest = ((logs[0] ?? now) + 10_000 - now) / 1_000;
        return problem(429, 'TooManyRequests', 'Too many requests.', { 'Retry-After': rest.toFixed(3) });
      }
      logs.push(now);
      return null;
    },
    maxPerMailbox: () => most,
  };
}

/** Seconds with a fraction, as Exchange writes them. */
export function seconds([from, to]: Range, random: () => number): string {
  return (from + random() * (to - from)).toFixed(3);
}

export function throttled(message: string, retryAfter: string | null): Reply {
  const headers = retryAfter === null ? {} : { 'Retry-After': retryAfter };
  return problem(429, 'ApplicationThrottled', message, headers);
}
