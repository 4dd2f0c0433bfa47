import { instantOf } from '../instant.ts';
import { count } from '../text.ts';
import { END_ENTRIES, type EndName, endIn } from './ends.ts';
import { ofType, type Recorded } from './ledger.ts';
import type { EntryType } from './payloads.ts';

/** How long whoever reported a mail waited for what became of it, by the times in the record. */

/** What of an incident is needed to know it. */
export const ANSWER_ENTRIES = ['alert.received', ...END_ENTRIES] as const satisfies readonly EntryType[];

export interface AnswerTime {
  readonly end: EndName;
  /** Number of the entry that ended it. */
  readonly seq: number;
  /** From the first alert to that entry; not below zero, whatever was done to the clock. */
  readonly seconds: number;
}

/**
 * Of the end that stands. Null while there is none, and for a case that no alert began: nobody waits for an answer about
 * copies that were found later. `entries`: of one incident, oldest first.
 */
export function answerTime(entries: readonly Recorded[]): AnswerTime | null {
  const first = entries.find(ofType('alert.received'));
  const end = endIn(entries.filter(ofType(...END_ENTRIES)));
  const last = end && entries.find(({ seq }) => seq === end.seq);
  if (!(first && last)) return null;
  const [from, until] = [instantOf(first.at), instantOf(last.at)];
  if (Number.isNaN(until - from)) return null;
  return { end: end.is, seq: end.seq, seconds: until < from ? 0 : (until - from) / 1_000 };
}

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** `answered 12 min after the first report`; in whole hours from two on, in whole days from two on, never rounded up. */
export function answeredWords({ seconds }: Pick<AnswerTime, 'seconds'>): string {
  return `answered ${span(seconds)} after the first report`;
}

function span(seconds: number): string {
  if (seconds < MINUTE_S) return 'less than a minute';
  if (seconds < 2 * HOUR_S) return `${whole(seconds, MINUTE_S)} min`;
  return seconds < 2 * DAY_S ? `${whole(seconds, HOUR_S)} h` : count(whole(seconds, DAY_S), 'day');
}

const whole = (seconds: number, unit: number) => (seconds - (seconds % unit)) / unit;
