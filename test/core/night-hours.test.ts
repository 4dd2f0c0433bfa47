import { expect, it } from 'vitest';
import { Policy } from '../../src/core/ask/policy.ts';
import { type Circumstances, termsOf } from '../../src/core/ask/rule.ts';

/** Hours over midnight, minute by minute: at night fewer people may be asked, so the edges decide. */
const WHAT: Circumstances = {
  action: 'purge',
  mode: 'live',
  tenant: 'contoso',
  copies: 1,
  mailboxes: 1,
  share: 0.01,
  vip: 0,
  legalHold: 0,
  protected: {},
  confidence: null,
  source: 'Defender',
  verdict: 'phishing',
  severity: 'high',
  at: 0,
};
const night = (days: readonly string[]) =>
  Policy.parse({
    version: 1,
    rules: [
      {
        name: 'at night',
        when: { action: ['purge'], time: { days, from: '22:00', to: '06:00' } },
        approve: [{ role: 'approver', count: 1 }],
      },
    ],
  });
const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

// 25 November 2026 is a Wednesday.
it.each([
  ['a minute before it begins', everyDay, '2026-11-25T21:59:00Z', false],
  ['when it begins', everyDay, '2026-11-25T22:00:00Z', true],
  ['a minute before it ends', everyDay, '2026-11-26T05:59:00Z', true],
  ['when it ends', everyDay, '2026-11-26T06:00:00Z', false],
  ['at noon', everyDay, '2026-11-26T12:00:00Z', false],
  ['when Wednesday’s ends, on Wednesday', ['wed'], '2026-11-26T06:00:00Z', false],
  ['when it ends on the day that it may begin on again', ['thu'], '2026-11-26T06:00:00Z', false],
  ['in the morning that belongs to the day before', ['thu'], '2026-11-26T05:59:00Z', false],
])('a night from ten to six, %s', (_when, days, at, fits) => {
  expect(termsOf(night(days), { ...WHAT, at: Date.parse(at) }).is === 'asked').toBe(fits);
});

it.each(everyDay.map((day, n) => [day, n] as const))('the small hours after %s are that day’s night', (day, n) => {
  // 23 November 2026 is a Monday; two in the morning of the day after.
  const at = Date.parse('2026-11-24T02:00:00Z') + n * 86_400_000;
  expect(everyDay.filter((one) => termsOf(night([one]), { ...WHAT, at }).is === 'asked')).toEqual([day]);
});
