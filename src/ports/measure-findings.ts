import type { ByHand, Unwritten } from '../core/find/measure-list.ts';
import type { Measure } from '../core/measure/measure.ts';
import type { Tx } from './store.ts';

/** What would answer what was found. */
export interface Answers {
  readonly measures: readonly Measure[];
  readonly byHand: readonly ByHand[];
  /** What cannot be written as a line; left out for nothing. */
  readonly unwritten?: readonly Unwritten[];
}

/**
 * What was found out about the people of an incident, as far as it names what would answer it. Read from what
 * is stored: no service is asked.
 */
export interface MeasureFindings {
  /** Null where nobody has looked yet. */
  of(tx: Tx, incident: string): Promise<Answers | null>;
}
