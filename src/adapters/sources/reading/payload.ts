/** Reading what a vendor sends: whatever is not there, or is something else, is null or empty, and nothing is ever thrown. */

/** JSON in UTF-8; null where it is none. Whole numbers beyond 2^53 stay as they were written, as text: they are ids. */
export function readJson(bytes: Uint8Array | string): { readonly value: unknown } | null {
  try {
    const text = typeof bytes === 'string' ? bytes : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { value: JSON.parse(text, keepBigNumbers) };
  } catch {
    return null;
  }
}

/** The third argument is in ES2026 and Node 24; TypeScript does not know it yet. */
function keepBigNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isRounded = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  const source = context?.source ?? '';
  return isRounded && /^-?\d+$/.test(source) ? source : value;
}

/** What stands under these names, one within the other; undefined where there is nothing. Nothing inherited is read. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    const property = Object.getOwnPropertyDescriptor(found, name);
    found = property && 'value' in property ? property.value : undefined;
  }
  return found ?? undefined;
}

/** Text without blanks around it; numbers as they are written. Null for everything else, and for an empty one. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | null {
  const found = at(value, ...path);
  const text = typeof found === 'number' ? String(found) : found;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null;
}

/** The first of these names that holds text. */
export function firstText(value: unknown, ...names: readonly string[]): string | null {
  for (const name of names) {
    const text = textAt(value, name);
    if (text !== null) return text;
  }
  return null;
}

/** A list; one value alone is a list of it, and nothing is an empty one. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}

/** Of a list, what is text. A text that holds several, apart by commas or semicolons, is several. */
export function textsAt(value: unknown, ...path: readonly (string | number)[]): readonly string[] {
  return listAt(value, ...path).flatMap((entry) =>
    typeof entry === 'string'
      ? splitOutsideQuotes(entry)
          .map((text) => text.trim())
          .filter((text) => text !== '')
      : [],
  );
}

/** A quoted display name may hold what else parts two addresses. */
function splitOutsideQuotes(text: string): readonly string[] {
  return text.match(/(?:"[^"]*"|[^",;])+/g) ?? [];
}

export interface Named {
  readonly address: string | null;
  readonly name: string | null;
}

/** `Name <name@host>`, `<name@host>` or `name@host`. */
export function namedAddress(text: string | null): Named {
  const found = /^(.*?)<([^<>]*)>\s*$/s.exec(text ?? '');
  if (!found) return { address: text, name: null };
  const name = (found[1] ?? '')
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .trim();
  return { address: (found[2] ?? '').trim(), name: name === '' ? null : name };
}

export function addressesOf(texts: readonly (string | null)[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => namedAddress(text).address ?? []))];
}

const EARLIEST_MS = Date.UTC(2_000, 0);
const LATEST_MS = Date.UTC(2_100, 0);

/** ISO time. Read are ISO times, those without an offset as UTC, and seconds or milliseconds since 1970; null for all else. */
export function timeAt(value: unknown, ...path: readonly (string | number)[]): string | null {
  const found = at(value, ...path);
  const ms = typeof found === 'number' ? msOf(found) : typeof found === 'string' ? msIn(found.trim()) : Number.NaN;
  return ms >= EARLIEST_MS && ms < LATEST_MS ? new Date(ms).toISOString() : null;
}

const msOf = (given: number) => (given < 100_000_000_000 ? given * 1_000 : given);

function msIn(text: string): number {
  if (/^\d{10}(?:\d{3})?$/.test(text)) return msOf(Number(text));
  const [, day, time, offset = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i.exec(text) ?? [];
  if (day === undefined) return Number.NaN;
  // More than milliseconds no parser is bound to read.
  const clock = (time ?? '00:00').replace(/(\.\d{3})\d+$/, '$1');
  return Date.parse(`${day}T${clock}${offset.toUpperCase() === 'UTC' ? 'Z' : offset}`);
}

/** A number, also one that is written as text. */
export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | null {
  const found = at(value, ...path);
  const number = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** 0 to 100, whole. */
export function percentOf(number: number | null): number | null {
  return number === null ? null : Math.round(Math.min(100, Math.max(0, number)));
}
