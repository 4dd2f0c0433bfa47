import { describe, expect, it } from 'vitest';
import { askWords } from '../../src/core/tell/ask-words.ts';
import { BUTTONS, formWords, sendWords } from '../../src/core/tell/button.ts';
import type { CardView } from '../../src/core/tell/card.ts';
import { amountOf, effectOf } from '../../src/core/tell/effect.ts';
import { present } from '../../src/core/tell/present.ts';
import { factsOf } from '../support/cases.ts';
import { offering } from '../support/offers.ts';

describe('the form behind a button', () => {
  const amount = amountOf(factsOf('open'), 'purge');

  it.each([...BUTTONS.entries()].flatMap(([verb, { asks }]) => (asks ? [[verb, asks] as const] : [])))(
    'says what %s does and is sent by its own words',
    (verb, asks) => {
      const { reason } = askWords(asks);
      expect(formWords(verb, amount)).toEqual({ ...reason, effect: effectOf(asks, amount) });
      expect(sendWords(verb)).toBe(reason.send);
    },
  );

  it.each(['details', 'nobody knows'])('is that of looking again where it has none of its own: %s', (verb) => {
    expect(formWords(verb, amount)).toEqual(formWords('reopen', amount));
    expect(sendWords(verb)).toBe(sendWords('reopen'));
  });
});

describe('a button is on a card', () => {
  const view = present(factsOf('open'));
  const isShown = (verb: string, change: Partial<CardView>, page = 0) =>
    BUTTONS.get(verb)?.isShown({ ...view, ...change }, page);

  it.each([...BUTTONS.keys()].filter((verb) => verb !== 'take-in'))('where the card says so: %s', (verb) => {
    expect([isShown(verb, offering(verb)), isShown(verb, offering())]).toEqual([true, false]);
  });

  it.each([
    ['where a group can be taken in', true, 2, true],
    ['not for a group that the card does not show', true, 3, false],
    ['not where no group can be taken in', false, 2, false],
  ])('to take in: %s', (_name, canTakeIn, page, shown) => {
    const unsure = [1, 2].map((group) => ({ page: String(group) })) as unknown as CardView['unsure'];
    expect(isShown('take-in', { canTakeIn, unsure }, page)).toBe(shown);
  });
});
