import { expect, test } from 'vitest';
import { chunksOf } from './bare.ts';
import { doubtsOf, lineOf, type Measured, type Phase } from './figures.ts';
import { optionsOf } from './options.ts';
import { selfTimes } from './profile.ts';

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
  expect(optionsOf(['--copies', '500', '--store', 'postgres://127.0.0.1/x', '--json'])).toEqual({
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
