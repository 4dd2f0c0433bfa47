/** How to take back what the transaction under way has changed, oldest first. */
export type Journal = (() => void)[];

export interface Table<Row> {
  get(key: string): Row | undefined;
  /** Puts a row in, or another one in its place. Rows are never changed, only replaced. */
  set(key: string, row: Row): void;
  /** False when there is one already. */
  add(key: string, row: Row): boolean;
  /** False when there is none. */
  remove(key: string): boolean;
  /** As they came; one that took another's place stays in that place. */
  rows(): readonly Row[];
  keys(): string[];
}

/** A table whose changes can be taken back one by one: nothing is ever copied for a transaction that commits. */
export function createTable<Row>(journal: Journal): Table<Row> {
  const rows = new Map<string, Row>();
  function set(key: string, row: Row): void {
    const before = rows.get(key);
    rows.set(key, row);
    journal.push(() => (before === undefined ? rows.delete(key) : rows.set(key, before)));
  }
  return {
    get: (key) => rows.get(key),
    set,
    add(key, row) {
      if (rows.has(key)) return false;
      set(key, row);
      return true;
    },
    remove(key) {
      const before = rows.get(key);
      if (before === undefined) return false;
      rows.delete(key);
      journal.push(() => rows.set(key, before));
      return true;
    },
    rows: () => [...rows.values()],
    keys: () => [...rows.keys()],
  };
}

/** No part can hold U+0000: the real database refuses it. */
export const keyOf = (...parts: readonly (string | number)[]) => parts.join('\u0000');

/** In ascending order of what `of` answers for a row. */
export const by =
  <Row>(of: (row: Row) => string | number) =>
  (a: Row, b: Row) => {
    const [x, y] = [of(a), of(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  };
