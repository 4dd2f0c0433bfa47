const MOST_TRIES = 4;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * For an answer to one person, which no outbox keeps. `waitOf`: how long the chat asks to wait, null where waiting does not
 * help, or where the answer may have arrived.
 */
export async function patiently<T>(
  send: () => Promise<T>,
  waitOf: (error: unknown) => number | null,
  sleep: (ms: number) => Promise<void>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send();
    } catch (error) {
      const waitMs = tries === MOST_TRIES ? null : waitOf(error);
      if (waitMs === null) throw error;
      await sleep(Math.min(LONGEST_WAIT_MS, Math.max(FIRST_WAIT_MS, waitMs)));
    }
  }
}
