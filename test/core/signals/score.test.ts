import { describe, expect, it } from 'vitest';
import { seen } from '../../../src/core/signal/finding.ts';
import { score } from '../../../src/core/signal/score.ts';
import { type Finding, findingsIn } from '../../../src/core/signal/signals.ts';
import { AT, factsOf, known, NOBODY } from '../../support/signal-facts.ts';

type Strength = Parameters<typeof seen>[0]['strength'];

const findings = (...strengths: readonly Strength[]): Finding[] =>
  strengths.map((strength) => ({
    signal: 'first-time',
    ...seen({ strength, sentence: 'A sentence.', on: [known(1)], row: {} }),
  }));
const points = (...strengths: readonly Strength[]) => score(findings(...strengths)).points;

describe('what findings add up to', () => {
  it('a strong one 40, a medium one 20, a weak one what it says', () => {
    expect([points('strong'), points('medium'), points(8), points()]).toEqual([40, 20, 8, 0]);
  });

  it('firm ones are added', () => {
    expect([points('strong', 'strong', 'medium'), points('medium', 'medium')]).toEqual([100, 40]);
  });

  it('weak ones count 25 together, however many there are', () => {
    expect([points(10, 10), points(10, 10, 10), points(...Array.from({ length: 50 }, () => 10 as const))]).toEqual([
      20, 25, 25,
    ]);
  });

  it('weak ones never lift a mail to what a strong one weighs', () => {
    expect([points('medium', 10, 10, 10), points('medium', 'medium', 10), points('strong', 10, 10, 10)]).toEqual([
      39, 40, 65,
    ]);
  });

  it('the strongest one is named, and not the sum', () => {
    expect(score(findings(10, 10, 10, 'medium')).strongest).toBe('medium');
  });

  it('is told in a sentence', () => {
    expect(
      [[], [5, 5] as const, ['strong', 'medium', 5] as const].map((some) => score(findings(...some)).sentence),
    ).toEqual([
      'No finding of our own signals.',
      '2 findings: 2 weak; 10 points. Weak findings alone say little, however many they are.',
      '3 findings: 1 strong, 1 medium, 1 weak; 65 points.',
    ]);
  });

  it('a real mail of nothing but weak findings stays weak', () => {
    const facts = factsOf({
      ...{
        from: 'pat@other.example',
        to: [],
        address: NOBODY,
        replyTo: ['x@gmail.com'],
        subject: 'Re: urgent payment',
      },
    });
    expect(score(findingsIn(facts))).toMatchObject({ points: 25, strongest: 'weak' });
  });
});

describe('a finding', () => {
  it('is as old as the oldest fact it rests on', () => {
    const on = [known(1, 'mailbox', AT), known(2, 'hunting', '2026-12-01T09:30:00+02:00')] as const;
    expect(seen({ strength: 5, sentence: 'A sentence.', on: [...on], row: {} })).toMatchObject({
      at: '2026-12-01T09:30:00+02:00',
      sources: ['mailbox', 'hunting'],
    });
  });

  it('keeps nothing that cannot be stored', () => {
    expect(seen({ strength: 5, sentence: 'A sentence.', on: [known(1)], row: { name: 'a\0\uD800b' } }).row).toEqual({
      name: 'a\uFFFDb',
    });
  });

  it('the heaviest stands first', () => {
    const weights = findingsIn(factsOf({ from: 'it@cont0so.example', subject: 'Re: x', address: NOBODY })).map(
      ({ weight }) => weight,
    );
    expect(weights).toEqual(weights.toSorted((a, b) => b - a));
  });
});
