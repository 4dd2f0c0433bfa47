import { type Json, text } from './loopback.ts';

const STAMPED = new Set(['ts', 'thread_ts', 'message_ts', 'latest_reply']);

/**
 * The emulator stamps messages with the machine's time; the world outside sees stamps of the sandbox's own clock, so
 * that `oldest` and the age of a card mean what they say when that clock is moved.
 */
export interface Stamps {
  /** A fresh `seconds.micros`, later than every earlier one. */
  mint(): string;
  /** Remembers which message of the emulator a shown stamp stands for. */
  bind(shown: string, held: string): void;
  toHeld(args: Json): Json;
  toShown<T>(value: T): T;
}

function replaced(value: unknown, names: Map<string, string>): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => replaced(one, names));
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      STAMPED.has(key) && typeof inner === 'string' ? (names.get(inner) ?? inner) : replaced(inner, names),
    ]),
  );
}

export function createStamps(clock: () => number): Stamps {
  const heldOf = new Map<string, string>();
  const shownOf = new Map<string, string>();
  let last = 0;
  return {
    mint() {
      last = Math.max(last + 1, Math.floor(clock() * 1000));
      const seconds = Math.floor(last / 1_000_000);
      return `${seconds}.${String(last % 1_000_000).padStart(6, '0')}`;
    },
    bind(shown, held) {
      last = Math.max(last, Math.round(Number(shown) * 1_000_000));
      heldOf.set(shown, held);
      shownOf.set(held, shown);
    },
    toHeld(args) {
      const own = Object.entries(args).filter(([key]) => STAMPED.has(key));
      return { ...args, ...Object.fromEntries(own.map(([key, ts]) => [key, heldOf.get(text(ts)) ?? ts])) };
    },
    toShown: <T>(value: T) => replaced(value, shownOf) as T,
  };
}
