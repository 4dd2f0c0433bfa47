import { describe, expect, it } from 'vitest';
import type { Seen } from '../../src/core/measure/definition.ts';
import { MEASURES } from '../../src/core/measure/kinds.ts';
import { type Image, MEASURE_KINDS, type MeasureKind } from '../../src/core/measure/measure.ts';

/** When a measure is called done, and when it is called put back: only by what was seen, of each kind in its own way. */

const there = (image: Image): Seen => ({ is: 'there', image });
const GONE: Seen = { is: 'gone' };
const SENT = { folderId: 'sent', isRead: true };
const RISK = { riskState: 'atRisk', riskLastUpdatedDateTime: 'then' };
const RULE = { id: 'r', isEnabled: true, sequence: 1 };

describe('it is done', () => {
  it.each<[MeasureKind, Image | null, Seen, boolean]>([
    ['rule-off', RULE, there({ ...RULE, isEnabled: false }), true],
    ['rule-off', RULE, there(RULE), false],
    ['rule-off', RULE, GONE, false],
    ['disable-account', null, there({ accountEnabled: false }), true],
    ['disable-account', null, there({ accountEnabled: true }), false],
    ['disable-account', null, there({}), false],
    ['disable-account', null, GONE, false],
    ['mark-compromised', RISK, there({ riskState: 'confirmedCompromised' }), true],
    ['mark-compromised', RISK, there(RISK), false],
    ['mark-compromised', RISK, GONE, false],
    ['revoke-grant', { id: 'a' }, GONE, true],
    ['revoke-grant', { id: 'a' }, there({ id: 'a' }), false],
    ['remove-event', {}, GONE, true],
    ['remove-event', {}, there({}), false],
    ['take-sent-copy', SENT, GONE, true],
    ['take-sent-copy', SENT, there({ ...SENT, inRecoverableItems: true }), true],
    ['take-sent-copy', SENT, there({ ...SENT, folderId: 'bin' }), true],
    ['take-sent-copy', SENT, there(SENT), false],
    ['take-sent-copy', null, there(SENT), false],
  ])('%s, before %j, now %j: %s', (kind, before, now, done) => {
    expect(MEASURES[kind].isDone(now, before)).toBe(done);
  });
});

describe('it is put back', () => {
  it.each<[MeasureKind, Image, Seen, boolean]>([
    ['rule-off', RULE, there({ ...RULE, hasError: true }), true],
    ['rule-off', RULE, there({ ...RULE, sequence: 2 }), false],
    ['disable-account', { accountEnabled: true }, there({ accountEnabled: true, more: 1 }), true],
    ['disable-account', { accountEnabled: true }, there({ accountEnabled: false }), false],
    ['mark-compromised', RISK, there(RISK), true],
    ['mark-compromised', RISK, there({ riskState: 'dismissed' }), true],
    ['mark-compromised', RISK, there({ riskState: 'confirmedSafe' }), true],
    ['mark-compromised', RISK, there({ riskState: 'none' }), true],
    ['mark-compromised', RISK, there({ riskState: 'confirmedCompromised' }), false],
    ['revoke-grant', { id: 'a', scope: 'x' }, there({ id: 'b', scope: 'x' }), true],
    ['revoke-grant', { id: 'a', scope: 'x' }, there({ id: 'b', scope: 'y' }), false],
    ['take-sent-copy', SENT, there(SENT), true],
    ['take-sent-copy', SENT, there({ ...SENT, isRead: false }), false],
  ])('%s, before %j, now %j: %s', (kind, before, now, back) => {
    expect(MEASURES[kind].isBack(before, now)).toBe(back);
  });

  it.each(MEASURE_KINDS)('%s never where nothing is there to be seen', (kind) => {
    expect(MEASURES[kind].isBack({}, GONE)).toBe(false);
  });
});

describe('whose an account that is held for compromised is', () => {
  const after = { riskState: 'confirmedCompromised', riskLastUpdatedDateTime: 'ours' };

  it.each<[Seen, Seen, string]>([
    [there(after), there(after), 'ours'],
    [there(after), there({ ...after, riskLastUpdatedDateTime: 'later' }), 'changed'],
    [GONE, there(after), 'changed'],
    [there(after), GONE, 'changed'],
    [there(after), there({ riskState: 'none' }), 'as before'],
  ])('left as %j, now %j: %s', (left, now, said) => {
    expect(MEASURES['mark-compromised'].back(RISK, left, now)).toBe(said);
  });
});

it.each<[Seen, Seen, string]>([
  [GONE, GONE, 'ours'],
  [there({ ...SENT, folderId: 'bin' }), GONE, 'changed'],
  [GONE, there({ ...SENT, folderId: 'bin' }), 'changed'],
  [there({ ...SENT, folderId: 'bin' }), there({ ...SENT, folderId: 'bin' }), 'ours'],
  [there({ ...SENT, folderId: 'bin' }), there(SENT), 'as before'],
])('a sent copy, left as %j, now %j: %s', (left, now, said) => {
  expect(MEASURES['take-sent-copy'].back(SENT, left, now)).toBe(said);
});
