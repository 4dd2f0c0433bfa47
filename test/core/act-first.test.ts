import { describe, expect, it } from 'vitest';
import { mayActUnasked } from '../../src/core/incident/act-first.ts';
import { runOf } from '../support/cases.ts';

/** A rule that acts first is asked whether people have spoken against it. */

const [EARLY, LATE] = ['2026-11-20T08:00:00.000Z', '2026-11-20T09:00:00.000Z'];
const purge = runOf({}, { action: 'purge', startedAt: EARLY });
const undo = runOf({}, { action: 'restore', startedAt: LATE });

describe('a rule that acts first', () => {
  it.each<[string, Parameters<typeof mayActUnasked>, boolean]>([
    ['a mail that nobody has decided about', [[], ['open']], true],
    ['a mail that was purged last', [[purge], ['settled']], true],
    [
      'a mail that was brought back and purged since',
      [
        [
          { ...undo, startedAt: EARLY },
          { ...purge, startedAt: LATE },
        ],
        [],
      ],
      true,
    ],
    ['a mail that was brought back', [[purge, undo], []], false],
    ['a mail of which another list was brought back last', [[undo, purge], []], false],
    ['a mail whose purge was ended early', [[{ ...purge, cancelledAt: LATE }], ['settled']], false],
    ['a mail of which a list was called harmless', [[purge], ['settled', 'closed']], false],
    ['a mail of which a list has lapsed', [[], ['closed']], false],
  ])('is about %s: %j', (_mail, [runs, states], may) => {
    expect(mayActUnasked(runs, states)).toBe(may);
  });
});
