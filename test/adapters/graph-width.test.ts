import { describe, expect, test } from 'vitest';
import { createWidth, type Width } from '../../src/adapters/graph/width.ts';

/** How many batches go out at once is learned from how those before were answered. */

const REQUESTS = 20;

const calm = (width: Width, ms = 100, hasOthers = true) =>
  width.learn({ requests: REQUESTS, refused: 0, ms, hasOthers, startedIn: width.era() });
const strain = (width: Width, startedIn = width.era(), refused = REQUESTS) =>
  width.learn({ requests: REQUESTS, refused, ms: 100, hasOthers: true, startedIn });
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
    times(2, () => strain(width));
    expect(width.now()).toBe(1);
    times(2, () => strain(width));
    expect(width.now()).toBe(1);
  });

  test('goes back to what it was where as much is refused when it is narrower', () => {
    const width = createWidth();
    times(100, () => calm(width));
    const together = width.era();
    times(16, () => strain(width, together, 5));
    expect(width.now()).toBe(8);
    times(2, () => strain(width, width.era(), 5));
    expect(width.now()).toBe(16);
    times(50, () => strain(width, width.era(), 5));
    expect(width.now()).toBe(16);
  });

  test('stays narrower where that helps', () => {
    const width = createWidth();
    times(100, () => calm(width));
    const together = width.era();
    times(16, () => strain(width, together, 5));
    times(3, () => calm(width));
    expect(width.now()).toBe(8);
  });

  test('bears what it bore once, and is narrower where more is refused than that', () => {
    const width = bearingAQuarter();
    times(10, () => strain(width, width.era(), 12));
    expect(width.now()).toBeLessThan(16);
  });

  test('is narrower at the first refusal again once nothing was refused for a while', () => {
    const width = bearingAQuarter();
    times(100, () => calm(width));
    strain(width, width.era(), 1);
    expect(width.now()).toBe(8);
  });

  test('never bears that more is refused than served', () => {
    const width = createWidth();
    const together = width.era();
    times(6, () => strain(width, together, 15));
    times(20, () => strain(width, width.era(), 15));
    expect(width.now()).toBe(1);
  });

  test('grows from one batch at a time where a share is refused even then', () => {
    const width = createWidth();
    for (let n = 0; n < 8; n += 1) strain(width, width.era(), 5);
    times(200, () => strain(width, width.era(), 5));
    expect(width.now()).toBe(16);
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

/** Sixteen wide, a quarter of what is asked is refused, and narrower it was no less. */
function bearingAQuarter(): Width {
  const width = createWidth();
  times(100, () => calm(width));
  const together = width.era();
  times(16, () => strain(width, together, 5));
  times(2, () => strain(width, width.era(), 5));
  return width;
}
