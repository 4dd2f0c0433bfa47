/** Runs what it is given, at most `most` at once and in the order of asking. */
export function atMost(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // Whoever waited takes this place over, so that nobody who comes now gets in before.
      if (next) next();
      else running -= 1;
    }
  };
}
