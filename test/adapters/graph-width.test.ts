import { describe, expect, test } from 'vitest';
import { createWidth, type Width } from '../../src/adapters/graph/width.ts';

/** How many batches go out at once is learned from how those before were answered. */

const calm = (width: Width, ms = 100, hasOthers = true) =>
  width.learn({ calm: true, ms, hasOthers, startedIn: width.era() });
const strain = (width: Width, startedIn = width.era()) =>
  width.learn({ calm: false, ms: 100, hasOthers: true, startedIn });
const times = (n: number, work: () => void) => Array.from({ length: n }).forEach(work);

describe('the number of batches at once', () => {
  test('grows by one with each calm answer at first, and to sixteen at most', () => {
    const width = createWidth();
    calm(width);
    expect(width.now()).toBe(7);
    times(100, () => calm(width));
    expect(width.now()).toBe(16);
  });

  test('does not grow where nobody waits for a place', () => {
    const width = createWidth();
    times(100, () => calm(width, 100, false));
    expect(width.now()).toBe(6);
  });

  test('does not grow while answers take more than twice as long as the fastest', () => {
    const width = createWidth();
    calm(width, 100);
    times(10, () => calm(width, 250));
    expect(width.now()).toBe(7);
    calm(width, 150);
    expect(width.now()).toBe(8);
  });

  test('takes slower answers for usual once they have been for long', () => {
    const width = createWidth();
    calm(width, 100);
    times(200, () => calm(width, 250));
    expect(width.now()).toBeGreaterThan(7);
  });

  test('halves once for all batches that were under way together', () => {
    const width = createWidth();
    const together = width.era();
    times(6, () => strain(width, together));
    expect(width.now()).toBe(3);
    strain(width);
    expect(width.now()).toBe(1);
    strain(width);
    expect(width.now()).toBe(1);
  });

  test('comes back slowly after Graph said that it was too much', () => {
    const width = createWidth();
    strain(width);
    times(9, () => calm(width));
    expect(width.now()).toBe(3);
    times(2, () => calm(width));
    expect(width.now()).toBe(4);
  });
});
