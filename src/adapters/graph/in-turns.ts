/** So many pieces of work at once, of everybody who asks together; each is answered in the order in which it asked. */
export type Turns = <T, R>(items: readonly T[], work: (item: T) => Promise<R>) => Promise<readonly R[]>;

/** Whoever asks for a few is not kept waiting by others who ask for thousands: they take turns, one piece at a time. */
export function createTurns(atOnce: number): Turns {
  /** Each begins its next piece of work; null where there is none left. */
  const askers: (() => Promise<void> | null)[] = [];
  let running = 0;

  function fill(): void {
    while (running < atOnce) {
      const asker = askers.shift();
      if (!asker) return;
      const begun = asker();
      if (begun === null) continue;
      askers.push(asker);
      running += 1;
      void begun.then(() => {
        running -= 1;
        fill();
      });
    }
  }

  return <T, R>(items: readonly T[], work: (item: T) => Promise<R>) =>
    new Promise<readonly R[]>((resolve, reject) => {
      const results: R[] = [];
      const left = items.entries();
      let open = items.length;
      if (open === 0) resolve(results);
      askers.push(() => {
        const next = left.next();
        if (next.done) return null;
        const [n, item] = next.value;
        return work(item).then((result) => {
          results[n] = result;
          open -= 1;
          if (open === 0) resolve(results);
        }, reject);
      });
      fill();
    });
}

/** The same for one who asks alone. */
export function inTurns<T, R>(
  atOnce: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  return createTurns(atOnce)(items, work);
}
