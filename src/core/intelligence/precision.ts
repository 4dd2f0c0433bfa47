import { mostOf, SIGNAL_NAMES, type SignalName } from '../signal/signals.ts';
import { FINDING_KINDS, type FindingKind } from './finding.ts';

/**
 * How right each kind of finding has been: of the incidents that people closed and in which it spoke, how many were malicious. Until
 * it is measured over enough of them a kind is in shadow: shown as evidence, and nothing else.
 */

/** Kinds about people, and signals of the mail that are more than weak somewhere: what is always weak is measured by nobody. */
export type Measured = FindingKind | SignalName;
export const MEASURED: readonly [Measured, ...Measured[]] = [
  ...FINDING_KINDS,
  ...SIGNAL_NAMES.filter((signal) => mostOf(signal) !== 'weak'),
];

/** Closed incidents in which a kind spoke, by how they ended. */
export interface KindCount {
  readonly kind: Measured;
  readonly malicious: number;
  readonly harmless: number;
}

export const ENOUGH_CLOSED = 30;

export interface Precision {
  readonly kind: Measured;
  readonly closed: number;
  readonly malicious: number;
  /** Whole percent; null while too few were closed. */
  readonly percent: number | null;
}

export function precisionOf({ kind, malicious, harmless }: KindCount): Precision {
  const closed = malicious + harmless;
  const share = (malicious * 100) / closed;
  // Down, never up: it is a claim.
  return { kind, closed, malicious, percent: closed < ENOUGH_CLOSED ? null : share - (share % 1) };
}
