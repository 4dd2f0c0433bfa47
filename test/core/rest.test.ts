import { expect, it } from 'vitest';
import { hasWaited, restMs } from '../../src/core/rest.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

it.each([1, 16, 17, 20, 400])('a mailbox is never asked sooner than it said, at claim %s', (claims) => {
  expect(restMs(claims, 900_000)).toBe(900_000);
});

it.each([
  [1, 1_000],
  [16, 1_000],
  [17, 10_000],
  [18, 20_000],
  [22, 320_000],
  [23, 600_000],
  [400, 600_000],
])('claim %s of one that says a second rests %s ms', (claims, ms) => {
  expect(restMs(claims, 1_000)).toBe(ms);
});

it.each([
  ['purge', 20, 6 * HOUR, true],
  ['purge', 19, 6 * HOUR, false],
  ['purge', 20, 6 * HOUR - 1, false],
  ['contain', 4, 5 * MINUTE, true],
  ['contain', 3, 5 * MINUTE, false],
  ['contain', 4, 5 * MINUTE - 1, false],
])('in a %s, a copy after %s claims and %s ms: given up is %s', (action, claims, ms, is) => {
  expect(hasWaited({ isAwaited: action === 'contain', runMs: ms, cancelledMs: null }, claims)).toBe(is);
});

it.each([
  [2 * MINUTE, true],
  [2 * MINUTE - 1, false],
])('what was cancelled an hour after its start and %s ms ago: given up is %s', (ms, is) => {
  expect(hasWaited({ isAwaited: false, runMs: HOUR + ms, cancelledMs: ms }, 1)).toBe(is);
});
