/** When a card that tells how much time is left is drawn anew: often enough towards the end, and seldom before. */

const MINUTE_MS = 60_000;
const MINUTES = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 240, 480, 720] as const;

/** How long until the next time, or until the end; milliseconds, as `leftMs`. */
export function nextTickMs(leftMs: number): number {
  const next = MINUTES.findLast((minutes) => minutes * MINUTE_MS < leftMs) ?? 0;
  return leftMs - next * MINUTE_MS;
}

/** Whether such a time lies between what was left when the card was drawn last and what is left now. */
export function hasTicked(drawnLeftMs: number, leftMs: number): boolean {
  return MINUTES.some((minutes) => leftMs <= minutes * MINUTE_MS && minutes * MINUTE_MS < drawnLeftMs);
}
