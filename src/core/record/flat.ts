import type { DetailOf, EntryType } from './payloads.ts';

/** The detail of entries from before there were versions: flat, lists joined in one text. */

export type Flat = Readonly<Record<string, string | number | boolean | null>>;
export type Lift<T extends EntryType> = (detail: Flat, outcome: string | null) => DetailOf<T>;

export const text = (detail: Flat, key: string) => orNull(detail, key) ?? '';
export const flag = (detail: Flat, key: string) => detail[key] === true;
export const number = (detail: Flat, key: string) => numberOrNull(detail, key) ?? 0;
export const list = (detail: Flat, key: string, by = ' ') => text(detail, key).split(by).filter(Boolean);

export function orNull(detail: Flat, key: string): string | null {
  const value = detail[key];
  return value === undefined || value === null ? null : String(value);
}

export function numberOrNull(detail: Flat, key: string): number | null {
  const value = detail[key];
  return typeof value === 'number' ? value : null;
}

export function seatsIn(detail: Flat, key = 'seats') {
  return list(detail, key, ' and ').map((words) => {
    const [, count, role] = /^(\d+) \u00d7 (\S+)$/.exec(words) ?? [];
    return role === undefined ? { role: words, count: 0 } : { role, count: Number(count) };
  });
}

export const placeIn = (detail: Flat) => ({
  channel: text(detail, 'channel'),
  message: text(detail, 'message'),
  via: text(detail, 'via'),
});
