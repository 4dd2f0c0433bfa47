/**
 * How many single changes lead from one name to the other: a letter added, left out, replaced, or two neighbours swapped, no place
 * changed twice (optimal string alignment). Three rows are kept, and a row that is past `most` everywhere ends it.
 */

/** A label of a domain has at most 63 characters: RFC 1035, 2.3.4. */
const LONGEST = 63;

/** At most `most + 1`, which stands for anything larger, and for names that no label can be. */
export function distance(a: string, b: string, most: number): number {
  const over = most + 1;
  if (a === b) return 0;
  if (a.length > LONGEST || b.length > LONGEST) return over;
  if (a.length - b.length > most || b.length - a.length > most) return over;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_none, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = rowOf({ a, b, i }, last, before);
    if (row.every((cost) => cost > most)) return over;
    before = last;
    last = row;
  }
  return least(last[b.length] ?? over, over);
}

function rowOf(
  { a, b, i }: { readonly a: string; readonly b: string; readonly i: number },
  last: readonly number[],
  before: readonly number[],
): number[] {
  const row = [i];
  for (let j = 1; j <= b.length; j += 1) {
    const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
    let cost = least(replaced, least((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = least(cost, (before[j - 2] ?? 0) + 1);
    row.push(cost);
  }
  return row;
}

export function least(a: number, b: number): number {
  if (b < a) return b;
  return a;
}
