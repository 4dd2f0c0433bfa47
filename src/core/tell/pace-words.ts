import { instantOf } from '../instant.ts';
import { count, number } from '../text.ts';
import type { RunFacts } from './run-facts.ts';

/** How fast a run goes, and how long it will take at that pace: said only where enough was done to know. */

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

const whole = (value: number) => Number(value.toFixed(0));

/** `40 seconds`, `3 minutes`, `2 hours`: as exact as anybody needs it. */
function spanWords(seconds: number): string {
  if (seconds < 1) return '1 second';
  if (seconds < 90) return count(whole(seconds), 'second', 'seconds');
  if (seconds < 90 * MINUTE_S) return count(whole(seconds / MINUTE_S), 'minute', 'minutes');
  return count(whole(seconds / MINUTE_S / MINUTE_S), 'hour', 'hours');
}
