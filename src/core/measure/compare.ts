import type { Image } from './measure.ts';

/** Whether two images say the same, field by field, whatever the order of their fields. `but`: fields that may differ. */
export function isSame(one: Image, other: Image, but: readonly string[] = []): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)].filter((name) => !but.includes(name)));
  return [...names].every((name) => written(one[name]) === written(other[name]));
}

/** A field that is not there and one that holds null are the same: a service leaves out what it has not. */
function written(value: unknown): string {
  return JSON.stringify(sorted(value) ?? null);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, sorted(field)]));
}
