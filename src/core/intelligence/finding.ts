import { instantOf, isoOf } from '../instant.ts';
import type { Measure } from '../measure/measure.ts';
import { type Row, type Strength, WEIGHT } from '../signal/finding.ts';
import { clip } from '../text.ts';
import type { IntelligenceSource, Person } from './facts.ts';

/** What is found out about somebody who received a mail. It is evidence for people: it orders, and decides nothing. */

export const FINDING_KINDS = [
  'risk',
  'forwarding',
  'inbox-rule',
  'sign-in',
  'consent',
  'burst',
  'mass-access',
  'delegate',
  'clicked',
  'mfa-mail-deleted',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface PersonFinding {
  readonly kind: FindingKind;
  /** Entra object id, lower case. */
  readonly person: string;
  /** Mail address, for people to read. */
  readonly address: string;
  readonly strength: Strength;
  readonly weight: number;
  /** For people, inert, at most a line; without the name of the person. */
  readonly sentence: string;
  readonly sources: readonly IntelligenceSource[];
  /** ISO time: when it happened, as the source has it. */
  readonly at: string;
  /** What was compared, as it stands there, cut. For the record; never shown as it is. */
  readonly row: Row;
  /** What would answer it; null where no interface can, or nothing is known to. */
  readonly measure: Measure | null;
  /** One line for an administrator to run, where no interface can do it; null for none. */
  readonly byHand: string | null;
}

export interface Told {
  /** A number is a weak one's weight. */
  readonly strength: 'medium' | 'strong' | 5 | 6 | 7 | 8 | 9 | 10;
  readonly sentence: string;
  readonly sources: readonly [IntelligenceSource, ...IntelligenceSource[]];
  readonly at: string;
  readonly row: Row;
  readonly measure?: Pick<Measure, 'kind' | 'ref' | 'name'> | null;
  readonly byHand?: string | null;
}

/** How finely logs count what there is very much of. */
export const HOUR_MS = 3_600_000;

/** ISO time of the last of them; what a log counts by the hour may have been at its end. */
export function latestOf(times: readonly string[], spanMs = 0): string {
  const last = times.reduce((latest, time) => (instantOf(time) > instantOf(latest) ? time : latest), times[0] ?? '');
  return last === '' ? '' : isoOf(instantOf(last) + spanMs);
}

const LONGEST_SENTENCE = 280;
/** So much of a raw value is kept. */
const LONGEST_RAW = 320;

export function found(kind: FindingKind, { id, address }: Person, told: Told): PersonFinding {
  const { strength, measure = null } = told;
  return {
    kind,
    person: id,
    address,
    ...(typeof strength === 'number' ? { strength: 'weak', weight: strength } : { strength, weight: WEIGHT[strength] }),
    sentence: clip(told.sentence, LONGEST_SENTENCE),
    sources: told.sources,
    at: told.at,
    row: Object.fromEntries(Object.entries(told.row).map(([name, value]) => [name, cutRaw(value)])),
    measure: measure && { ...measure, person: id, address },
    byHand: told.byHand ?? null,
  };
}

function cutRaw(value: Row[string]): Row[string] {
  return typeof value === 'string' ? value.slice(0, LONGEST_RAW).toWellFormed().replaceAll('\0', '') : value;
}
