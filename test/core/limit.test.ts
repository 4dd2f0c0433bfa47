import { describe, expect, it } from 'vitest';
import {
  type Limit,
  LONGEST_REST_MS,
  NO_TURNS,
  nextTurn,
  type Turns,
  withRest,
  withTurn,
} from '../../src/core/limit.ts';

/** A service of Microsoft is asked at most so often, by all processes together, and never while it asked to be left alone. */

const LIMIT: Limit = { name: 'two a second', most: 2, windowMs: 1_000 };
const NOW = 1_000_000;
const taken = (...at: readonly number[]): Turns => ({ ...NO_TURNS, taken: at });
const next = (turns: Turns) => nextTurn(turns, LIMIT, NOW);

describe('the next turn', () => {
  it('is now while there are fewer than may be', () => {
    expect([next(NO_TURNS), next(taken(NOW))]).toEqual([NOW, NOW]);
  });

  it('is when the last but so many is a whole stretch ago', () => {
    expect(next(taken(NOW - 400, NOW - 100))).toBe(NOW + 600);
    expect(next(taken(NOW - 1_000, NOW - 100))).toBe(NOW);
    expect(next(taken(NOW - 999, NOW - 100))).toBe(NOW + 1);
    expect(next(taken(NOW - 5_000, NOW - 400, NOW - 100))).toBe(NOW + 600);
  });

  it('comes after turns that were given for later', () => {
    expect(next(taken(NOW + 600, NOW + 700))).toBe(NOW + 1_600);
  });

  it('is not before the service wants to be asked again', () => {
    expect(next({ taken: [], restUntil: NOW + 30_000 })).toBe(NOW + 30_000);
    expect(next({ taken: [NOW - 400, NOW - 100], restUntil: NOW + 100 })).toBe(NOW + 600);
    expect(next({ taken: [NOW - 400, NOW - 100], restUntil: NOW + 700 })).toBe(NOW + 700);
    expect(next({ taken: [], restUntil: NOW })).toBe(NOW);
  });

  it('is kept away by nothing that was written under a clock that ran ahead', () => {
    expect(next({ taken: [], restUntil: NOW + LONGEST_REST_MS })).toBe(NOW + LONGEST_REST_MS);
    expect(next({ taken: [], restUntil: NOW + LONGEST_REST_MS + 1 })).toBe(NOW);
    const ahead = NOW + 24 * 3_600_000;
    expect(next(taken(ahead, ahead))).toBe(NOW);
    expect(next({ taken: [ahead, ahead], restUntil: NOW + 50 })).toBe(NOW + 50);
  });
});

describe('a rest', () => {
  it('is the longest that was asked for', () => {
    const rested = withRest(NO_TURNS, 5_000, NOW);
    expect(rested.restUntil).toBe(NOW + 5_000);
    expect(withRest(rested, 1_000, NOW).restUntil).toBe(NOW + 5_000);
    expect(withRest(rested, 5_001, NOW).restUntil).toBe(NOW + 5_001);
  });

  it('takes the place of one that no service can have asked for', () => {
    const odd = { taken: [], restUntil: NOW + LONGEST_REST_MS + 1 };
    expect(withRest(odd, 1_000, NOW).restUntil).toBe(NOW + 1_000);
    const longest = { taken: [], restUntil: NOW + LONGEST_REST_MS };
    expect(withRest(longest, 1_000, NOW).restUntil).toBe(NOW + LONGEST_REST_MS);
  });
});

it('so many turns are remembered as count, and a rest beside them', () => {
  const turns = { taken: [1, 2], restUntil: 7 };
  expect(withTurn(turns, LIMIT, 3)).toEqual({ taken: [2, 3], restUntil: 7 });
  expect(withTurn(NO_TURNS, LIMIT, 3).taken).toEqual([3]);
});
