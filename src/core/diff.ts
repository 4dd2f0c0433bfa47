/** What changed between two plain values, one line a place: for the record and for people. */

const MOST_LINES = 40;

/** `rules.0.approve.0.count: 1 -> 2`; empty when nothing changed. Lists of texts are compared as sets. */
export function differences(before: unknown, after: unknown): readonly string[] {
  const lines = compare('', before, after);
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `and ${more} more`] : lines;
}

function compare(path: string, before: unknown, after: unknown): string[] {
  if (isTexts(before) && isTexts(after)) return compareTexts(path, before, after);
  if (!isTree(before) || !isTree(after)) {
    const [old, now] = [JSON.stringify(before), JSON.stringify(after)];
    return old === now ? [] : [`${path || 'everything'}: ${shown(old)} -> ${shown(now)}`];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => compare(path ? `${path}.${key}` : key, before[key], after[key]));
}

function compareTexts(path: string, before: readonly string[], after: readonly string[]): string[] {
  const added = after.filter((text) => !before.includes(text)).map((text) => `+${text}`);
  const removed = before.filter((text) => !after.includes(text)).map((text) => `-${text}`);
  return added.length + removed.length > 0 ? [`${path}: ${shown([...added, ...removed].join(' '))}`] : [];
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(text: string | undefined): string {
  if (text === undefined) return 'nothing';
  return text.length > 120 ? `${text.slice(0, 119)}\u2026` : text;
}
