import type { Delay } from '../core/tell/delay.ts';

/** What the work on each incident waits for. Part of a transaction of the store. */
export interface Delays {
  of(incident: string): Promise<Delay | null>;
  /** One for each incident: the newest. */
  put(incident: string, delay: Delay): Promise<void>;
  /** False when there was none of this kind of work. */
  over(incident: string, of: Delay['of']): Promise<boolean>;
}
