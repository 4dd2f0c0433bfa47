import { describe, expect, it } from 'vitest';
import { hasTicked, nextTickMs } from '../../src/core/tell/ticks.ts';

const MINUTE = 60_000;

describe('a card that tells how much time is left', () => {
  it.each([
    [60, 15],
    [45, 15],
    [44, 14],
    [2, 1],
    [1, 1],
    [0.5, 0.5],
    [1_440, 720],
  ])('with %d minutes left is drawn anew after %d', (left, after) => {
    expect(nextTickMs(left * MINUTE)).toBe(after * MINUTE);
  });

  it('is drawn anew once for each such time', () => {
    expect([hasTicked(46 * MINUTE, 45 * MINUTE), hasTicked(45 * MINUTE, 45 * MINUTE)]).toEqual([true, false]);
    expect([hasTicked(44 * MINUTE, 31 * MINUTE), hasTicked(31 * MINUTE, 29 * MINUTE)]).toEqual([false, true]);
  });
});
