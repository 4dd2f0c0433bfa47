import { describe, expect, it } from 'vitest';
import { elapsedBy, holdFrom } from '../../src/core/lease.ts';

/** A machine whose clocks do what clocks do. */
function machine() {
  let wall = 1_764_000_000_000;
  let steady = 5_000;
  const elapsed = elapsedBy(
    () => Math.round(wall),
    () => steady,
  );
  return {
    elapsed,
    hold: () => holdFrom(elapsed(), 20_000, elapsed),
    runs(ms: number) {
      wall += ms;
      steady += ms;
    },
    suspended(ms: number) {
      wall += ms;
    },
    isSet(ms: number) {
      wall += ms;
    },
  };
}

describe('milliseconds that never run slower than either clock', () => {
  it('count a suspend from before anybody asked', () => {
    const { elapsed, suspended } = machine();
    suspended(10_000);
    expect(elapsed()).toBe(15_000);
  });

  it('do not count what is read one after the other, and count it once it adds up', () => {
    const { elapsed, isSet } = machine();
    const read = [50, 1, 40, 10, 1].map((ms) => {
      isSet(ms);
      return elapsed();
    });
    expect(read).toEqual([5_000, 5_051, 5_051, 5_051, 5_102]);
  });
});

describe('how long something is still held', () => {
  it('to the millisecond, after a suspend', () => {
    const { hold, runs, suspended } = machine();
    const held = hold();
    runs(1_000);
    suspended(25_000);
    expect(held.left()).toBe(-6_000);
  });

  it('not a moment less, when an older question is answered late', () => {
    const { elapsed, hold, runs } = machine();
    const asked = elapsed();
    runs(1_000);
    const held = hold();
    held.extendFrom(asked);
    expect(held.left()).toBe(20_000);
  });

  it('as long as both clocks say', () => {
    const { hold, runs } = machine();
    const held = hold();
    runs(19_000);
    expect(held.left()).toBe(1_000);
  });

  it('no longer after a freeze, which the steady clock sees', () => {
    const { hold, runs } = machine();
    const held = hold();
    runs(60_000);
    expect(held.left()).toBeLessThanOrEqual(0);
  });

  it('no longer after a suspend, which only the wall clock sees', () => {
    const { hold, runs, suspended } = machine();
    const held = hold();
    runs(1_000);
    suspended(25_000);
    expect(held.left()).toBeLessThanOrEqual(0);
  });

  it('the wall clock is set back: not a moment longer', () => {
    const { hold, runs, isSet } = machine();
    const held = hold();
    runs(5_000);
    isSet(-3_600_000);
    runs(5_000);
    expect(held.left()).toBe(10_000);
  });

  it('set back and suspended after it: over all the same', () => {
    const { hold, elapsed, isSet, suspended } = machine();
    const held = hold();
    isSet(-3_600_000);
    elapsed();
    suspended(20_000);
    expect(held.left()).toBeLessThanOrEqual(0);
  });

  it('what was over is not held again when the wall clock goes back', () => {
    const { hold, isSet } = machine();
    const held = hold();
    isSet(30_000);
    expect(held.left()).toBeLessThanOrEqual(0);
    isSet(-30_000);
    expect(held.left()).toBeLessThanOrEqual(0);
  });

  it('asking often makes no time pass', () => {
    const { hold, runs } = machine();
    const held = hold();
    for (let n = 0; n < 10_000; n += 1) {
      runs(0.3);
      held.left();
    }
    expect(held.left()).toBeCloseTo(17_000, 0);
  });

  it('extended, it counts from before the database was asked', () => {
    const { hold, runs, elapsed } = machine();
    const held = hold();
    runs(6_000);
    const asked = elapsed();
    runs(3_000);
    held.extendFrom(asked);
    expect(held.left()).toBe(17_000);
  });

  it('an answer that took longer than the lease extends nothing that is over', () => {
    const { hold, runs, elapsed } = machine();
    const held = hold();
    const asked = elapsed();
    runs(100_000);
    held.extendFrom(asked);
    expect(held.left()).toBeLessThanOrEqual(0);
  });
});
