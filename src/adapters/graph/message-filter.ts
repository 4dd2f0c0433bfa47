import { odata, seg } from '../microsoft/client.ts';

/** Of one question: many alternatives make a filter that Exchange calls inefficient, and long ones a URL that it refuses. */
const MOST_IDS_AT_ONCE = 5;
const LONGEST_FILTER = 2_000;

/** Every message with one of these Message-IDs, in as few questions as that takes. */
export function filtersFor(internetMessageIds: readonly string[]): readonly string[] {
  const filters: string[][] = [];
  for (const id of internetMessageIds) {
    const condition = `internetMessageId eq ${odata(id)}`;
    const last = filters.at(-1);
    const fits =
      last && last.length < MOST_IDS_AT_ONCE && seg([...last, condition].join(' or ')).length <= LONGEST_FILTER;
    if (fits) last.push(condition);
    else filters.push([condition]);
  }
  return filters.map((conditions) => conditions.join(' or '));
}
