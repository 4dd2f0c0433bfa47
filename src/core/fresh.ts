/** A memory of answers, each asked for by a key. */
export interface Fresh<T> {
  (key: string): Promise<T>;
  /** The same memory, for whoever must not be told anything that was asked for before now. */
  anew(): Fresh<T>;
}

/**
 * A memory of answers that may be a little old but never older than `lifetimeMs`. Several who ask for the same thing at
 * once share one question; a failure is not remembered. At most `most` answers are kept, the oldest go first.
 */
export function keepFresh<T>(
  options: { readonly lifetimeMs: number; readonly now: () => number; readonly most: number },
  load: (key: string) => Promise<T>,
): Fresh<T> {
  const kept = new Map<string, { readonly at: number; readonly turn: number; readonly answer: Promise<T> }>();
  /** Questions so far: two moments of one millisecond are not told apart by the clock. */
  let asked = 0;

  function answerTo(key: string, before: number): Promise<T> {
    const known = kept.get(key);
    const at = options.now();
    // An answer from the future means that the clock was set back: nobody can say how old it is.
    if (known && known.turn > before && at >= known.at && at - known.at < options.lifetimeMs) return known.answer;
    asked += 1;
    const answer = load(key);
    const entry = { at, turn: asked, answer };
    kept.delete(key);
    kept.set(key, entry);
    answer.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    const [oldest = key] = kept.keys();
    if (kept.size > options.most) kept.delete(oldest);
    return answer;
  }

  function since(before: number): Fresh<T> {
    return Object.assign((key: string) => answerTo(key, before), { anew: () => since(asked) });
  }
  return since(0);
}
