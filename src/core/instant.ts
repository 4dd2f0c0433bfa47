/** An instant of a text: nothing here asks what time it is. */

/** Milliseconds since 1970 of an ISO time; NaN for none and for what is no time. */
export function instantOf(iso: string | null): number {
  // biome-ignore lint/style/noRestrictedGlobals: reads a given text, no clock
  return Date.parse(iso ?? '');
}

/** The ISO time of so many milliseconds since 1970. */
export function isoOf(ms: number): string {
  // biome-ignore lint/style/noRestrictedGlobals: writes a given instant, no clock
  return new Date(ms).toISOString();
}

/** Whether two ISO times are at most `ms` apart, or one of them is not known. */
export function within(ms: number, a: string | null, b: string | null): boolean {
  const apart = instantOf(a) - instantOf(b);
  return Number.isNaN(apart) || (apart <= ms && apart >= -ms);
}
