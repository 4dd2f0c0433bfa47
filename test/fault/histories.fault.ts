import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { anyHistory, play, type Told } from './history.ts';

/** The long run of test/flow/histories.test.ts: alerts, votes, growth, policy edits, expiry, stops, restarts. */

const HISTORIES = inject('histories');

it(`${HISTORIES} generated histories: no execution outside the approved digest, nobody counted twice, no vote after the end`, async () => {
  const told: Told = { runs: 0, children: 0, effects: 0, refusals: 0 };
  const sum = { ...told };
  await fc.assert(
    fc.asyncProperty(anyHistory, async (history) => {
      const one = await play(history);
      sum.runs += one.runs;
      sum.children += one.children;
      sum.effects += one.effects;
      sum.refusals += one.refusals;
    }),
    { numRuns: HISTORIES },
  );
  process.stdout.write(`${JSON.stringify({ histories: HISTORIES, ...sum })}\n`);
  expect(sum.runs).toBeGreaterThan(HISTORIES / 10);
  expect(sum.children).toBeGreaterThan(HISTORIES / 1_000);
});
