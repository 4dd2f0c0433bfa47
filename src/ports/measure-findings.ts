import type { ByHand } from '../core/find/measure-list.ts';
import type { Measure } from '../core/measure/measure.ts';
import type { Tx } from './store.ts';

/**
 * What was found out about the people of an incident, as far as it names what would answer it. Read from what
 * is stored: no service is asked.
 */
export interface MeasureFindings {
  /** Null where nobody has looked yet. */
  of(
    tx: Tx,
    incident: string,
  ): Promise<{ readonly measures: readonly Measure[]; readonly byHand: readonly ByHand[] } | null>;
}
