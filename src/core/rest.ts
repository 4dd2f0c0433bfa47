/** How long a copy rests whose mailbox asks to wait, and when that has gone on for long enough. */

/** So often it is asked as soon as the service says: where a quarter of all requests is refused, one copy in ten thousand is that unlucky. */
const SOON = 16;
const FIRST_MS = 10_000;
const DOUBLINGS = 6;
const LONGEST_MS = 600_000;
/** A mailbox that has asked to wait so often, and since its run began so long ago, is not reached by this run. */
const MANY_CLAIMS = 20;
const LONGEST_RUN_MS = 6 * 3_600_000;

/** Never less than the service asked for. `claims`: how often the copy has been taken in hand, this time included. */
export function restMs(claims: number, toldMs: number): number {
  if (claims <= SOON) return toldMs;
  const own = claims > SOON + DOUBLINGS ? LONGEST_MS : FIRST_MS * 2 ** (claims - SOON - 1);
  if (toldMs > own) return toldMs;
  return own;
}

function isEndless(claims: number, runMs: number): boolean {
  return claims >= MANY_CLAIMS && runMs >= LONGEST_RUN_MS;
}

/** People wait for the end of a containment before they can confirm it or roll it back: it does not wait for hours. */
export const LONGEST_CONTAINMENT_MS = 5 * 60_000;
const ENOUGH_CLAIMS = 4;
/** What was cancelled is looked at once more where a try had no answer, and not waited for either. */
const AFTER_CANCEL_MS = 2 * 60_000;

interface Awaited {
  /** People wait for its end, before they can say what shall become of what was done. */
  readonly isAwaited: boolean;
  /** How long ago it began, and was cancelled; null where it was not. */
  readonly runMs: number;
  readonly cancelledMs: number | null;
}

/** Whether a copy of this run whose mailbox asks to wait ends with that. */
export function hasWaited({ isAwaited, runMs, cancelledMs }: Awaited, claims: number): boolean {
  if (cancelledMs !== null) return cancelledMs >= AFTER_CANCEL_MS;
  if (isAwaited && claims >= ENOUGH_CLAIMS && runMs >= LONGEST_CONTAINMENT_MS) return true;
  return isEndless(claims, runMs);
}
