import { describe, expect, it } from 'vitest';
import { cut, type Notes, noteUnknown, readList, readText } from '../../src/core/find/reading.ts';

/** What reading left out, in the words that people read. */
const noted = (read: (notes: Notes) => unknown): string[] => {
  const notes: Notes = [];
  read(notes);
  return notes.map(({ field, problem }) => `${field}: ${problem}`);
};

describe('a text is cut', () => {
  it.each([
    ['not at all where it fits', 'abc', 3, 'abc'],
    ['where it is longer', 'abcd', 3, 'abc'],
    ['before a character that would be halved', 'ab\u{1F468}', 3, 'ab'],
  ])('%s', (_name, text, max, left) => {
    expect(cut(text, max)).toBe(left);
  });

  it.each([3, 4])('only where it is too long for %i: what others wrote stays, also half a character', (max) => {
    expect(cut('ab\ud83d', max)).toBe('ab\ud83d');
  });
});

describe('what is noted', () => {
  const fields = (n: number) => Object.fromEntries(Array.from({ length: n }, (_none, at) => [`f${at}`, 1]));

  it.each([
    [0, []],
    [1, ['an alert: unknown fields were left out: "f0"']],
    [5, ['an alert: unknown fields were left out: "f0", "f1", "f2", "f3", "f4"']],
    [7, ['an alert: unknown fields were left out: "f0", "f1", "f2", "f3", "f4" and 2 more']],
  ])('of %i unknown fields', (n, lines) => {
    expect(noted((notes) => noteUnknown(fields(n), [], 'an alert', notes))).toEqual(lines);
  });

  it.each([
    ['nothing', null, []],
    ['a text that fits', 'abc', []],
    ['a text that is too long', 'abcd', ['subject: is longer than 3 characters and was cut']],
    ['a number', 7, ['subject: is no text and was left out']],
  ])('of a text that is %s', (_name, value, lines) => {
    expect(noted((notes) => readText(value, 'subject', 3, notes))).toEqual(lines);
  });

  const names = {
    field: 'names',
    what: 'names',
    most: 3,
    read: (value: unknown) =>
      typeof value === 'string' ? { value: value.slice(0, 3), wasCut: value.length > 3 } : null,
  };
  it.each<[string, unknown, string[]]>([
    ['missing', undefined, []],
    ['empty', [], []],
    ['in order', ['a', 'b', 'c'], []],
    ['no list', 'a', ['names: is no list and was left out']],
    ['too long', ['a', 'b', 'c', 'd', 'e'], ['names: more than 3 names: 2 were left out']],
    ['of long names', ['abcd', 'b'], ['names: 1 of 2 are too long and were cut']],
    ['of one bad name', [1, 'b'], ['names: 1 of 2 are no names and were left out (counted from 0: 0)']],
    ['of five', [1, 2, 3, 4, 5], ['names: 5 of 5 are no names and were left out (counted from 0: 0, 1, 2, 3, 4)']],
    ['of six', [1, 2, 3, 4, 5, 6], ['names: 6 of 6 are no names and were left out (counted from 0: 0, 1, 2, 3, 4, …)']],
  ])('of a list that is %s', (_name, value, lines) => {
    expect(noted((notes) => readList(value, names, notes))).toEqual(lines);
  });
});
