/** Reading what others wrote, field by field: what cannot be used is left out and noted, and nothing is ever thrown. */

export interface Note {
  readonly field: string;
  /** In plain words, after the field's name and a colon. */
  readonly problem: string;
}

export type Notes = Note[];

/** Names and positions of what is told; more of them help nobody. */
const MOST_NAMED = 5;

export function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of its own that holds a value: nothing inherited, and no code of the object is run. */
export function own(object: object, name: string): unknown {
  const property = Object.getOwnPropertyDescriptor(object, name);
  return property && 'value' in property ? property.value : undefined;
}

export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Up to `max` UTF-16 units, and never half a character at the end. */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).replace(/[\ud800-\udbff]$/, '');
}

/** Notes the fields that nobody knows; their names are data too. */
export function noteUnknown(object: object, known: readonly string[], prefix: string, notes: Notes): void {
  const unknown = Object.keys(object).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const named = unknown.slice(0, MOST_NAMED).map((name) => cut(JSON.stringify(name), 40));
  const more = unknown.length > named.length ? ` and ${unknown.length - named.length} more` : '';
  notes.push({ field: prefix, problem: `unknown fields were left out: ${named.join(', ')}${more}` });
}

export function readText(value: unknown, field: string, max: number, notes: Notes): string | null {
  if (!isGiven(value)) return null;
  if (typeof value !== 'string') {
    notes.push({ field, problem: 'is no text and was left out' });
    return null;
  }
  if (value.length > max) notes.push({ field, problem: `is longer than ${max} characters and was cut` });
  return cut(value, max);
}

export interface ListRules<T> {
  readonly field: string;
  /** What the entries are called, such as `mail addresses`. */
  readonly what: string;
  readonly most: number;
  /** Null: cannot be used. */
  readonly read: (value: unknown) => { readonly value: T; readonly wasCut?: boolean } | null;
  /** Entries with the same key are one. */
  readonly key?: (value: T) => string;
}

/** Entry by entry: a bad one costs itself alone. `leftOut` counts the good ones beyond the limit. */
export function readList<T>(given: unknown, rules: ListRules<T>, notes: Notes): { values: T[]; leftOut: number } {
  const { field, what, most } = rules;
  if (isGiven(given) && !Array.isArray(given)) notes.push({ field, problem: 'is no list and was left out' });
  const list: readonly unknown[] = Array.isArray(given) ? given : [];
  const { values, bad, shortened, leftOut } = sorted(list, rules);
  if (bad.length > 0) {
    const places = `${bad.slice(0, MOST_NAMED).join(', ')}${bad.length > MOST_NAMED ? ', …' : ''}`;
    notes.push({
      field,
      problem: `${bad.length} of ${list.length} are no ${what} and were left out (counted from 0: ${places})`,
    });
  }
  if (shortened > 0) notes.push({ field, problem: `${shortened} of ${list.length} are too long and were cut` });
  if (leftOut > 0) notes.push({ field, problem: `more than ${most} ${what}: ${leftOut} were left out` });
  return { values, leftOut };
}

function sorted<T>(list: readonly unknown[], { most, read, key }: ListRules<T>) {
  const entries = Array.from({ length: list.length }, (_none, at) => ({ at, entry: read(own(list, String(at))) }));
  const bad = entries.filter(({ entry }) => entry === null).map(({ at }) => at);
  const different = new Map<string, { readonly value: T; readonly wasCut?: boolean }>();
  for (const { at, entry } of entries) {
    if (entry === null) continue;
    const name = key?.(entry.value) ?? String(at);
    if (!different.has(name)) different.set(name, entry);
  }
  const kept = [...different.values()].slice(0, most);
  return {
    values: kept.map(({ value }) => value),
    bad,
    shortened: kept.filter(({ wasCut }) => wasCut).length,
    leftOut: different.size - kept.length,
  };
}
