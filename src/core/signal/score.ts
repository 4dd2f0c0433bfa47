import { count } from '../text.ts';
import { least } from './distance.ts';
import { type Strength, WEIGHT } from './finding.ts';
import type { Finding } from './signals.ts';

/** Weak findings together, however many there are. */
const MOST_OF_WEAK = 25;

export interface Score {
  /** What it adds up to: for the order of a queue, never for a decision. */
  readonly points: number;
  /** Of the strongest finding; null for none. */
  readonly strongest: Strength | null;
  /** In plain words. */
  readonly sentence: string;
}

/**
 * Strong and medium findings add up. Weak ones count 25 at most together, and never lift a mail without a strong finding to what a
 * strong one weighs.
 */
export function score(findings: readonly Finding[]): Score {
  const of = (strength: Strength) => findings.filter((finding) => finding.strength === strength);
  const sum = (some: readonly Finding[]) => some.reduce((points, { weight }) => points + weight, 0);
  const [strong, medium, weak] = [of('strong'), of('medium'), of('weak')];
  const firm = sum([...strong, ...medium]);
  const room = strong.length > 0 ? MOST_OF_WEAK : WEIGHT.strong - 1 - firm;
  const added = room < 0 ? 0 : least(sum(weak), least(MOST_OF_WEAK, room));
  const points = firm + added;
  const strongest = strong.length > 0 ? 'strong' : medium.length > 0 ? 'medium' : weak.length > 0 ? 'weak' : null;
  return { points, strongest, sentence: sentenceOf({ strong, medium, weak }, points) };
}

function sentenceOf(found: Readonly<Record<Strength, readonly Finding[]>>, points: number): string {
  const parts = (['strong', 'medium', 'weak'] as const).filter((strength) => found[strength].length > 0);
  const [first] = parts;
  if (first === undefined) return 'No finding of our own signals.';
  const words = parts.map((strength) => `${found[strength].length} ${strength}`);
  const all = parts.reduce((sum, strength) => sum + found[strength].length, 0);
  const note = first === 'weak' ? ' Weak findings alone say little, however many they are.' : '';
  return `${count(all, 'finding')}: ${words.join(', ')}; ${count(points, 'point')}.${note}`;
}
