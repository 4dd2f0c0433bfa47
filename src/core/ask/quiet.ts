import { dateOf, dayOf, hourOf, instantIn, wallTime } from '../zone.ts';

/** Hours in which nobody is called by name, unless it is bad enough. */

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface QuietHours {
  readonly zone: string;
  /** `22:00` */
  readonly from: string;
  /** `07:00`; before `from` it means the next morning. */
  readonly until: string;
  /** From this severity on people are called all the same. */
  readonly calledFrom: Severity;
}

/** When the quiet hours end that this instant lies in, both in milliseconds since 1970; null outside of them. */
export function quietUntil({ zone, from, until }: QuietHours, at: number): number | null {
  const wall = wallTime(zone, at);
  const now = hourOf(wall);
  const overnight = until < from;
  const isQuiet = overnight ? now >= from || now < until : now >= from && now < until;
  if (!isQuiet) return null;
  const endsTomorrow = overnight && now >= from;
  return instantIn(zone, `${dateOf(dayOf(wall) + (endsTomorrow ? 1 : 0))}T${until}`);
}

export function isCalledAllTheSame({ calledFrom }: QuietHours, severity: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(calledFrom);
}
