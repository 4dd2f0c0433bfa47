import { describe, expect, it, test } from 'vitest';
import { isBlind, lookIs } from '../../src/core/flag/look-is.ts';
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
    expect(lookIs(all, 0, SINCE, LATER).is).toBe('seen');
  });

  it('has not seen it yet where only what is older shows by now', () => {
    const all = [answer('sign-ins', { rows: 4 }), answer('mailbox events', { rows: 2 })];
    expect(lookIs(all, 0, SINCE, '2026-11-20T08:02:00.000Z').is).toBe('not seen yet');
  });

  it('has seen a part of it where not everything was told', () => {
    expect(lookIs([answer('sign-ins'), answer('mailbox events', { cut: true })], 0, SINCE, LATER).is).toBe(
      'seen in part',
    );
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
    expect(lookIs(answers, 0, SINCE, LATER).is).toBe('seen in part');
  });

  it('takes risk detections for sign-ins, where there are only those', () => {
    const all = [answer('sign-ins', none), answer('mailbox events'), answer('risk detections')];
    expect(lookIs(all, 0, SINCE, LATER).is).toBe('seen');
  });
});

it('what a look finds counts also where not everything was told', () => {
  expect(lookIs([answer('sign-ins', { rows: 9, cut: true }), answer('mailbox events', none)], 2, SINCE, LATER).is).toBe(
    'seen',
  );
});

describe('what was not looked at', () => {
  const blind = (answers: readonly SourceAnswer[], findings = 0) =>
    isBlind({ ...lookIs(answers, findings, SINCE, LATER), findings, at: LATER });

  it('is named with why, and of what nobody was asked for that it is off', () => {
    const answers = [answer('mailbox events', none), answer('link clicks', { is: 'not permitted' })];
    expect(lookIs(answers, 0, SINCE, LATER).unlooked).toEqual([
      { source: 'mailbox events', why: 'not licensed' },
      { source: 'link clicks', why: 'not permitted' },
      { source: 'sign-ins', why: 'off' },
    ]);
  });

  it.each([
    ['is not licensed', [answer('sign-ins', none), answer('mailbox events')]],
    ['is not permitted', [answer('sign-ins', { is: 'not permitted' }), answer('mailbox events')]],
    ['is switched off', [answer('mailbox events')]],
    ['is all there would be', [answer('sign-ins', none), answer('mailbox events', none)]],
  ] as const)('is no finding where it %s and nothing else was found', (_why, answers) => {
    expect(blind(answers)).toBe(true);
  });

  it.each([
    ['something was found beside it', [answer('sign-ins', none), answer('mailbox events')], 1],
    ['there was more than was told', [answer('sign-ins', none), answer('mailbox events', { cut: true })], 0],
    ['somebody gave no answer', [answer('sign-ins', { is: 'no answer' }), answer('mailbox events')], 0],
    ['everything was looked at', [answer('sign-ins'), answer('mailbox events')], 0],
  ] as const)('is another thing where %s', (_what, answers, findings) => {
    expect(blind(answers, findings)).toBe(false);
  });
});
