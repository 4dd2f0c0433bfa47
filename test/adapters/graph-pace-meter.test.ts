import { describe, expect, test } from 'vitest';
import { createPaceMeter } from '../../src/adapters/graph/pace.ts';
import { ownLimits } from '../../src/adapters/microsoft/own-limits.ts';
import { HUNTING_LIMIT } from '../../src/core/limit.ts';

const START = Date.parse('2026-11-20T08:00:00.000Z');
const isoOn = (ms: number) => new Date(START + ms).toISOString();

function measured() {
  let now = START;
  const meter = createPaceMeter(() => now);
  return {
    meter,
    /** So many batches one after the other, each this long and with so many requests answered like this. */
    batches(times: number, ms: number, requests: number, status = 200) {
      for (let n = 0; n < times; n += 1) {
        now += ms;
        meter.hear({ operation: 'batch', status: 200, ms });
        for (let r = 0; r < requests; r += 1) meter.hear({ operation: 'read', status, ms });
      }
    },
    pass(ms: number) {
      now += ms;
    },
  };
}

describe('the pace at which Microsoft answers', () => {
  test('is not known at first, nor from a little that was asked', () => {
    const { meter, batches } = measured();
    expect(meter.now()).toBeNull();
    batches(3, 100, 20);
    expect(meter.now()).toBeNull();
  });

  test('is what was answered a second while there was always something under way', () => {
    const { meter, batches } = measured();
    batches(60, 100, 20);
    expect(meter.now()).toMatchObject({ perSecond: expect.closeTo(200, -1), waits: 0, rests: [] });
  });

  test('is not slowed down by the times in which nothing was asked', () => {
    const { meter, batches, pass } = measured();
    for (let n = 0; n < 10; n += 1) {
      batches(20, 100, 20);
      pass(60_000);
    }
    expect(meter.now()?.perSecond).toBeCloseTo(200, -2);
  });

  test('is not told by one slow mailbox after the other', () => {
    const { meter, batches } = measured();
    batches(10, 2_000, 1);
    expect(meter.now()?.perSecond ?? 0).toBe(0);
  });

  test('counts what was asked to wait as not done', () => {
    const { meter, batches } = measured();
    batches(60, 100, 20, 429);
    expect(meter.now()).toMatchObject({ perSecond: 0, waits: 1 });
  });

  test('names what asked to be left alone, for as long as it did', () => {
    const { meter, batches, pass } = measured();
    batches(60, 100, 20);
    void meter.watched(ownLimits(() => START)).rest(HUNTING_LIMIT, 30_000);
    expect(meter.now()?.rests).toEqual([{ of: 'hunting', until: isoOn(36_000) }]);
    pass(30_000);
    expect(meter.now()?.rests).toEqual([]);
  });
});

describe('what was answered in some time', () => {
  test('is told with how long nearly all of it took, and what was asked to wait', () => {
    const { meter, batches } = measured();
    batches(19, 100, 20);
    batches(1, 5_000, 1, 503);
    batches(1, 100, 2, 429);
    const answers = meter.between(isoOn(0), isoOn(10_000));
    expect(answers).toMatchObject({ requests: 383, throttled: 2, unavailable: 1 });
    expect(answers?.p95Ms).toBeGreaterThanOrEqual(100);
    expect(answers?.p95Ms).toBeLessThan(120);
  });

  test('is nothing where nothing was asked', () => {
    const { meter, batches } = measured();
    batches(19, 100, 20);
    expect(meter.between(isoOn(600_000), isoOn(700_000))).toBeNull();
  });

  test('is forgotten after some hours', () => {
    const { meter, batches, pass } = measured();
    batches(1, 100, 1);
    for (let n = 0; n < 200; n += 1) {
      pass(60_000);
      batches(1, 100, 1);
    }
    expect(meter.between(isoOn(0), isoOn(1_000))).toBeNull();
  });
});
