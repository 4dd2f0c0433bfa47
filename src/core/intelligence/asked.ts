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
  /** Rows since the mail about mailboxes that nobody could tell whose they are; left out for none. */
  readonly unresolved?: number | undefined;
  /** What else it knows of nobody can ask it; left out where it tells all that it is about. */
  readonly only?: Only | undefined;
}

export const ONLY = ['interactive sign-ins', 'changes'] as const;
export type Only = (typeof ONLY)[number];

/** How much each kind of answer is worth beside another about the same. */
const WORTH: Readonly<Record<SourceAnswer['is'], number>> = {
  answered: 3,
  // It is asked again.
  'no answer': 2,
  'not permitted': 1,
  'not licensed': 0,
};

/** Of several that were asked about the same, the best answer alone, where the first stood. */
export function bestOf(answers: readonly SourceAnswer[]): readonly SourceAnswer[] {
  const sources = Map.groupBy(answers, ({ source }) => source);
  return [...sources.values()].map((own) => own.reduce((best, one) => (WORTH[one.is] > WORTH[best.is] ? one : best)));
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

/** What others have done to the mail since it came: to so many mailboxes, in one way. In the words of whoever tells it. */
export interface Already {
  /** `Moved to quarantine`. */
  readonly action: string;
  /** `Phish ZAP`, `Automated Remediation`, `Manual Remediation`. */
  readonly way: string;
  /** `SpecialAction`, `Automation`, `AdminAction`. */
  readonly trigger: string;
  /** `Success`. */
  readonly result: string;
  readonly mailboxes: number;
  /** ISO times of the first and the last. */
  readonly first: string;
  readonly last: string;
}

/** So long after it happened a source may not show it yet; ours, after what is usual: nobody promises anything. */
const LATE_MS: Readonly<Record<IntelligenceSource, number>> = {
  'sign-ins': 30 * 60_000,
  'risk detections': 4 * 3_600_000,
  'mailbox events': 90 * 60_000,
  'directory events': 30 * 60_000,
  'link clicks': 60 * 60_000,
  'post-delivery actions': 60 * 60_000,
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
