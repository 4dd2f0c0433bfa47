import { readJson, textAt } from './payload.ts';

/** Cursors are JSON of their vendor's own. One that cannot be read, or is of another version, is as if it were never asked. */

export function readCursor(cursor: string | null): unknown {
  const read = cursor === null ? null : readJson(cursor);
  return textAt(read?.value, 'v') === '1' ? read?.value : undefined;
}

export function writeCursor(cursor: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ v: 1, ...cursor });
}

/** ISO time that is so much later, milliseconds; earlier where it is negative. */
export function later(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString();
}
