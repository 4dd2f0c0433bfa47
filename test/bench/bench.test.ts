import { expect, test } from 'vitest';
import { diceFrom } from '../fault/dice.ts';
import { percentile } from './alerts.ts';
import { chunksOf } from './bare.ts';
import { spreadOf } from './extras.ts';
import { doubtsOf, lineOf, type Measured, type Phase } from './figures.ts';
import { copiesInAll, isOneMeasured, optionsOf } from './options.ts';
import { selfTimes } from './profile.ts';
import { idealMs, unavoidableMs } from './unavoidable.ts';

const PHASE: Phase = {
  operations: { listMessages: 100, move: 100, getMessage: 110 },
  statuses: { 200: 210, 201: 100 },
  batches: 20,
  mostBatches: 16,
  productCpuMs: 150,
  standInCpuMs: 400,
  stallMs: 12,
};
const MEASURED: Measured = {
  ...{ copies: 100, store: 'embedded', serviceMs: 300, wide: 16, firstStartMs: 2_000, coldStartMs: 1_000 },
  ...{
    idleMb: 200,
    peakMb: 300,
    bareSearchMs: 400,
    bareMs: 1_000,
    planMs: 500,
    purgeMs: 1_250,
    cardMs: 1_400,
    pressMs: 80,
  },
  ...{ plan: PHASE, purge: PHASE, removed: 100, left: 0, decoysTouched: 0 },
};

test('the figures are set against the loop by hand, and a copy', () => {
  expect(lineOf(MEASURED)).toMatchObject({
    copies: 100,
    ratio: 1.25,
    planRatio: 1.25,
    opsPerCopy: 3.1,
    cpuMsPerCopy: 1.5,
    standInBusy: 0.32,
    perBatch: 15.5,
    left: 0,
  });
});

test('what was not done, and a stand-in that had no time, is said', () => {
  expect(doubtsOf(MEASURED)).toEqual([]);
  const busy = { ...PHASE, standInCpuMs: 1_200 };
  expect(doubtsOf({ ...MEASURED, purge: busy, left: 2, removed: 98, decoysTouched: 1 })).toEqual([
    'the stand-in computed 96 % of the time: it was what held everything up',
    '2 copies are still in sight',
    'the run reports 98 of 100 copies removed',
    '1 other mails were touched',
  ]);
});

test('what is asked for is read, and what cannot be meant is refused', () => {
  expect(optionsOf(['--copies', '500', '--store', 'postgres://127.0.0.1/x', '--json'])).toMatchObject({
    ...{ copies: 500, store: 'postgres://127.0.0.1/x', serviceMs: 300, wide: 16, json: true, profile: null },
  });
  for (const wrong of [['--copies', '0'], ['--wide', 'many'], ['--store', 'elsewhere'], ['--faster']])
    expect(() => optionsOf(wrong)).toThrow(/--/);
});

test('a profile names the functions that took the time, without what they called and without waiting', () => {
  const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 4 });
  const shares = selfTimes({
    nodes: [
      { id: 1, callFrame: frame('(idle)', '') },
      { id: 2, callFrame: frame('work', 'file:///home/src/flow/sweep.ts') },
      { id: 3, callFrame: frame('', 'file:///home/node_modules/pg/lib/client.js') },
      { id: 4, callFrame: frame('work', 'file:///home/src/flow/sweep.ts') },
    ],
    samples: [1, 2, 3, 4],
    timeDeltas: [0, 9_000, 1_000, 3_000],
  });
  expect(shares).toEqual([
    { where: '(anonymous:5)  pg/lib/client.js', ms: 3 },
    { where: 'work  src/flow/sweep.ts', ms: 1 },
  ]);
});

test('a batch by hand holds twenty, and the last one what is left', () => {
  expect(chunksOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
});

test('what is asked for beside the purge is read, and what can only be asked of a server is refused elsewhere', () => {
  const server = ['--store', 'postgres://127.0.0.1/x'];
  const { extras } = optionsOf([...server, '--storm', '--beside', '900', '--processes', '1,2,4', '--sizes', '10,20']);
  expect(extras).toEqual({
    ...{ peers: false, readings: false, storm: true, beside: 900, alertsPerSecond: 0, forSeconds: 60 },
    ...{ processes: [1, 2, 4], sizes: [10, 20] },
  });
  for (const wrong of [
    ['--processes', '1,2'],
    [...server, '--processes', '1,,2'],
    ['--sizes', 'few'],
    ['--for', '0'],
  ])
    expect(() => optionsOf(wrong)).toThrow(/--/);
});

test('the one purge is left out where only something is asked for that brings runs of its own', () => {
  const isMeasured = (...args: string[]) => isOneMeasured(optionsOf(args));
  expect([isMeasured(), isMeasured('--storm'), isMeasured('--sizes', '10', '--peers')]).toEqual([true, true, true]);
  expect([isMeasured('--sizes', '10,20'), isMeasured('--alerts-per-second', '5')]).toEqual([false, false]);
});

test('how long it may take follows from all the copies that are worked on', () => {
  const copies = (...args: string[]) => copiesInAll(optionsOf(['--copies', '100', ...args]));
  expect([copies(), copies('--storm'), copies('--beside', '50'), copies('--sizes', '10,20')]).toEqual([
    100, 300, 150, 30,
  ]);
});

const QUIET = { throttled: 0, unavailable: 0, resets: 0, retryAfter: [0, 0] } as const;
const PURGE = { copies: 640, wide: 16, serviceMs: 100 };

test('without a storm an ideal purge takes three requests a copy, as many at once as fit', () => {
  expect(idealMs(PURGE, QUIET, diceFrom(1))).toBe(600);
  expect(idealMs({ ...PURGE, copies: 1 }, QUIET, diceFrom(1))).toBe(300);
});

test('a storm adds what has to be asked again, and the waits that are named', () => {
  const third = { ...QUIET, throttled: 1 / 3, retryAfter: [0, 0] } as const;
  // Each request is asked for one and a half times on average.
  const more =
    unavoidableMs({ ...PURGE, copies: 16_000 }, third, diceFrom(2)) /
    idealMs({ ...PURGE, copies: 16_000 }, QUIET, diceFrom(2));
  expect(more).toBeGreaterThan(0.4);
  expect(more).toBeLessThan(0.6);
  // One that waits a second each time has to wait three times at the least where two of three are refused.
  const waits = { ...QUIET, throttled: 2 / 3, retryAfter: [1, 1] } as const;
  expect(unavoidableMs(PURGE, waits, diceFrom(3))).toBeGreaterThan(3_000);
});

test('a batch that is cut is asked again as a whole', () => {
  const cut = { ...QUIET, resets: 0.5 };
  expect(unavoidableMs({ ...PURGE, copies: 20, wide: 1 }, cut, diceFrom(4))).toBeGreaterThan(0);
});

test('a copy that costs the same at every size has no spread', () => {
  expect([spreadOf({ 10: 2, 20: 2 }), spreadOf({ 10: 2, 20: 2.5, 30: 2.2 })]).toEqual([0, 0.25]);
});

test('the ninety-ninth percentile is what one in a hundred exceeds', () => {
  const hundred = Array.from({ length: 100 }, (_none, n) => n + 1);
  expect([percentile(hundred, 0.99), percentile(hundred, 0.5), percentile([7], 0.99), percentile([], 0.99)]).toEqual([
    99, 50, 7, 0,
  ]);
});
