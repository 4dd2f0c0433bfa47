/**
 * A memory of answers that may be a little old but never older than `lifetimeMs`. Several who ask for the same thing at
 * once share one question; a failure is not remembered. At most `most` answers are kept, the oldest go first.
 */
export function keepFresh<T>(
  options: { readonly lifetimeMs: number; readonly now: () => number; readonly most: number },
  load: (key: string) => Promise<T>,
): (key: string) => Promise<T> {
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<T> }>();
  return (key) => {
    const known = kept.get(key);
    const at = options.now();
    // An answer from the future means that the clock was set back: nobody can say how old it is.
    if (known && at >= known.at && at - known.at < options.lifetimeMs) return known.answer;
    const answer = load(key);
    const entry = { at, answer };
    kept.delete(key);
    kept.set(key, entry);
    answer.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    const [oldest] = kept.keys();
    if (kept.size > options.most && oldest !== undefined) kept.delete(oldest);
    return answer;
  };
}
