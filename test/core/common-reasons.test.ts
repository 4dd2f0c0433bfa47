import { describe, expect, it } from 'vitest';
import { CardView } from '../../src/core/tell/card.ts';
import { commonReasons, reasonFor } from '../../src/core/tell/common-reasons.ts';
import { present } from '../../src/core/tell/present.ts';
import { factsOf } from '../support/cases.ts';

describe('reasons that are given in one press', () => {
  it.each([
    ['bulk', 'A newsletter or other bulk mail'],
    ['colleague', 'A colleague wrote it'],
    ['partner', 'A partner or supplier wrote it'],
    ['unwanted', 'Unwanted, but harmless'],
  ])('for a mail that is not malicious: %s', (why, words) => {
    expect(reasonFor('reject', why)).toBe(words);
  });

  it.each([
    ['purge', 'bulk'],
    ['reject', 'because'],
    ['reject', ''],
    ['reject', 'constructor'],
    ['reject', 'A colleague wrote it'],
  ])('are no others: %s %j', (verb, why) => {
    expect(reasonFor(verb, why)).toBeNull();
  });

  it('stand on the card beside the button that they are for, and beside no other', () => {
    const { actions } = CardView.parse(present(factsOf('open')));
    const shown = actions.filter(({ reasons }) => reasons.length > 0);
    expect(shown.map(({ id, reasons }) => [id, reasons])).toEqual([['reject', commonReasons('reject')]]);
  });

  it('leave room for the one that is typed: Teams shows six buttons together', () => {
    expect(commonReasons('reject').length).toBeLessThan(6);
  });
});
