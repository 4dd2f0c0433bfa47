import { instantOf, isoOf } from './instant.ts';

/** Local times of named zones: nothing here asks what time it is. */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What a clock on the wall shows there, `2026-11-23T14:05`. `at`: milliseconds since 1970. */
export function wallTime(zone: string, at: number): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

/** The instant, milliseconds since 1970, at which the clock there shows this; a time that is left out is taken for a later one. */
export function instantIn(zone: string, wall: string): number {
  const asUtc = instantOf(`${wall}:00Z`);
  const offset = (at: number) => instantOf(`${wallTime(zone, at)}:00Z`) - (at - (at % MINUTE_MS));
  const guess = asUtc - offset(asUtc);
  return asUtc - offset(guess);
}

/** Whole days since 1970 of a wall time. */
export function dayOf(wall: string): number {
  return instantOf(`${wall.slice(0, 10)}T00:00:00Z`) / DAY_MS;
}

/** The date of so many days since 1970. */
export function dateOf(day: number): string {
  return isoOf(day * DAY_MS).slice(0, 10);
}

/** `14:05`. */
export function hourOf(wall: string): string {
  return wall.slice(11, 16);
}
