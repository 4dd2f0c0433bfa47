/** How many batches may be under way at once: as many as Graph takes without saying that it is too much. */

const START = 6;
const MOST = 16;
/** A batch that took this much longer than the fastest one shows that Graph works on others of ours first. */
const FLAT = 2;
/** By so much the fastest is forgotten with each batch: what was true in the morning need not be true at night. */
const FORGET = 1.01;

export interface Width {
  now(): number;
  /** Those that are begun in the same era were under way together. */
  era(): number;
  /** `hasOthers`: somebody waits for a place, so that one more would be used. `startedIn`: the era it was begun in. */
  learn(batch: {
    readonly calm: boolean;
    readonly ms: number;
    readonly hasOthers: boolean;
    readonly startedIn: number;
  }): void;
}

/**
 * Grows by one with each calm batch until Graph says for the first time that it is too much, and by a tenth after that; only
 * while answers do not get slower. Halves when Graph says so, once for all batches that were under way together.
 */
export function createWidth(): Width {
  let width = START;
  let step = 1;
  let era = 0;
  let fastest = Number.POSITIVE_INFINITY;
  return {
    now: () => Math.floor(width),
    era: () => era,
    learn({ calm, ms, hasOthers, startedIn }) {
      if (calm) {
        fastest = Math.min(fastest * FORGET, Math.max(1, ms));
        if (hasOthers && ms <= fastest * FLAT) width = Math.min(MOST, width + step);
      } else if (startedIn === era) {
        width = Math.max(1, width / 2);
        step = 0.1;
        era += 1;
      }
    },
  };
}
