import { describe, expect, test } from 'vitest';
import { answersWords, forecastWords, type Pace, speedWords, timeLeftWords } from '../../src/core/tell/pace-words.ts';

const START = '2026-11-20T08:00:00.000Z';
const secondsOn = (seconds: number) => new Date(Date.parse(START) + seconds * 1_000).toISOString();
const run = { startedAt: START, finishedAt: null, cancelledAt: null, total: 12_000, open: 12_000, resting: 0 };

describe('the time that is left', () => {
  test.each([
    [4_000, 60, 'about 2 minutes left at this pace'],
    [11_000, 60, 'about 5 seconds left at this pace'],
    [6_000, 60, 'about 60 seconds left at this pace'],
    [20, 60, 'about 10 hours left at this pace'],
    [100, 60, 'about 2 hours left at this pace'],
  ])('after %i of 12,000 copies in %i seconds is: %s', (done, seconds, words) => {
    expect(timeLeftWords({ ...run, open: run.total - done }, secondsOn(seconds))).toBe(words);
  });

  test.each([
    ['of too few copies', { open: run.total - 19 }, 60],
    ['of too little time', { open: 6_000 }, 2.9],
    ['while copies wait for the mail service', { open: 6_000, resting: 1 }, 60],
    ['once it is cancelled', { open: 6_000, cancelledAt: START }, 60],
    ['when nothing is left', { open: 0 }, 60],
  ])('is not said %s', (_why, change, seconds) => {
    expect(timeLeftWords({ ...run, ...change }, secondsOn(seconds))).toBe('');
  });
});

describe('how it went', () => {
  test.each([
    [12_000, 40, '12,000 copies in 40 seconds, 300 a second'],
    [30, 60, '30 copies in 60 seconds, 30 a minute'],
    [20, 0.2, '20 copies in 1 second, 100 a second'],
    [12_000, 7_200, '12,000 copies in 2 hours, 2 a second'],
  ])('%i copies in %f seconds: %s', (total, seconds, words) => {
    expect(speedWords({ ...run, total, open: 0, finishedAt: secondsOn(seconds) })).toBe(words);
  });

  test('is not said of a few copies, of a run under way, or by a clock that went back', () => {
    expect(speedWords({ ...run, total: 19, finishedAt: secondsOn(9) })).toBe('');
    expect(speedWords(run)).toBe('');
    expect(speedWords({ ...run, cancelledAt: START, finishedAt: secondsOn(40) })).toBe('');
    expect(speedWords({ ...run, finishedAt: secondsOn(-1) })).toBe('');
  });
});

const PACE: Pace = { perSecond: 300, waits: 0, seenAt: START, rests: [] };

describe('how long what is asked for may take', () => {
  test.each([
    [12_000, 300, 'About 2 minutes at the pace of 20 Nov 08:00 UTC.'],
    [1_000, 300, 'About 10 seconds at the pace of 20 Nov 08:00 UTC.'],
    [100_000, 900, 'About 6 minutes at the pace of 20 Nov 08:00 UTC.'],
  ])('%i copies, three requests each, %i a second: %s', (copies, perSecond, words) => {
    expect(forecastWords(copies, { ...PACE, perSecond }, secondsOn(60))).toBe(words);
  });

  test.each<[string, number, Pace | null, number]>([
    ['where no pace was seen', 12_000, null, 60],
    ['of a few copies', 19, { ...PACE, perSecond: 1 }, 60],
    ['of a few seconds', 999, PACE, 60],
    ['at a pace of long ago', 12_000, PACE, 12 * 3_600],
    ['at a pace of tomorrow, by a clock that was set back', 12_000, PACE, -1],
    ['where nothing was answered', 12_000, { ...PACE, perSecond: 0 }, 60],
  ])('is not said %s', (_why, copies, pace, seconds) => {
    expect(forecastWords(copies, pace, secondsOn(seconds))).toBe('');
  });

  test('comes with what is in its way just now', () => {
    const rests = [
      { of: 'identityProtection', until: secondsOn(600) },
      { of: 'hunting', until: secondsOn(300) },
    ];
    expect(forecastWords(12_000, { ...PACE, waits: 0.2, rests }, secondsOn(60))).toBe(
      'About 2 minutes at the pace of 20 Nov 08:00 UTC; mailboxes ask to wait just now; hunting rests until 20 Nov 08:05 UTC.',
    );
  });

  test('comes without what is over', () => {
    const rests = [{ of: 'hunting', until: secondsOn(300) }];
    expect(forecastWords(12_000, { ...PACE, waits: 0.2, rests }, secondsOn(301))).toBe(
      'About 2 minutes at the pace of 20 Nov 08:00 UTC.',
    );
  });
});

describe('what Microsoft answered', () => {
  test.each([
    [0, 0, 'none was asked to wait.'],
    [12, 0, 'asked to wait: 12 were too much for a mailbox or the service (429).'],
    [0, 3, 'asked to wait: 3 found it unavailable (503).'],
    [12, 3, 'asked to wait: 12 were too much for a mailbox or the service (429), 3 found it unavailable (503).'],
  ])('with %i too many and %i times unavailable', (throttled, unavailable, words) => {
    expect(answersWords({ requests: 3_015, p95Ms: 380, throttled, unavailable })).toBe(
      `Meanwhile Microsoft answered 3,015 requests, 95 % of batches within 380 ms; ${words}`,
    );
  });

  test('is not told where nothing was seen', () => {
    expect([answersWords(null), answersWords({ requests: 0, p95Ms: 0, throttled: 0, unavailable: 0 })]).toEqual([
      '',
      '',
    ]);
  });
});
