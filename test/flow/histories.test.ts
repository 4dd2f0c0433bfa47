import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyHistory, play } from '../fault/history.ts';

describe('whatever happens in whatever order', () => {
  it('nothing runs that was not approved as it was shown, and nobody counts twice', async () => {
    const told = { runs: 0, children: 0, effects: 0, refusals: 0 };
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const one = await play(history);
        for (const what of ['runs', 'children', 'effects', 'refusals'] as const) told[what] += one[what];
      }),
      { numRuns: 1_500 },
    );
    // Histories in which nothing ever ran would prove nothing.
    expect(told.runs).toBeGreaterThan(100);
    expect(told.effects).toBeGreaterThan(100);
    expect(told.refusals).toBeGreaterThan(1_000);
    expect(told.children).toBeGreaterThan(5);
  });
});
