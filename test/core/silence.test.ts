import { describe, expect, it } from 'vitest';
import { counted, type DayOfReports, usualBeforeSilence } from '../../src/core/find/silence.ts';

/** A source of reports that used to have some and has none any more is worth a look; one that never had many is not. */

const on = (day: string, time = '09:00:00.000') => `2026-11-${day}T${time}Z`;
const reported = (...days: readonly string[]) =>
  days.reduce<readonly DayOfReports[]>((all, day) => counted(all, 1, on(day)), []);
const usual = (days: readonly DayOfReports[], heardAt: string | null, now: string) =>
  usualBeforeSilence({ days, heardAt }, now);

describe('reports are counted by the day', () => {
  it('as many as came on each', () => {
    const two = counted(counted([], 2, on('01', '00:00:00.000')), 3, on('01', '23:59:59.999'));
    expect(two.map(({ reports }) => reports)).toEqual([5]);
    expect(counted(two, 1, on('02')).map(({ reports }) => reports)).toEqual([5, 1]);
  });

  it('and days that had none, or are a month old, are left out', () => {
    const days = reported('01', '02');
    expect(counted(days, 0, on('20'))).toBe(days);
    expect(counted(days, 1, '2026-12-01T09:00:00.000Z')).toHaveLength(2);
  });
});

describe('a source of reports', () => {
  const FIVE = reported('01', '02', '03', '04', '05');

  it('that had five in the month is silent after a week', () => {
    expect(usual(FIVE, on('05'), on('12', '08:59:59.999'))).toBeNull();
    expect(usual(FIVE, on('05'), on('12'))).toBe(5);
  });

  it('stays silent however long it lasts', () => {
    expect(usual(FIVE, on('05'), '2027-11-05T09:00:00.000Z')).toBe(5);
  });

  it('that had four is none that anybody misses', () => {
    expect(usual(reported('02', '03', '04', '05'), on('05'), on('29'))).toBeNull();
  });

  it('of which the others are more than a month older is none either', () => {
    const days = [...reported('01', '02', '03', '04'), { day: 20_820, reports: 1 }];
    expect(usual(days, new Date(20_820 * 86_400_000).toISOString(), '2027-02-01T00:00:00.000Z')).toBeNull();
  });

  it('that never had one has not fallen silent', () => {
    expect(usual([], null, on('29'))).toBeNull();
  });
});
