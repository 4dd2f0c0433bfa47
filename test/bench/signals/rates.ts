import type { Strength } from '../../../src/core/signal/finding.ts';
import { score } from '../../../src/core/signal/score.ts';
import { findingsIn, SIGNAL_NAMES, type SignalName } from '../../../src/core/signal/signals.ts';
import { factsOf } from '../../support/signal-facts.ts';
import type { Sample } from './sample.ts';

export interface Rate {
  readonly signal: SignalName;
  /** Good and bad mails that it speaks of. */
  readonly good: number;
  readonly bad: number;
  /** Of the mails it speaks of, the share that is bad; null where it speaks of none. */
  readonly precision: number | null;
  /** The same of strong and medium findings alone. */
  readonly firmPrecision: number | null;
  /** Of the mails that show it on purpose, the share that it speaks of; null where none does. */
  readonly recall: number | null;
  /** Findings on good mails and on bad ones, by strength. */
  readonly onGood: Readonly<Record<Strength, number>>;
  readonly onBad: Readonly<Record<Strength, number>>;
}

interface Read {
  readonly sample: Sample;
  readonly found: ReadonlyMap<SignalName, Strength>;
  readonly points: number;
}

export function read(samples: readonly Sample[]): readonly Read[] {
  return samples.map((sample) => {
    const findings = findingsIn(factsOf(sample.told));
    return {
      sample,
      found: new Map(findings.map(({ signal, strength }) => [signal, strength])),
      points: score(findings).points,
    };
  });
}

export function ratesOf(all: readonly Read[]): readonly Rate[] {
  return SIGNAL_NAMES.map((signal) => {
    const spoken = all.filter(({ found }) => found.has(signal));
    const shown = all.filter(({ sample }) => sample.shows.includes(signal));
    const good = spoken.filter(({ sample }) => sample.isGood);
    const bad = spoken.filter(({ sample }) => !sample.isGood);
    const told = shown.filter(({ found }) => found.has(signal));
    const [onGood, onBad] = [byStrength(signal, good), byStrength(signal, bad)];
    const firm = onBad.strong + onBad.medium;
    return {
      ...{ signal, good: good.length, bad: bad.length, onGood, onBad },
      precision: share(bad.length, spoken.length),
      firmPrecision: share(firm, firm + onGood.strong + onGood.medium),
      recall: share(told.length, shown.length),
    };
  });
}

function share(some: number, all: number): number | null {
  return all === 0 ? null : some / all;
}

function byStrength(signal: SignalName, some: readonly Read[]): Readonly<Record<Strength, number>> {
  const of = (strength: Strength) => some.filter(({ found }) => found.get(signal) === strength).length;
  return { strong: of('strong'), medium: of('medium'), weak: of('weak') };
}

/** Good mails that would look like an attack, in words. */
export function strongOnGood(all: readonly Read[]): readonly string[] {
  return all
    .filter(({ sample, found }) => sample.isGood && [...found.values()].includes('strong'))
    .map(({ sample, found }) => `${sample.kind}: ${[...found].filter(([, how]) => how === 'strong').join('; ')}`);
}

export interface Whole {
  /** Mails by their strongest finding, or with none. */
  readonly good: Readonly<Record<Strength | 'none', number>>;
  readonly bad: Readonly<Record<Strength | 'none', number>>;
  /** How often a bad mail has more points than a good one, halves for as many: 1 orders them without a mistake. */
  readonly order: number;
}

export function wholeOf(all: readonly Read[]): Whole {
  const [good, bad] = [all.filter(({ sample }) => sample.isGood), all.filter(({ sample }) => !sample.isGood)];
  const pairs = bad.flatMap((one) => good.map((other) => Math.sign(one.points - other.points)));
  const above = pairs.reduce((sum, sign) => sum + (sign + 1) / 2, 0);
  return { good: byStrongest(good), bad: byStrongest(bad), order: above / pairs.length };
}

function byStrongest(some: readonly Read[]): Whole['good'] {
  const strongest = some.map(({ found }) => STRENGTHS.find((one) => [...found.values()].includes(one)) ?? 'none');
  const of = (one: Strength | 'none') => strongest.filter((other) => other === one).length;
  return { strong: of('strong'), medium: of('medium'), weak: of('weak'), none: of('none') };
}

const STRENGTHS = ['strong', 'medium', 'weak'] as const;

export interface Threshold {
  readonly from: 'strong' | 'medium';
  /** Of the mails with a finding that is at least that strong, the share that is bad. */
  readonly precision: number;
  /** Of the bad mails, the share with one. */
  readonly recall: number;
}

/** Of whole mails: what a card shows of them is said by its strongest finding. */
export function thresholdsOf({ good, bad }: Whole): readonly Threshold[] {
  const all = bad.strong + bad.medium + bad.weak + bad.none;
  return (['strong', 'medium'] as const).map((from) => {
    const at = (some: Whole['good']) => some.strong + (from === 'medium' ? some.medium : 0);
    return { from, precision: at(bad) / (at(bad) + at(good)), recall: at(bad) / all };
  });
}
