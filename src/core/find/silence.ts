import { instantOf } from '../instant.ts';

/**
 * People report again and again, or not at all: a source of reports that used to have some and has none any more was probably
 * taken out where it comes from (a button, a rule that forwards, a permission). One that never had many is left alone.
 */

/** So long without a report, after a month that had as many as this, and whoever runs this should look. */
const SILENT_DAYS = 7;
export const USUAL_DAYS = 30;
const USUAL_REPORTS = 5;

const DAY_MS = 86_400_000;

/** How many reports came on a day of UTC, counted from 1970. */
export interface DayOfReports {
  readonly day: number;
  readonly reports: number;
}

/** With so many more at that time (ISO); days that say nothing any more are left out. */
export function counted(days: readonly DayOfReports[], reports: number, at: string): readonly DayOfReports[] {
  if (reports === 0) return days;
  const today = dayOf(at);
  const before = days.filter(({ day }) => day !== today && day > today - USUAL_DAYS);
  const known = days.find(({ day }) => day === today)?.reports ?? 0;
  return [...before, { day: today, reports: known + reports }].toSorted((a, b) => a.day - b.day);
}

/**
 * How many reports came in the month up to the last one, where none has come since for so long that this is no chance; null
 * where it is, or there never were enough. `heardAt`, `now`: ISO times.
 */
export function usualBeforeSilence(
  { days, heardAt }: { readonly days: readonly DayOfReports[]; readonly heardAt: string | null },
  now: string,
): number | null {
  if (heardAt === null || instantOf(now) - instantOf(heardAt) < SILENT_DAYS * DAY_MS) return null;
  const last = dayOf(heardAt);
  const usual = days
    .filter(({ day }) => day <= last && day > last - USUAL_DAYS)
    .reduce((sum, { reports }) => sum + reports, 0);
  return usual >= USUAL_REPORTS ? usual : null;
}

function dayOf(at: string): number {
  const days = instantOf(at) / DAY_MS;
  return days - (days % 1);
}
