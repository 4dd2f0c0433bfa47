import { instantOf, isoOf } from '../instant.ts';

/** How often a vendor was asked in 24 hours that roll on, counted by the hour: whole hours alone are old enough to be asked again. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const hourOf = (at: number) => isoOf(at - (at % HOUR_MS));

/** The hour of that time, and the first one whose questions still count; ISO times. */
export function hoursOf(at: string): { readonly hour: string; readonly oldest: string } {
  const now = instantOf(at);
  return { hour: hourOf(now), oldest: hourOf(now - DAY_MS) };
}

/** After how long the questions of the `first` hour count no more, milliseconds. */
export function untilFree(first: string, at: string): number {
  const ms = instantOf(first) + DAY_MS + HOUR_MS - instantOf(at);
  if (ms < 0) return 0;
  return ms;
}
