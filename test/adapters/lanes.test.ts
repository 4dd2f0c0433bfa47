import { describe, expect, it } from 'vitest';
import { lanesFor } from '../../src/adapters/store/lanes.ts';

/** How many jobs of a queue are under way, and of whom. */

describe('the lanes of a queue', () => {
  it('are all those of the one tenant that there is', () => {
    expect(lanesFor(8, new Map([['contoso', 3]]))).toEqual({ all: 8, each: null });
    expect(lanesFor(8, new Map())).toEqual({ all: 8, each: null });
  });

  it('are as many for each of two as one alone would have', () => {
    const weights = new Map([
      ['contoso', 2],
      ['fabrikam', 2],
    ]);
    expect(lanesFor(8, weights)).toEqual({ all: 16, each: { contoso: 8, fabrikam: 8 } });
  });

  it('are shared by weight, and never none', () => {
    const weights = new Map([
      ['contoso', 4],
      ['fabrikam', 2],
      ['tailspin', 1],
    ]);
    expect(lanesFor(8, weights)).toEqual({ all: 14, each: { contoso: 8, fabrikam: 4, tailspin: 2 } });
    expect(lanesFor(1, weights)).toEqual({ all: 2, each: { contoso: 1, fabrikam: 1, tailspin: 1 } });
  });

  it('are never all of one tenant, however many there are', () => {
    const weights = new Map(Array.from({ length: 40 }, (_, n) => [`tenant ${n}`, 1] as const));
    const { all, each } = lanesFor(8, weights);
    expect([all, each?.['tenant 0']]).toEqual([16, 8]);
  });
});
