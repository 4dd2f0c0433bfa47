/** A table in memory whose changes can be taken back: every write leaves behind how to undo it. */

export interface Journal {
  note(undo: () => void): void;
}

export interface Table<T> {
  get(key: string): T | undefined;
  set(key: string, row: T): void;
  delete(key: string): boolean;
  rows(): IterableIterator<T>;
}

export function createTable<T>(journal: Journal): Table<T> {
  const rows = new Map<string, T>();
  return {
    get: (key) => rows.get(key),
    set(key, row) {
      const before = rows.get(key);
      journal.note(() => (before === undefined ? rows.delete(key) : rows.set(key, before)));
      rows.set(key, row);
    },
    delete(key) {
      const before = rows.get(key);
      if (before === undefined) return false;
      journal.note(() => rows.set(key, before));
      return rows.delete(key);
    },
    rows: () => rows.values(),
  };
}

export const keyOf = (...parts: readonly (string | number)[]): string => parts.join('\u0000');
