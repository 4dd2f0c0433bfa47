import { describe, expect, it, test } from 'vitest';
import { lookIs } from '../../src/core/flag/look-is.ts';
import type { SourceAnswer } from '../../src/core/intelligence/asked.ts';

/** What answers of several sources come to, where a mailbox is cleared by nothing having been found. */

const SINCE = '2026-11-20T08:00:00.000Z';
const LATER = '2026-11-21T08:00:00.000Z';
const answer = (source: SourceAnswer['source'], more: Partial<SourceAnswer> = {}): SourceAnswer => ({
  ...{ source, is: 'answered', rows: 0, cut: false, asked: 1, detail: '' },
  ...more,
});
const none = { is: 'not licensed' } as const;

describe('a look that finds nothing', () => {
  it('has seen the mailbox where account and mailbox were looked at, and that is long enough ago', () => {
    const all = [answer('sign-ins', { rows: 4 }), answer('mailbox events'), answer('link clicks', none)];
    expect(lookIs(all, 0, SINCE, LATER)).toBe('seen');
  });

  it('has not seen it yet where only what is older shows by now', () => {
    const all = [answer('sign-ins', { rows: 4 }), answer('mailbox events', { rows: 2 })];
    expect(lookIs(all, 0, SINCE, '2026-11-20T08:02:00.000Z')).toBe('not seen yet');
  });

  it('has seen a part of it where not everything was told', () => {
    expect(lookIs([answer('sign-ins'), answer('mailbox events', { cut: true })], 0, SINCE, LATER)).toBe('seen in part');
  });

  test.each([
    ['a change may have been in this mailbox, and nobody could tell', { rows: 1, unresolved: 1 }],
    ['only a part of what happens in a mailbox can be asked for', { only: 'changes' }],
  ] as const)('has seen a part of it where %s', (_what, more) => {
    expect(lookIs([answer('sign-ins'), answer('mailbox events', more)], 0, SINCE, LATER)).toBe('seen in part');
  });

  test.each([
    ['what was changed in the mailbox', [answer('sign-ins'), answer('mailbox events', none)]],
    ['how somebody signed in', [answer('sign-ins', none), answer('mailbox events')]],
    ['more than risk', [answer('sign-ins', none), answer('mailbox events', none), answer('risk detections')]],
  ])('has seen a part of it where there is no licence for %s', (_what, answers) => {
    expect(lookIs(answers, 0, SINCE, LATER)).toBe('seen in part');
  });

  it('takes risk detections for sign-ins, where there are only those', () => {
    const all = [answer('sign-ins', none), answer('mailbox events'), answer('risk detections')];
    expect(lookIs(all, 0, SINCE, LATER)).toBe('seen');
  });
});

it('what a look finds counts also where not everything was told', () => {
  expect(lookIs([answer('sign-ins', { rows: 9, cut: true }), answer('mailbox events', none)], 2, SINCE, LATER)).toBe(
    'seen',
  );
});
