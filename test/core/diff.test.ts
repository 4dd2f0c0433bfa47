import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../src/core/ask/policy.ts';
import { differences } from '../../src/core/diff.ts';

const jsonLike = fc.jsonValue({ maxDepth: 3 });

describe('what changed in a policy', () => {
  it.each([
    ['a number', { a: { count: 1 } }, { a: { count: 2 } }, ['a.count: 1 -> 2']],
    ['a text', { name: 'one' }, { name: 'two' }, ['name: "one" -> "two"']],
    ['a key that came', {}, { stepUp: 'c1' }, ['stepUp: nothing -> "c1"']],
    ['a key that went', { refuse: 'never' }, {}, ['refuse: "never" -> nothing']],
    ['a rule more', { rules: ['x', { n: 1 }] }, { rules: ['x', { n: 1 }, { n: 2 }] }, ['rules.2: nothing -> {"n":2}']],
    ['people in another order', { people: ['a', 'b'] }, { people: ['b', 'a'] }, []],
    ['the first of a list', { people: [] }, { people: ['a'] }, ['people: +a']],
    ['the last of a list', { people: ['a'] }, { people: [] }, ['people: -a']],
    ['one of a list for another', { people: ['a', 'b'] }, { people: ['a', 'c'] }, ['people: +c -b']],
    ['a list that became a text', { a: ['x'] }, { a: 'x' }, ['a: ["x"] -> "x"']],
    ['everything', 'a', 'b', ['everything: "a" -> "b"']],
    ['nothing at all', null, null, []],
  ])('%s', (_what, before, after, lines) => {
    expect(differences(before, after)).toEqual(lines);
  });

  it('a list is empty for the same content, and only then', () => {
    fc.assert(fc.property(jsonLike, (value) => differences(value, structuredClone(value)).length === 0));
    const policy = defaultPolicy();
    expect(differences(policy, { ...policy, rules: policy.rules.slice(1) })).not.toEqual([]);
  });

  it('a long text is cut, so that the record stays small', () => {
    const [line] = differences({ a: 'x' }, { a: 'y'.repeat(5_000) });
    expect([line?.endsWith('\u2026'), (line?.length ?? 0) < 150]).toEqual([true, true]);
  });

  it('a text that just fits is told whole', () => {
    const [fits, long] = [118, 119].map((n) => differences({}, { a: 'y'.repeat(n) })[0]);
    expect([fits, long]).toEqual([`a: nothing -> "${'y'.repeat(118)}"`, `a: nothing -> "${'y'.repeat(118)}\u2026`]);
  });

  it('of as many changes as there is room for, nothing is left untold', () => {
    const just = (of: number) => Object.fromEntries(Array.from({ length: 40 }, (_none, n) => [`k${n}`, of]));
    expect(differences(just(1), just(2)).at(-1)).toBe('k39: 1 -> 2');
  });

  it('of very many changes it says how many were not told', () => {
    const many = (of: number) => Object.fromEntries(Array.from({ length: 100 }, (_none, n) => [`k${n}`, of]));
    const lines = differences(many(1), many(2));
    expect([lines.length, lines.at(-1)]).toEqual([41, 'and 60 more']);
  });
});
