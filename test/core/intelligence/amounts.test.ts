import { describe, expect, it } from 'vitest';
import { burst } from '../../../src/core/intelligence/burst.ts';
import type { PersonFacts } from '../../../src/core/intelligence/facts.ts';
import { massAccess } from '../../../src/core/intelligence/mass-access.ts';
import { mfaMailDeleted } from '../../../src/core/intelligence/mfa-mail-deleted.ts';
import { at, factsOf } from './facts.ts';

/** How much is very much, of mail that was opened, sent or deleted since a mail came. */

const HOUR = 60;
const access = (minutes: number, mails: number, app = 'stranger', isThrottled = false) => ({
  ...{ at: at(minutes), app, mails, isThrottled },
});
const sent = (minutes: number, recipients: number) => ({ at: at(minutes), messages: 1, recipients });
const deleted = (minutes: number, subject = 'Your verification code') => ({ at: at(minutes), subject });

describe('mails that were opened', () => {
  it('are many from a hundred on, or where Exchange stopped counting', () => {
    const many = (mails: number, isThrottled = false) =>
      massAccess(factsOf({ accesses: [access(1, mails, 'x', isThrottled)] })).length;
    expect([many(99), many(100), many(1, true)]).toEqual([0, 1, 1]);
  });

  it('are told of a new application first, then of whichever opened most', () => {
    const told = (...accesses: PersonFacts['accesses']) => massAccess(factsOf({ accesses }))[0];
    const usual = access(-100, 5, 'outlook');
    expect(told(usual, access(1, 900, 'outlook'), access(2, 200, 'stranger'))?.row['app']).toBe('stranger');
    expect(told(usual, access(1, 200, 'stranger'), access(2, 300, 'other'))?.row['app']).toBe('other');
    expect(told(access(1, 200, 'stranger'))).toMatchObject({ strength: 'weak', measure: null });
    expect(told(usual, access(1, 200))).toMatchObject({ measure: { kind: 'revoke-sessions' } });
    expect(told(access(1, 200), access(90, 100))?.row['last']).toBe(at(90 + HOUR));
  });
});

describe('mails that were sent', () => {
  it('are many above twenty in an hour, and unusual above twice what there was', () => {
    const told = (now: number, ...before: readonly number[]) =>
      burst(factsOf({ bursts: [...before.map((n) => sent(-60, n)), sent(1, now)] }))[0];
    expect(told(20)).toBeUndefined();
    expect(told(21)).toMatchObject({ strength: 'medium', measure: { kind: 'revoke-sessions' } });
    expect(told(60, 10, 30, 20)).toMatchObject({ strength: 'weak', measure: null, row: { usual: 30 } });
    expect(told(61, 10, 30, 20)).toMatchObject({ strength: 'medium', row: { usual: 30 } });
  });

  it('are told of the hour in which they were most, and until the end of the last', () => {
    const [one] = burst(factsOf({ bursts: [sent(1, 30), sent(90, 50), sent(200, 21)] }));
    expect(one).toMatchObject({ at: at(90), row: { recipients: 50, last: at(200 + HOUR) } });
  });
});

it('a notice that was deleted is the first of them', () => {
  const deletions = [deleted(1, 'Lunch'), deleted(2), deleted(3, 'New sign-in to your account')];
  const [one] = mfaMailDeleted(factsOf({ deletions }));
  expect(one).toMatchObject({ at: at(2), row: { subject: 'Your verification code', last: at(3) } });
});
