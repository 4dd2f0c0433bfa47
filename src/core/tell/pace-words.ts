import { instantOf } from '../instant.ts';
import { count, number, shortTime } from '../text.ts';
import type { RunFacts } from './run-facts.ts';

/** How fast a run goes, how long it will take, and before that how long it may: said only where enough was seen to know. */

const SECOND_MS = 1_000;
/** Before that many copies and that much time a pace is an accident. */
const ENOUGH_COPIES = 20;
const ENOUGH_MS = 3 * SECOND_MS;
const MINUTE_S = 60;

type Paced = Pick<RunFacts, 'startedAt' | 'finishedAt' | 'cancelledAt' | 'total' | 'open' | 'resting'>;

/** Empty while it cannot be said: at the beginning, and where copies wait for the mail service. `now`: ISO time. */
export function timeLeftWords({ startedAt, cancelledAt, total, open, resting }: Paced, now: string): string {
  const ranMs = instantOf(now) - instantOf(startedAt);
  const done = total - open;
  if (done < ENOUGH_COPIES || ranMs < ENOUGH_MS || open === 0 || resting > 0 || cancelledAt !== null) return '';
  return `about ${spanWords((open * ranMs) / done / SECOND_MS)} left at this pace`;
}

/** Empty for a few copies, for a run that has not ended, and for one that was ended early: it left copies alone. */
export function speedWords({ startedAt, finishedAt, cancelledAt, total }: Paced): string {
  if (finishedAt === null || cancelledAt !== null || total < ENOUGH_COPIES) return '';
  const ranMs = instantOf(finishedAt) - instantOf(startedAt);
  if (!(ranMs > 0)) return '';
  const aSecond = (total * SECOND_MS) / ranMs;
  const pace = aSecond >= 1 ? `${number(whole(aSecond))} a second` : `${number(whole(aSecond * MINUTE_S))} a minute`;
  return `${count(total, 'copy', 'copies')} in ${spanWords(ranMs / SECOND_MS)}, ${pace}`;
}

/** How fast Microsoft answers, as this process saw it when there was enough to ask. */
export interface Pace {
  /** Requests that were answered and not asked to wait. */
  readonly perSecond: number;
  /** Which part was asked to wait, 0 to 1. */
  readonly waits: number;
  /** ISO time. */
  readonly seenAt: string;
  readonly rests: readonly Rest[];
}

/** A service that asked to be left alone, by the name of its limit. */
export interface Rest {
  readonly of: string;
  /** ISO time. */
  readonly until: string;
}

/** One search that looks and remembers, one write, one look afterwards; a fourth only where something differs. */
const REQUESTS_A_COPY = 3;
/** What was seen longer ago says nothing about now. */
const FRESH_MS = 12 * 3_600_000;
/** From this part on people are told that mailboxes ask to wait. */
const MANY_WAITS = 0.05;
const NOW_MS = 2 * 60_000;
/** Nobody has to be told of less before. */
const ENOUGH_SECONDS = 10;

/** How long what is asked for may take. Empty for a few copies or seconds, and where no pace was seen, or long ago. */
export function forecastWords(copies: number, pace: Pace | null, now: string): string {
  if (pace === null || copies < ENOUGH_COPIES || !(pace.perSecond > 0)) return '';
  const ageMs = instantOf(now) - instantOf(pace.seenAt);
  if (!(ageMs >= 0 && ageMs < FRESH_MS)) return '';
  const seconds = (copies * REQUESTS_A_COPY) / pace.perSecond;
  if (seconds < ENOUGH_SECONDS) return '';
  const waits = ageMs < NOW_MS && pace.waits >= MANY_WAITS ? '; mailboxes ask to wait just now' : '';
  const rest = pace.rests.find(({ of, until }) => of === 'hunting' && until > now);
  const hunting = rest ? `; hunting rests until ${shortTime(rest.until)}` : '';
  return `About ${spanWords(seconds)} at the pace of ${shortTime(pace.seenAt)}${waits}${hunting}.`;
}

/** What Microsoft answered in some time. */
export interface Answers {
  readonly requests: number;
  /** 95 of 100 batches were answered within this. */
  readonly p95Ms: number;
  /** Asked to wait because it was too much, or because the service was not there. */
  readonly throttled: number;
  readonly unavailable: number;
}

/** Empty where nothing was seen of it. */
export function answersWords(answers: Answers | null): string {
  if (answers === null || answers.requests === 0) return '';
  const { requests, p95Ms, throttled, unavailable } = answers;
  const waits = [
    throttled > 0 ? `${number(throttled)} were too much for a mailbox or the service (429)` : '',
    unavailable > 0 ? `${number(unavailable)} found it unavailable (503)` : '',
  ].filter((words) => words !== '');
  const asked = waits.length === 0 ? 'none was asked to wait' : `asked to wait: ${waits.join(', ')}`;
  return `Meanwhile Microsoft answered ${count(requests, 'request', 'requests')}, 95 % of batches within ${number(p95Ms)} ms; ${asked}.`;
}

const whole = (value: number) => Number(value.toFixed(0));

/** `40 seconds`, `3 minutes`, `2 hours`: as exact as anybody needs it. */
export function spanWords(seconds: number): string {
  if (seconds < 1) return '1 second';
  if (seconds < 90) return count(whole(seconds), 'second', 'seconds');
  if (seconds < 90 * MINUTE_S) return count(whole(seconds / MINUTE_S), 'minute', 'minutes');
  return count(whole(seconds / MINUTE_S / MINUTE_S), 'hour', 'hours');
}
