import { instantOf } from '../instant.ts';
import type { Fact, Facts, Source } from './facts.ts';

export type Strength = 'weak' | 'medium' | 'strong';

/** What a strong or a medium finding weighs; a weak one says itself, from 5 to 10. Our own scale: the sum orders, and decides nothing. */
export const WEIGHT = { strong: 40, medium: 20 } as const;

/** The raw row behind a finding: what was compared, as it stands there, cut. For the record; never shown as it is. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** What one signal sees. `sentence`: for people, inert, at most a line. */
export interface Seen {
  readonly strength: Strength;
  readonly weight: number;
  readonly sentence: string;
  readonly sources: readonly Source[];
  /** ISO time: all of what it rests on was known then. */
  readonly at: string;
  readonly row: Row;
}

export interface Signal {
  /** It is never more than that. */
  readonly most: Strength;
  /** Pure. Null where there is nothing to say, or where what it needs is not known. */
  readonly look: (facts: Facts) => Seen | null;
}

/** So much of a raw value is kept. */
const LONGEST_RAW = 320;

interface Told {
  /** A number is a weak one's weight. */
  readonly strength: 'medium' | 'strong' | 5 | 6 | 7 | 8 | 9 | 10;
  readonly sentence: string;
  /** What it rests on, at least one. */
  readonly on: readonly [Fact<unknown>, ...Fact<unknown>[]];
  readonly row: Row;
}

export function seen({ strength, sentence, on, row }: Told): Seen {
  return {
    ...(typeof strength === 'number' ? { strength: 'weak', weight: strength } : { strength, weight: WEIGHT[strength] }),
    sentence,
    sources: [...new Set(on.map(({ source }) => source))],
    at: oldestOf(on),
    row: Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cutRaw(value)])),
  };
}

function cutRaw(value: Row[string]): Row[string] {
  return typeof value === 'string' ? value.slice(0, LONGEST_RAW).toWellFormed().replaceAll('\0', '') : value;
}

/** A sentence is as old as the oldest fact that it rests on. */
function oldestOf([first, ...more]: Told['on']): string {
  return more.reduce((oldest, { at }) => (instantOf(at) < instantOf(oldest) ? at : oldest), first.at);
}
