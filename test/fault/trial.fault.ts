import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Bench, startBench } from '../doctor/bench.ts';
import { leftAfterStop, leftAfterTrouble } from '../doctor/trial-sweep.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

it('a trial leaves nothing behind, whatever trouble whichever request meets with', async () => {
  expect(await leftAfterTrouble(bench.sandbox, 1)).toEqual([]);
});

it('a trial leaves nothing behind, at whichever request somebody stops it', async () => {
  expect(await leftAfterStop(bench.sandbox, 1)).toEqual([]);
});
