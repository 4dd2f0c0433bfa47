import { z } from 'zod';
import { FILTERS } from './details-rows.ts';

/**
 * What a page of the mailbox list says, for one pair of eyes. As for cards: every string is final, and templates bind
 * nothing but strings, booleans and flat rows.
 */

const line = (max: number) => z.string().min(1).max(max);

export const DetailsView = z.strictObject({
  incident: line(40),
  digest: z.string().regex(/^([0-9a-f]{64})?$/),
  title: line(100),
  summary: line(600),
  /** How many rows there are of each kind: `Trouble 3  ·  Done 40`. */
  counts: line(300),
  filter: z.enum(FILTERS),
  filterTitle: line(60),
  filters: z.array(z.strictObject({ title: line(60), value: z.enum(FILTERS) })).max(10),
  /** What is looked for; empty where nothing is. Goes back into the field that it was typed into, and nowhere else. */
  search: z.string().max(100),
  hasSearch: z.boolean(),
  /** Why what was typed cannot be looked for; empty where it can. */
  problem: z.string().max(200),
  /** Said where there is no row. */
  nothing: line(100),
  rows: z
    .array(
      z.strictObject({
        mailbox: line(330),
        /** What is the case, and why. */
        outcome: line(300),
        folder: line(200),
        seen: line(120),
        /** Folder and read state are known. */
        isCopy: z.boolean(),
        isTrouble: z.boolean(),
      }),
    )
    .max(15),
  /** `Page 1 of 12`. */
  page: line(60),
  previous: z.string().regex(/^\d*$/),
  next: z.string().regex(/^\d*$/),
  hasPrevious: z.boolean(),
  hasNext: z.boolean(),
  /** Whether anybody may take the list along, or see what the mail says. */
  canExport: z.boolean(),
  canExcerpt: z.boolean(),
});
export type DetailsView = z.infer<typeof DetailsView>;
