import { describe, expect, it } from 'vitest';
import { type FinderAnswer, finderLines, foundBy, foundByWords, troubleWith } from '../../src/core/find/finder.ts';

const finder = (change: Partial<FinderAnswer> = {}): FinderAnswer => ({
  name: 'hunting',
  status: 'answered',
  found: 3,
  cutOff: false,
  asOf: '2026-11-20T08:00:00.000Z',
  detail: '',
  ...change,
});

describe('what hunting said', () => {
  it.each<[string, Partial<FinderAnswer>, boolean, ReturnType<typeof troubleWith>]>([
    ['is in order where it named somebody', {}, true, null],
    ['is in order where nobody saw the mail arrive', { found: 0 }, false, null],
    ['names nobody, though the mail arrived', { found: 0 }, true, 'names nobody'],
    ['is only a part', { cutOff: true, found: 0 }, true, 'cut off'],
    ['is not asked for where it is off', { status: 'off', cutOff: true, found: 0 }, true, null],
    ['is no answer', { status: 'silent' }, false, 'silent'],
    ['is a refusal', { status: 'refused' }, false, 'refused'],
  ])('%s', (_how, change, delivered, trouble) => {
    expect(troubleWith(finder(change), delivered)).toBe(trouble);
  });

  it.each<[Partial<FinderAnswer>, string[]]>([
    [{}, []],
    [{ cutOff: true }, []],
    [
      { status: 'no id' },
      [
        'Advanced hunting could not be asked: the alert holds no id that it knows. Here who else received it is not known.',
      ],
    ],
    [
      { status: 'refused', detail: '403 Forbidden' },
      ['Advanced hunting refused the question (403 Forbidden), 20 Nov 08:00 UTC: who else received it is not known.'],
    ],
    [
      { status: 'refused' },
      ['Advanced hunting refused the question, 20 Nov 08:00 UTC: who else received it is not known.'],
    ],
    [
      { status: 'silent' },
      [
        'Advanced hunting gave no answer, 20 Nov 08:00 UTC: who else received it is not known yet. It is asked again by itself.',
      ],
    ],
  ])('has its line on the card where it leaves something open: %j', (change, lines) => {
    expect(finderLines([finder(change)], true, true)).toEqual(lines);
  });

  it('is not called asked again where it is not', () => {
    expect(finderLines([finder({ status: 'busy' })], true, false)).toEqual([
      'Advanced hunting asked to wait, 20 Nov 08:00 UTC: who else received it is not known yet.',
    ]);
  });

  it('is among what the copies were found by only where it answered', () => {
    const finders = [finder({ found: 1 })];
    expect(foundByWords({ foundBy: 'recipients', finders })).toBe(
      'recipients; hunting named 1 delivery, as of 20 Nov 08:00 UTC',
    );
    expect(foundByWords({ foundBy: 'recipients', finders: [finder({ status: 'busy' })] })).toBe('recipients');
  });
});

describe('what a list was made of', () => {
  const [hunting, trace] = [finder(), finder({ name: 'trace' })];
  it.each<[FinderAnswer[], boolean, string]>([
    [[hunting], false, 'hunting'],
    [[hunting], true, 'hunting and recipients'],
    [[finder({ status: 'busy' })], true, 'recipients'],
    [[finder({ status: 'busy' })], false, 'recipients'],
    [[], true, 'recipients'],
    [[hunting, trace], false, 'hunting and trace'],
    [[hunting, finder({ name: 'trace', status: 'silent' })], true, 'hunting and recipients'],
    [[hunting, trace], true, 'hunting, trace and recipients'],
  ])('is told by those that answered: %#', (finders, hasRecipients, words) => {
    expect(foundBy(finders, hasRecipients)).toBe(words);
  });
});
