import { expect, it } from 'vitest';
import { type FlagsOnCard, flagLines } from '../../src/core/tell/flags-line.ts';

/** One line about flagged mailboxes, kept small whatever is in it. */

const flags = (change: Partial<FlagsOnCard> = {}): FlagsOnCard => ({
  states: { raised: 1, 'in review': 2, contained: 0, cleared: 4 },
  overdue: 1,
  dueAt: '2026-11-26T14:05:00.000Z',
  owners: ['Omar', 'Dana'],
  differ: 0,
  ...change,
});

it.each<[string, FlagsOnCard | null, string | undefined]>([
  ['none', null, undefined],
  [
    'some',
    flags(),
    'Flagged mailboxes: 1 raised, 2 in review, 4 cleared, looked after by Omar, Dana; due 26 Nov 14:05 UTC, 1 overdue.',
  ],
  [
    'too many to be read',
    flags({ states: { raised: 9_000, 'in review': 0, contained: 0, cleared: 0 }, owners: null, overdue: 0 }),
    'Flagged mailboxes: 9,000 raised; due 26 Nov 14:05 UTC.',
  ],
  [
    'some that were changed',
    flags({ states: { raised: 0, 'in review': 0, contained: 0, cleared: 0 }, dueAt: null, differ: 2 }),
    'Flagged mailboxes: none that can be told; 2 more differ from the record.',
  ],
])('%s', (_what, given, expected) => {
  expect(flagLines(given)[0]).toBe(expected);
});

it('is one short line also where people are called what attackers would like', () => {
  const owners = Array.from({ length: 9 }, (_, n) => `${n} \u202E{{x}} <!everyone> ${'long'.repeat(900)}`);
  const [line = '', ...more] = flagLines(flags({ owners }));
  expect([line.length <= 300, more, /\u202E|\{\{/.test(line)]).toEqual([true, [], false]);
  expect(line).toContain('and 6 more');
});
