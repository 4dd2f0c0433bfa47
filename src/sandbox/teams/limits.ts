// learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit, per bot and thread: [calls, milliseconds].
export const SEND_WINDOWS: readonly (readonly [number, number])[] = [
  [7, 1_000],
  [8, 2_000],
  [60, 30_000],
  [1_800, 3_600_000],
];
export const MEMBERS_WINDOWS: readonly (readonly [number, number])[] = [[14, 1_000]];
// Same page: "about 100 KB", counted in UTF-16.
export const MESSAGE_BYTES = 100 * 1024;

/** Seconds to wait, or 0 when the call may pass (and then it counts). A refused call does not count. */
export function createWindows(clock: () => number): (key: string, windows: typeof SEND_WINDOWS) => number {
  const seen = new Map<string, number[]>();
  return (key, windows) => {
    const now = clock();
    const past = (seen.get(key) ?? []).filter((at) => now - at < 3_600_000);
    const waits = windows.map(([most, span]) => {
      const within = past.filter((at) => now - at < span);
      const frees = within.at(-most);
      return frees === undefined ? 0 : frees + span - now;
    });
    const wait = Math.max(0, ...waits);
    seen.set(key, wait > 0 ? past : [...past, now]);
    return wait > 0 ? Math.max(1, Math.ceil(wait / 1000)) : 0;
  };
}
