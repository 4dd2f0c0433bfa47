import { instantOf } from '../instant.ts';
import type { Authentication } from '../signal/facts.ts';
import type { IntelligenceSource } from './facts.ts';

/** What was asked, and what kind of answer came: never mixed, because only one of them means that nothing is there. */

/** So many people are asked about in one question; learn.microsoft.com/defender-xdr/advanced-hunting-limits names none, this is ours. */
export const MOST_PEOPLE = 1_000;
/** Of whom the mailbox or the account itself is asked: one batch. */
export const MOST_ASKED_THEMSELVES = 20;

export interface SourceAnswer {
  readonly source: IntelligenceSource;
  readonly is: 'answered' | 'not licensed' | 'not permitted' | 'no answer';
  /** Rows about these people. */
  readonly rows: number;
  /** There are or may be more. */
  readonly cut: boolean;
  /** People who were asked about. */
  readonly asked: number;
  readonly detail: string;
}

/** What the tenant's mail of the last 30 days says of the sender, before this mail. */
export interface TenantPast {
  /** ISO time: as of when. */
  readonly at: string;
  /** Domains that mail comes in for. */
  readonly ownDomains: readonly string[];
  /** Domains that people wrote to. */
  readonly partners: readonly string[];
  readonly address: Past;
  readonly domain: Past;
  /** How deliveries of this mail came in. */
  readonly arrivals: readonly Arrival[];
}

/** As Exchange saw one delivery when it took it in; empty and null for what is not told. */
export interface Arrival {
  /** Lower case. */
  readonly networkMessageId: string;
  /** Null where no result of either is told. */
  readonly authentication: Pick<Authentication, 'dmarc' | 'compauth'> | null;
  readonly clientIp: string;
  /** Connectors and routing that it came over, in the tenant's own words. */
  readonly connectors: string;
}

export interface Past {
  readonly received: number;
  readonly sent: number;
  /** ISO time of the first mail either way; null for none. */
  readonly first: string | null;
}

/** So long after it happened a source may not show it yet; ours, after what is usual: nobody promises anything. */
const LATE_MS: Readonly<Record<IntelligenceSource, number>> = {
  'sign-ins': 30 * 60_000,
  'risk detections': 4 * 3_600_000,
  'mailbox events': 90 * 60_000,
  'link clicks': 60 * 60_000,
  'sent mail': 30 * 60_000,
  'mailbox rules': 0,
  'app grants': 0,
};

/** `not seen yet`: it answered with nothing, and the mail is younger than it is late. */
export type Standing = 'seen' | 'nothing found' | 'not seen yet' | Exclude<SourceAnswer['is'], 'answered'>;

export function standingOf({ source, is, rows }: SourceAnswer, mailAt: string, now: string): Standing {
  if (is !== 'answered') return is;
  if (rows > 0) return 'seen';
  return isYoung(source, mailAt, now) ? 'not seen yet' : 'nothing found';
}

/** Whether what happened then may not be shown yet, whatever else is. ISO times. */
export const isYoung = (source: IntelligenceSource, at: string, now: string) =>
  instantOf(now) - instantOf(at) < LATE_MS[source];

/** When everything that happened right after the mail should show: then it is worth another look. Milliseconds. */
export const LATEST_MS = LATE_MS['mailbox events'];
