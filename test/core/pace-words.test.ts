import { describe, expect, test } from 'vitest';
import { speedWords, timeLeftWords } from '../../src/core/tell/pace-words.ts';

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
