/** What PostgreSQL and the record refuse of a text, for a store that has neither. */

/** Every port of `tx`; no text that it is given may hold U+0000. What is stored as JSON may: there it is written with letters. */
export function refusing<T extends object>(tx: T): T {
  return Object.fromEntries(Object.entries(tx).map(([name, port]) => [name, guarded(port as object)])) as T;
}

function guarded(port: object): object {
  return new Proxy(port, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function') return value;
      return (...given: readonly unknown[]) => {
        if (given.some(isRefused)) throw new Error('invalid byte sequence for encoding "UTF8": 0x00');
        return Reflect.apply(value, target, given) as unknown;
      };
    },
  });
}

/** A text by itself, or in a field of its own. */
function isRefused(given: unknown): boolean {
  const texts = typeof given === 'object' && given !== null && !Array.isArray(given) ? Object.values(given) : [given];
  return texts.some((text) => typeof text === 'string' && text.includes('\u0000'));
}

/** Canonical JSON knows no half characters: what holds one cannot be sealed. */
export function refuseHalves(value: unknown): void {
  if (typeof value === 'string' && !value.isWellFormed()) throw new Error('a half character cannot be sealed');
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) refuseHalves(part);
}
