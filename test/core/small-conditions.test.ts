import { describe, expect, it } from 'vitest';
import { withGrantsNow, withRulesNow } from '../../src/core/intelligence/own-now.ts';
import { isSameList } from '../../src/core/record/trust.ts';
import { addressStanding } from '../../src/core/signal/stranger.ts';
import { factsOf } from '../support/signal-facts.ts';
import { at, rule } from './intelligence/facts.ts';

/** Single conditions behind which nothing else stands. */

it('two lists are the same only where neither has one more', () => {
  const same = (some: readonly string[], others: readonly string[]) => isSameList(some, others);
  expect([same([], []), same(['a', 'b'], ['a', 'b'])]).toEqual([true, true]);
  expect([same([], ['a']), same(['a'], ['a', 'b']), same(['a', 'b'], ['a']), same(['a', 'b'], ['b', 'a'])]).toEqual(
    Array(4).fill(false),
  );
});

describe('what mailbox and account say now', () => {
  it('of a rule is whether one of that name works, is off, or is not shown', () => {
    const now = (...list: readonly (readonly [id: string, name: string, isEnabled: boolean])[]) =>
      withRulesNow(
        [rule({ name: 'x' })],
        list.map(([id, name, isEnabled]) => ({ id, name, isEnabled })),
      ).map(({ stands, id }) => [stands, id])[0];
    expect(now(['r1', 'x', false])).toEqual(['off', null]);
    expect(now(['r1', 'x', false], ['r2', 'x', true])).toEqual(['on', 'r2']);
    expect(now(['r1', 'y', true])).toEqual(['not shown', null]);
    expect(withRulesNow([rule({ name: 'x', id: 'old' })], null)).toMatchObject([{ id: 'old', stands: null }]);
  });

  it('of a consent counts a grant that lets do all of it, and none that lets do a part', () => {
    const consent = (change: object = {}) => ({
      ...{
        at: at(1),
        app: 'x',
        appId: '',
        scopes: ['Mail.Read', 'Mail.Send'],
        isForAll: false,
        grant: 'g1',
        source: 'mailbox events' as const,
      },
      ...{ isThere: null, ...change },
    });
    const there = (scopes: readonly string[], change: object = {}, minutes = 120) =>
      withGrantsNow([consent(change)], [{ id: 'g2', scopes }], at(minutes))[0]?.isThere;
    expect([there(['Mail.Read']), there(['Mail.Send', 'Mail.Read'])]).toEqual([false, null]);
    expect([there([], {}, 60.99), there([], {}, 61)]).toEqual([null, false]);
    expect(there([], { isForAll: true, isThere: true })).toBe(true);
    expect(withGrantsNow([consent()], null, at(120))).toEqual([consent()]);
  });
});

it.each<[number | null, number | null, number | null, string]>([
  [null, null, null, 'not known'],
  [null, 0, 30, 'not known'],
  [0, null, 30, 'not known'],
  [null, 2, 21, 'established'],
  [null, 2, null, 'recent'],
  [null, 1, 21, 'recent'],
  [5, null, 21, 'heard'],
  [5, null, null, 'recent'],
  [4, 0, 21, 'recent'],
  [5, 1, 20, 'recent'],
  [0, 0, null, 'new'],
  [0, 0, 99, 'new'],
])('received %j, sent %j in %j days is %s', (received, sent, days, standing) => {
  expect(addressStanding(factsOf({ address: { received, sent, days } })).standing).toBe(standing);
});
